import type { Layout } from "./figure.js";

/**
 * Series colours, in order: Okabe and Ito's set that colour-blind readers can tell apart ("Color universal design",
 * 2008) without its yellow and black, which vanish on white or read as text; grey and Tol's wine fill their places.
 */
export const PALETTE: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#5F6B76",
  "#882255",
];

export const TEXT_COLOUR = "#1F2933";
export const MUTED_COLOUR = "#5F6B76";
const GRID_COLOUR = "#E4E7EB";
const LINE_COLOUR = "#9AA5B1";

/** A Plotly colour scale: stops from 0 to 1. */
export type ColourScale = readonly (readonly [number, string])[];

/** Light to dark blue: amounts from nothing upwards, with dark text legible on the low half. */
export const SEQUENTIAL: ColourScale = [
  [0, "#F7FBFF"],
  [0.25, "#C6DBEF"],
  [0.5, "#6BAED6"],
  [0.75, "#2171B5"],
  [1, "#08306B"],
];

/** Vermilion through white to blue: signed values around zero; also told apart by colour-blind readers. */
export const DIVERGING: ColourScale = [
  [0, "#B34700"],
  [0.25, "#F0A35E"],
  [0.5, "#FFFFFF"],
  [0.75, "#6BAED6"],
  [1, "#005A8F"],
];

/** White paper to black ink, as digits are printed. */
export const INK: ColourScale = [
  [0, "#FFFFFF"],
  [1, "#000000"],
];

/** The default size of a figure, in CSS pixels: fits a JupyterLab cell on a laptop. */
const DEFAULT_SIZE = { width: 760, height: 440 } as const;

/**
 * The colour of series `index` (from 0) as `#RRGGBB`; after the eighth the palette starts again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PALETTE, seriesColour } from "@nn30/shared";
 *
 * assert.equal(seriesColour(9), PALETTE[1]);
 * ```
 */
export function seriesColour(index: number): string {
  return PALETTE[index % PALETTE.length];
}

/** `#RRGGBB` with an opacity from 0 to 1, for bands and fills. */
export function translucent(colour: string, opacity: number): string {
  const channels = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return channels.some(Number.isNaN) ? colour : `rgba(${channels.join(",")},${opacity})`;
}

/**
 * What all figures share. The paper is white and opaque, the text dark: a saved picture lands on light and on dark
 * pages alike (JupyterLab themes, GitHub, a blog), and a transparent one would put dark text on a dark page.
 */
export function baseLayout(): Layout {
  return {
    ...DEFAULT_SIZE,
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    colorway: [...PALETTE],
    // DejaVu Sans is what the saved pictures are drawn with; Verdana has nearly its widths where it is missing.
    font: { family: "DejaVu Sans, Verdana, sans-serif", size: 13, color: TEXT_COLOUR },
    margin: { l: 64, r: 24, t: 24, b: 56 },
    hoverlabel: { font: { family: "DejaVu Sans, Verdana, sans-serif" } },
  };
}

/** What every axis shares: a light grid, an axis line, a title, room for long labels. */
export function baseAxis(title: string): Record<string, unknown> {
  return {
    title: { text: title, standoff: 10 },
    automargin: true,
    gridcolor: GRID_COLOUR,
    linecolor: LINE_COLOUR,
    showline: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: LINE_COLOUR,
    zeroline: false,
  };
}

/** A colour bar as thin as its labels allow, with its title along it. */
export function colourBar(title: string): Record<string, unknown> {
  return { title: { text: title, side: "right" }, thickness: 14, outlinewidth: 0, ticks: "outside", ticklen: 4 };
}
