import { type FigureOptions, axis, frame } from "./axes.js";
import { requireLength, requireMatrix, requireNumbers, requireTitle } from "./checks.js";
import { Figure, type Numbers, type Trace } from "./figure.js";
import { encodedMatrix, evenlySpaced, roundedList, shown } from "./numbers.js";
import { PALETTE, SEQUENTIAL, TEXT_COLOUR, colourBar } from "./theme.js";

/** Heights over a plane: a function sampled on a grid, or a grid that is already there. */
export type Surface =
  | {
      /** Height at (x, y). */
      height: (x: number, y: number) => number;
      xRange: readonly [number, number];
      yRange: readonly [number, number];
      /** Samples along each side; default 61. */
      resolution?: number;
    }
  | {
      x: Numbers;
      y: Numbers;
      /** `[y.length, x.length]`. */
      z: readonly Numbers[];
    };

/** A way over the surface, such as gradient descent's. */
export interface SurfacePath {
  name: string;
  x: Numbers;
  y: Numbers;
}

/** Options of {@link contour}. */
export interface ContourOptions extends FigureOptions {
  xTitle: string;
  yTitle: string;
  /** Quantity and unit of the height, written along the colour bar. */
  valueTitle: string;
  /** Paths drawn over the surface, each from a circle (start) to a star (end); default none. */
  path?: SurfacePath | readonly SurfacePath[];
  /** Levels by powers of ten of the height, for surfaces with steep walls; heights must be > 0; default false. */
  logLevels?: boolean;
  /** How many levels, at most: their heights are round numbers; default 16. */
  levels?: number;
  /**
   * One unit is as long along x as along y, so that right angles look right; default false. Without `height`, the figure
   * is as high as the surface needs.
   */
  equalAspect?: boolean;
}

/**
 * A filled contour plot of a surface over a plane, with paths on it.
 *
 * @throws RangeError when the grid's shape and axes disagree or a height is not finite.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { contour } from "@nn30/shared";
 *
 * const figure = contour(
 *   { height: (x, y) => x * x + 4 * y * y, xRange: [-2, 2], yRange: [-2, 2] },
 *   { xTitle: "weight w₁", yTitle: "weight w₂", valueTitle: "cost", path: { name: "η = 0.1", x: [2, 1, 0], y: [1, 0.2, 0] } },
 * );
 * assert.match(figure.alt, /lowest 0 at weight w₁ 0, weight w₂ 0/);
 * ```
 */
export function contour(surface: Surface, options: ContourOptions): Figure {
  const where = "contour";
  requireTitle(where, "xTitle", options.xTitle);
  requireTitle(where, "yTitle", options.yTitle);
  requireTitle(where, "valueTitle", options.valueTitle);
  const { x, y, z } = sampled(where, surface);
  const paths =
    options.path === undefined
      ? []
      : Array.isArray(options.path)
        ? (options.path as readonly SurfacePath[])
        : [options.path as SurfacePath];
  const levelCount = options.levels ?? 16;
  if (!Number.isInteger(levelCount) || levelCount < 2) {
    throw new RangeError(`${where}: expected levels to be a whole number ≥ 2 but got ${levelCount}`);
  }
  const lowest = lowestPoint(z);
  if (options.logLevels && lowest.value <= 0) {
    throw new RangeError(`${where}: expected heights > 0 with logLevels but got ${lowest.value}`);
  }
  const levels = options.logLevels ? z.map((row) => Array.from(row, Math.log10)) : z;
  const bar = colourBar(options.valueTitle);
  const constrained = options.equalAspect ? { constrain: "domain" } : {};
  return new Figure({
    data: [
      {
        type: "contour",
        x: roundedList(x),
        y: roundedList(y),
        z: encodedMatrix(levels),
        ncontours: levelCount,
        colorscale: SEQUENTIAL,
        line: { width: 0.5, color: "#FFFFFF" },
        colorbar: options.logLevels ? { ...bar, tickprefix: "10<sup>", ticksuffix: "</sup>" } : bar,
        hovertemplate: `${options.xTitle}: %{x}<br>${options.yTitle}: %{y}<br>${options.valueTitle}: ${options.logLevels ? "10<sup>%{z:.4~g}</sup>" : "%{z:.4~g}"}<extra></extra>`,
      },
      ...paths.map((path, index) => pathTrace(where, path, index)),
    ],
    layout: {
      ...frame({ ...options, height: options.height ?? equalHeight(x, y, options) }, paths.length > 0),
      xaxis: { ...axis(options.xTitle), range: [x[0], x[x.length - 1]], showgrid: false, ...constrained },
      yaxis: {
        ...axis(options.yTitle),
        range: [y[0], y[y.length - 1]],
        showgrid: false,
        ...constrained,
        ...(options.equalAspect && { scaleanchor: "x", scaleratio: 1 }),
      },
      hovermode: "closest",
    },
    alt: options.alt ?? inWords({ x, y, z }, lowest, paths, options),
  });
}

