import { LEGEND_ABOVE } from "./legend.js";
import { MUTED_COLOUR, baseAxis } from "./theme.js";
import { type Layout } from "./figure.js";
import { shown } from "./numbers.js";

/** What every builder takes. */
export interface FigureOptions {
  /** Heading of the figure; default none (a notebook's prose often says it). */
  title?: string;
  /** Alternative text; default: built from the data. */
  alt?: string;
  /** Width in CSS pixels; default 760. */
  width?: number;
  /** Height in CSS pixels; default depends on the kind of figure, mostly 440. */
  height?: number;
}

/** Options of a chart with two numeric axes. */
export interface AxesOptions extends FigureOptions {
  /** Quantity and unit along x, e.g. `"epoch"`. */
  xTitle: string;
  /** Quantity and unit along y, e.g. `"cost (nats)"`. */
  yTitle: string;
  /** Logarithmic x axis; default false. */
  logX?: boolean;
  /** Logarithmic y axis; default false. */
  logY?: boolean;
  /** Lower and upper end of x, in data units; default: fits the data. */
  xRange?: readonly [number, number];
  /** Lower and upper end of y, in data units; default: fits the data. */
  yRange?: readonly [number, number];
  /** The y values are fractions, shown as percentages; default false. */
  percent?: boolean;
}

/** A horizontal line at a value to compare with, such as a baseline or a published score. */
export interface Reference {
  value: number;
  label: string;
}

/** What an axis needs to know beside its title. */
export interface AxisOptions {
  log?: boolean;
  /** Ends in data units, also where the axis is logarithmic. */
  range?: readonly [number, number];
  percent?: boolean;
  /** Lowest and highest value drawn: a logarithmic axis chooses its ticks by them. */
  drawn?: readonly [number, number];
  /** All values are whole numbers: no ticks between them. */
  whole?: boolean;
}

/** One axis. */
export function axis(title: string, options: AxisOptions = {}): Record<string, unknown> {
  const result = baseAxis(title);
  const ends = options.range ?? options.drawn;
  if (options.log) Object.assign(result, { type: "log", exponentformat: "power" });
  if (options.log && ends) Object.assign(result, logTicks(ends[0], ends[1], options.percent));
  if (options.range) result.range = options.range.map((end) => (options.log ? Math.log10(end) : end));
  if (options.percent) Object.assign(result, { tickformat: ",.2~%", hoverformat: ",.2~%" });
  // Over more than ten units Plotly's own steps are whole.
  if (options.whole && !options.log && !options.percent && ends && ends[1] - ends[0] <= 10) result.dtick = 1;
  return result;
}

/**
 * Powers of ten where there are at least two decades, every second or fifth of them where there are many; below that 1, 2,
 * 5 and their multiples by ten, written in full. Plotly's own labels (2, 5 in small type) run into each other.
 */
function logTicks(low: number, high: number, percent?: boolean): Record<string, unknown> {
  const decades = Math.log10(high / low);
  if (decades >= 2) return { dtick: [1, 2, 5, 10].find((step) => decades / step <= 8) ?? Math.ceil(decades / 8) };
  const exponents = Array.from({ length: 5 }, (_, i) => Math.floor(Math.log10(low)) - 1 + i);
  const within = (digits: readonly number[], slack: number): number[] =>
    exponents
      .flatMap((exponent) => digits.map((digit) => Number(`${digit}e${exponent}`)))
      .filter((value) => value >= low / slack && value <= high * slack);
  const digits = [
    [1, 2, 5],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ].find((each) => within(each, 1.05).length >= 2);
  // Plotly leaves a little room beyond the data, where a tick may stand.
  const values = digits && within(digits, 1.3);
  return values ? { tickmode: "array", tickvals: values, ticktext: values.map((value) => shown(value, percent)) } : {};
}

/** Size, title and legend, placed so that neither covers data: title, then legend in a row, then the plot. */
export function frame(options: FigureOptions, legend: boolean): Layout {
  const layout: Layout = { showlegend: legend };
  if (options.width !== undefined) layout.width = options.width;
  if (options.height !== undefined) layout.height = options.height;
  if (options.title) layout.title = titleAt(options.title);
  layout.margin = { l: 64, r: 24, t: (options.title ? 52 : 20) + (legend ? 12 : 0), b: 56 };
  if (legend) layout.legend = LEGEND_ABOVE;
  return layout;
}

/** A heading at the left edge of the figure, a fixed distance from its top whatever its height. */
export function titleAt(text: string): Record<string, unknown> {
  return {
    text,
    x: 0,
    xref: "container",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { l: 14, t: 14 },
    font: { size: 16 },
  };
}

/** Dashed lines across the plot. The legend names them: a label inside the plot would lie on bars or lines. */
export function references(list: readonly Reference[], percent = false): { shapes: Record<string, unknown>[] } {
  return {
    shapes: list.map(({ value, label }, index) => ({
      type: "line",
      xref: "x domain",
      x0: 0,
      x1: 1,
      y0: value,
      y1: value,
      line: { color: MUTED_COLOUR, width: 1.5, dash: ["dash", "dot", "dashdot"][index % 3] },
      name: `${label}: ${shown(value, percent)}`,
      showlegend: true,
    })),
  };
}

/**
 * Room for references beyond the data: Plotly would draw such a line on the very edge of the plot. Plain axes only; a
 * logarithmic one has room by its ticks.
 */
export function includeReferences(list: readonly Reference[], low: number, high: number): Record<string, unknown> {
  if (list.length === 0) return {};
  const values = list.map(({ value }) => value);
  const [bottom, top] = [Math.min(low, ...values), Math.max(high, ...values)];
  const margin = (top - bottom) * 0.05;
  const include = [...(bottom < low ? [bottom - margin] : []), ...(top > high ? [top + margin] : [])];
  return include.length === 0 ? {} : { autorangeoptions: { include } };
}

/** The references as a list, whether one, several or none were given. */
export function referenceList(given: Reference | readonly Reference[] | undefined): readonly Reference[] {
  return given === undefined ? [] : Array.isArray(given) ? (given as readonly Reference[]) : [given as Reference];
}

/** References in words, for the alternative text. */
export function referencesInWords(list: readonly Reference[], percent = false): string {
  return list.map(({ value, label }) => ` Reference line ${label}: ${shown(value, percent)}.`).join("");
}
