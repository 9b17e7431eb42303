import { inspect } from "node:util";
import { DisplayedValue, type MimeBundle, jupyterDisplay } from "../display/display.js";
import { withLegendRoom } from "./legend.js";
import { baseLayout } from "./theme.js";

/** A list of numbers as charts take it: a plain array or any typed array. */
export type Numbers = ArrayLike<number>;

/** One Plotly trace: its kind and any attribute of that kind ({@link https://plotly.com/javascript/reference/}). */
export interface Trace {
  type: string;
  name?: string;
  [attribute: string]: unknown;
}

/** A Plotly layout: any of its attributes; `meta.alt` holds the alternative text. */
export interface Layout {
  width?: number;
  height?: number;
  [attribute: string]: unknown;
}

/** One step of an animated figure: the new attributes of some traces. */
export interface Frame {
  name: string;
  data: Partial<Trace>[];
  /** Indices of the traces that `data` changes. */
  traces: number[];
}

/** The MIME type under which JupyterLab and VS Code look for an interactive Plotly chart. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** Parts of a {@link Figure}. */
export interface FigureParts {
  data: readonly Trace[];
  layout?: Layout;
  /** What the chart shows, in words and with its main numbers: read aloud, and printed where no chart can be drawn. */
  alt: string;
  frames?: readonly Frame[];
}

/**
 * A chart as data: Plotly traces, a layout and an alternative text. As the last value of a cell it is shown as an
 * interactive chart; `show(figure)` shows it in the middle of a cell. A kernel without charts prints the alternative text.
 *
 * The builders of this package (`lines`, `bars`, …) return figures; make one yourself for a chart that they lack.
 * Colours, fonts and size come from the package's theme unless `layout` says otherwise.
 *
 * @throws TypeError when there is no trace, a trace has no type, or the alternative text is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Figure } from "@nn30/shared";
 *
 * const shares = new Figure({
 *   data: [{ type: "pie", labels: ["train", "test"], values: [60_000, 10_000] }],
 *   layout: { title: { text: "MNIST images" } },
 *   alt: "Pie chart of the MNIST images: 60,000 for training, 10,000 for testing.",
 * });
 * assert.equal(shares.layout.width, 760);
 * ```
 */
export class Figure extends DisplayedValue {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly alt: string;
  readonly frames: readonly Frame[] | undefined;

  constructor(parts: FigureParts) {
    super();
    if (parts.data.length === 0) throw new TypeError("Figure: expected at least one trace in data but got none");
    for (const [index, trace] of parts.data.entries()) {
      if (typeof trace.type !== "string" || trace.type === "") {
        throw new TypeError(
          `Figure: expected data[${index}].type to name a kind of trace, such as "scatter", but got ${inspect(trace.type)}`,
        );
      }
    }
    if (typeof parts.alt !== "string" || parts.alt.trim() === "") {
      throw new TypeError(
        "Figure: expected alt to say in words what the chart shows, with its main numbers, but got nothing",
      );
    }
    this.data = parts.data;
    this.alt = parts.alt.trim();
    const layout = withLegendRoom({ ...baseLayout(), ...parts.layout }, this.data);
    this.layout = { ...layout, meta: { ...(layout.meta as object | undefined), alt: this.alt } };
    this.frames = parts.frames;
  }

  /** The MIME bundle: the interactive chart and, for everything that cannot draw it, the alternative text. */
  override [jupyterDisplay](): MimeBundle {
    const chart = { data: this.data, layout: this.layout, config: { responsive: true, displaylogo: false } };
    return {
      [PLOTLY_MIME]: this.frames === undefined ? chart : { ...chart, frames: this.frames },
      "text/plain": this.alt,
    };
  }
}
