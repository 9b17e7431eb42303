import { type FigureOptions, axis, frame } from "./axes.js";
import { requireLength, requireMatrix, requireTitle } from "./checks.js";
import { Figure, type Numbers } from "./figure.js";
import { extent, roundedList, shown } from "./numbers.js";
import { DIVERGING, INK, SEQUENTIAL, colourBar } from "./theme.js";

/** Options of {@link heatmap}. */
export interface HeatmapOptions extends FigureOptions {
  /** What the columns are. */
  xTitle: string;
  /** What the rows are. */
  yTitle: string;
  /** Quantity and unit of the cells, written along the colour bar. */
  valueTitle: string;
  /** Names of the columns, or their positions on a numeric axis; default 0, 1, 2, … */
  x?: readonly string[] | Numbers;
  /** Names of the rows, or their positions; default 0, 1, 2, … */
  y?: readonly string[] | Numbers;
  /** "diverging" is centred on zero; default: "diverging" when cells of both signs occur, else "sequential". */
  scale?: "sequential" | "diverging" | "ink";
  /** Values at the ends of the colour scale; default: lowest and highest cell. */
  range?: readonly [number, number];
  /** The first row lies on top, as matrices are printed; default true. */
  firstRowOnTop?: boolean;
  /** The value, in two significant digits, written into each cell; default: when there are at most 150 cells. */
  showValues?: boolean;
}

/**
 * A matrix as coloured cells with a colour bar.
 *
 * @param rows the matrix, `[rows, columns]`.
 * @throws RangeError when rows differ in length or a cell is not finite; TypeError when a title is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { heatmap } from "@nn30/shared";
 *
 * const figure = heatmap([[0.2, -0.5], [1, 0]], { xTitle: "input", yTitle: "neuron", valueTitle: "weight" });
 * assert.equal(figure.data[0].zmin, -1);
 * ```
 */
export function heatmap(rows: readonly Numbers[], options: HeatmapOptions): Figure {
  const where = "heatmap";
  const size = requireMatrix(where, "rows", rows);
  requireTitle(where, "xTitle", options.xTitle);
  requireTitle(where, "yTitle", options.yTitle);
  requireTitle(where, "valueTitle", options.valueTitle);
  if (options.x) requireLength(where, "x (one a column)", options.x, size.columns);
  if (options.y) requireLength(where, "y (one a row)", options.y, size.rows);
  const ends = rows.map((row) => extent(row));
  const low = Math.min(...ends.map((end) => end.low));
  const high = Math.max(...ends.map((end) => end.high));
  const scale = options.scale ?? (low < 0 && high > 0 ? "diverging" : "sequential");
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const [zmin, zmax] =
    options.range ?? (scale === "diverging" ? [-reach, reach] : [low, low === high ? low + 1 : high]);
  const colours = { sequential: SEQUENTIAL, diverging: DIVERGING, ink: INK }[scale];
  const values = options.showValues ?? size.rows * size.columns <= 150;
  const x = labels(options.x);
  const y = labels(options.y);
  return new Figure({
    data: [
      {
        type: "heatmap",
        z: rows.map(roundedList),
        ...(x && { x }),
        ...(y && { y }),
        zmin,
        zmax,
        colorscale: colours,
        colorbar: colourBar(options.valueTitle),
        ...(values && { text: rows.map((row) => Array.from(row, brief)), ...CELL_TEXT }),
        hovertemplate: `${options.yTitle}: %{y}<br>${options.xTitle}: %{x}<br>${options.valueTitle}: %{z}<extra></extra>`,
      },
    ],
    layout: {
      ...frame(options, false),
      xaxis: cellAxis(options.xTitle, options.x),
      yaxis: {
        ...cellAxis(options.yTitle, options.y),
        ...((options.firstRowOnTop ?? true) && { autorange: "reversed" }),
      },
    },
    alt: options.alt ?? inWords(rows, low, high, options),
  });
}

/** Plotly chooses dark or light text by the cell, and a size that fits it. */
export const CELL_TEXT = { texttemplate: "%{text}" } as const;

/** Two significant digits, as a cell has room for; whole numbers in full. */
function brief(value: number): string {
  return shown(Number.isInteger(value) ? value : Number(value.toPrecision(2)));
}

function labels(given: readonly string[] | Numbers | undefined): readonly (string | number | null)[] | undefined {
  if (given === undefined) return undefined;
  return typeof given[0] === "string" ? (given as readonly string[]) : roundedList(given as Numbers);
}

function cellAxis(title: string, given: readonly string[] | Numbers | undefined): Record<string, unknown> {
  const named = given !== undefined && typeof given[0] === "string";
  return { ...axis(title), showgrid: false, showline: false, ...(named && { type: "category" }) };
}

function inWords(rows: readonly Numbers[], low: number, high: number, options: HeatmapOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  const at = (value: number): string => {
    const row = rows.findIndex((one) => Array.from(one).includes(value));
    const column = Array.from(rows[row]).indexOf(value);
    return `${shown(value)} (${options.yTitle} ${options.y ? options.y[row] : row}, ${options.xTitle} ${options.x ? options.x[column] : column})`;
  };
  return `${heading}Heat map of ${options.valueTitle}: ${rows.length} rows (${options.yTitle}) by ${rows[0].length} columns (${options.xTitle}). Lowest ${at(low)}, highest ${at(high)}.`;
}
