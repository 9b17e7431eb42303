import { inspect } from "node:util";

/** A figure as it lies in a notebook: the content of `application/vnd.plotly.v1+json`. */
export interface FigureJson {
  data: readonly Record<string, unknown>[];
  layout?: Record<string, unknown>;
  config?: Record<string, unknown>;
  frames?: readonly unknown[];
}

/** A figure that cannot be drawn, with the figure named in the message. */
export class ChartError extends Error {
  override name = "ChartError";
}

/**
 * The kinds of trace whose pictures have been compared with a browser's. The others need WebGL, a map server or a
 * layout engine that is not there: better an error than a blank picture in a saved notebook.
 */
const SUPPORTED_TRACES: readonly string[] = [
  "scatter",
  "bar",
  "histogram",
  "box",
  "violin",
  "heatmap",
  "histogram2d",
  "contour",
  "pie",
];

/** Far beyond any page; more would be asked of memory than a figure is worth. */
const LARGEST_SIDE = 4000;

/** A figure's width and height in CSS pixels; where it states none, Plotly's own default. */
export function sizeOf(figure: FigureJson): { width: number; height: number } {
  const { width, height } = figure.layout ?? {};
  return { width: typeof width === "number" ? width : 700, height: typeof height === "number" ? height : 450 };
}

/** What an error calls a figure: its title, or the start of its alternative text. */
export function figureName(figure: FigureJson): string {
  const title = figure.layout?.title;
  const text = typeof title === "string" ? title : (title as { text?: unknown } | undefined)?.text;
  if (typeof text === "string" && text.trim() !== "") return `"${text.trim()}"`;
  const alt = (figure.layout?.meta as { alt?: unknown } | undefined)?.alt;
  if (typeof alt === "string" && alt.trim() !== "") return `"${alt.trim().slice(0, 80)}"`;
  return "without title and alternative text";
}

/**
 * Checks that a value is a figure that can be drawn as it would look in a browser.
 *
 * @throws ChartError that names the figure and what stands in the way: an unsupported kind of trace, or a formula.
 */
export function checkFigure(value: unknown): asserts value is FigureJson {
  const figure = value as Partial<FigureJson> | null | undefined;
  if (!figure || !Array.isArray(figure.data)) {
    throw new ChartError(
      `chart: expected a figure with a list of traces in "data" but got ${inspect(value, { depth: 0 })}`,
    );
  }
  const named = figure as FigureJson;
  for (const trace of named.data) {
    // Plotly's own default.
    const type = trace.type ?? "scatter";
    if (!SUPPORTED_TRACES.includes(type as string)) {
      throw new ChartError(
        `figure ${figureName(named)}: a trace of type ${inspect(type)} cannot be drawn without a browser; ` +
          `use one of ${SUPPORTED_TRACES.join(", ")} (a contour or heatmap shows a surface)`,
      );
    }
  }
  const { width, height } = sizeOf(named);
  if (!(width > 0 && width <= LARGEST_SIDE && height > 0 && height <= LARGEST_SIDE)) {
    throw new ChartError(
      `figure ${figureName(named)}: expected a size of at most ${LARGEST_SIDE} × ${LARGEST_SIDE} pixels but got ${width} × ${height}`,
    );
  }
  const formula = findFormula(named.layout) ?? findFormula(named.data.map(({ name, text }) => ({ name, text })));
  if (formula !== undefined) {
    throw new ChartError(
      `figure ${figureName(named)}: the formula ${inspect(formula)} cannot be drawn; ` +
        `write it with Unicode and HTML, such as "η" or "w<sub>1</sub>"`,
    );
  }
}

/** The first text between dollar signs, which Plotly would hand to MathJax. */
function findFormula(value: unknown): string | undefined {
  if (typeof value === "string") return /\$[^$]+\$/.exec(value)?.[0];
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, part] of Object.entries(value)) {
    // The alternative text and formats are not drawn ("$,.2f" writes prices).
    if (key === "meta" || key.endsWith("format")) continue;
    const found = findFormula(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