/** Margins of a plot with a legend, and the room of its colour bar, in CSS pixels. */
const AROUND = { across: 170, along: 120 } as const;

/** The height at which equal units fill the width, within limits; undefined where units need not be equal. */
function equalHeight(x: Numbers, y: Numbers, options: ContourOptions): number | undefined {
  if (!options.equalAspect) return undefined;
  const ratio = Math.abs((y[y.length - 1] - y[0]) / (x[x.length - 1] - x[0]));
  return Math.round(Math.min(620, Math.max(240, AROUND.along + ((options.width ?? 760) - AROUND.across) * ratio)));
}

/** The surface on a grid; validated. */
export function sampled(where: string, surface: Surface): { x: Numbers; y: Numbers; z: readonly Numbers[] } {
  if (!("height" in surface)) {
    const { rows, columns } = requireMatrix(where, "z", surface.z);
    requireLength(where, "x (one a column of z)", surface.x, columns);
    requireLength(where, "y (one a row of z)", surface.y, rows);
    return surface;
  }
  const resolution = surface.resolution ?? 61;
  if (!Number.isInteger(resolution) || resolution < 2) {
    throw new RangeError(`${where}: expected resolution to be a whole number ≥ 2 but got ${resolution}`);
  }
  const x = evenlySpaced(surface.xRange[0], surface.xRange[1], resolution);
  const y = evenlySpaced(surface.yRange[0], surface.yRange[1], resolution);
  const z = y.map((second) => x.map((first) => surface.height(first, second)));
  requireMatrix(where, "height on the grid", z);
  return { x, y, z };
}

function pathTrace(where: string, path: SurfacePath, index: number): Trace {
  const place = `${where}: path "${path.name}"`;
  requireNumbers(place, "x", path.x);
  requireNumbers(place, "y", path.y);
  requireLength(place, "y", path.y, path.x.length);
  const last = path.x.length - 1;
  const colour = PALETTE[(index + 1) % PALETTE.length];
  return {
    type: "scatter",
    mode: "lines+markers",
    name: path.name,
    x: roundedList(path.x),
    y: roundedList(path.y),
    line: { color: colour, width: 2 },
    marker: {
      color: colour,
      opacity: 1,
      line: { color: TEXT_COLOUR, width: 1 },
      size: Array.from(path.x, (_, i) => (i === 0 ? 10 : i === last ? 14 : last > 60 ? 3 : 6)),
      symbol: Array.from(path.x, (_, i) => (i === last ? "star" : "circle")),
    },
  };
}

function lowestPoint(z: readonly Numbers[]): { value: number; row: number; column: number } {
  let best = { value: Infinity, row: 0, column: 0 };
  for (const [row, values] of z.entries()) {
    for (let column = 0; column < values.length; column++) {
      if (values[column] < best.value) best = { value: values[column], row, column };
    }
  }
  return best;
}

function inWords(
  grid: { x: Numbers; y: Numbers; z: readonly Numbers[] },
  lowest: { value: number; row: number; column: number },
  paths: readonly SurfacePath[],
  options: ContourOptions,
): string {
  const heading = options.title ? `${options.title}. ` : "";
  const point = (x: number, y: number): string => `${options.xTitle} ${shown(x)}, ${options.yTitle} ${shown(y)}`;
  const highest = Math.max(...grid.z.map((row) => Math.max(...Array.from(row))));
  const ways = paths.map((path) => {
    const last = path.x.length - 1;
    return ` Path ${path.name}: ${last} steps from ${point(path.x[0], path.y[0])} to ${point(path.x[last], path.y[last])}.`;
  });
  return `${heading}Contour plot of ${options.valueTitle}: lowest ${shown(lowest.value)} at ${point(grid.x[lowest.column], grid.y[lowest.row])}; highest ${shown(highest)}.${ways.join("")}`;
}
