import {
  type AxesOptions,
  type Reference,
  axis,
  frame,
  includeReferences,
  referenceList,
  references,
  referencesInWords,
} from "./axes.js";
import { requireLength, requireNumbers, requireTitle } from "./checks.js";
import { Figure, type Numbers, type Trace } from "./figure.js";
import { allWhole, countFrom, extent, roundedList, shown } from "./numbers.js";
import { seriesColour, translucent } from "./theme.js";

/** One line of a {@link lines} chart. NaN in `y` leaves a gap. */
export interface Series {
  /** What the legend calls it. */
  name: string;
  y: Numbers;
  /** Positions along x, as many as `y`; default `xStart`, `xStart` + 1, … */
  x?: Numbers;
  /** Lower edge of an error band, as many as `y`; needs `upper`. */
  lower?: Numbers;
  /** Upper edge of the error band. */
  upper?: Numbers;
  /** A dot at every value; default: only where a series has a single value. */
  markers?: boolean;
  /** Default "solid". */
  dash?: "solid" | "dash" | "dot";
  /** `#RRGGBB`; default: the palette's next colour. */
  colour?: string;
}

/** Options of {@link lines}. */
export interface LinesOptions extends AxesOptions {
  /** x of the first value of a series without `x`; default 1 (the first epoch). */
  xStart?: number;
  /** Horizontal lines to compare with; default none. */
  reference?: Reference | readonly Reference[];
  /** Default: shown when there are several series or a reference. */
  legend?: boolean;
}

/**
 * A line chart of one or several series, each with an error band if it has `lower` and `upper`.
 *
 * @throws RangeError when lengths differ, a value is infinite, or a logarithmic axis gets a value ≤ 0.
 * @throws TypeError when an axis title is missing or a series is not an array of numbers.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lines } from "@nn30/shared";
 *
 * const figure = lines(
 *   [
 *     { name: "training", y: [0.9, 0.4, 0.2] },
 *     { name: "validation", y: [0.95, 0.5, 0.45], lower: [0.9, 0.45, 0.4], upper: [1, 0.55, 0.5] },
 *   ],
 *   { xTitle: "epoch", yTitle: "cost (nats)", reference: { value: 0.35, label: "linear model" } },
 * );
 * assert.match(figure.alt, /training: from 0.9 \(epoch 1\) to 0.2 \(epoch 3\)/);
 * ```
 */
export function lines(series: Series | readonly Series[], options: LinesOptions): Figure {
  const where = "lines";
  const all = Array.isArray(series) ? (series as readonly Series[]) : [series as Series];
  if (all.length === 0) throw new RangeError(`${where}: expected at least one series but got none`);
  requireTitle(where, "xTitle", options.xTitle);
  requireTitle(where, "yTitle", options.yTitle);
  const list = referenceList(options.reference);
  const legend = options.legend ?? all.length + list.length > 1;

  const bands: Trace[] = [];
  const traces = all.map((one, index): Trace => {
    const x = positions(one, options);
    checkSeries(one, x, options);
    const colour = one.colour ?? seriesColour(index);
    if (one.lower && one.upper) bands.push(band(one.name, x, one.lower, one.upper, colour));
    return {
      type: "scatter",
      mode: (one.markers ?? one.y.length === 1) ? "lines+markers" : "lines",
      name: one.name,
      x: roundedList(x),
      y: roundedList(one.y),
      line: { color: colour, width: 2, dash: one.dash ?? "solid" },
      marker: { color: colour, size: 7 },
    };
  });

  const low = Math.min(...all.map((one) => extent(one.lower ?? one.y).low));
  const high = Math.max(...all.map((one) => extent(one.upper ?? one.y).high));
  const levels = list.map(({ value }) => value);
  const along = all.map((one) => positions(one, options));
  const across = along.map((x) => extent(x));
  return new Figure({
    data: [...bands, ...traces],
    layout: {
      ...frame(options, legend),
      xaxis: axis(options.xTitle, {
        log: options.logX,
        range: options.xRange,
        drawn: [Math.min(...across.map((x) => x.low)), Math.max(...across.map((x) => x.high))],
        whole: along.every(allWhole),
      }),
      yaxis: {
        ...axis(options.yTitle, {
          log: options.logY,
          range: options.yRange,
          percent: options.percent,
          drawn: [Math.min(low, ...levels), Math.max(high, ...levels)],
          whole: all.every((one) => allWhole(one.y) && one.lower === undefined),
        }),
        ...(!options.logY && !options.yRange && includeReferences(list, low, high)),
      },
      hovermode: "x unified",
      ...references(list, options.percent),
    },
    alt: options.alt ?? inWords(all, options) + referencesInWords(list, options.percent),
  });
}

function positions(series: Series, options: LinesOptions): Numbers {
  return series.x ?? countFrom(options.xStart ?? 1, series.y?.length ?? 0);
}

function checkSeries(series: Series, x: Numbers, options: LinesOptions): void {
  const where = `lines: series "${series.name}"`;
  requireNumbers(where, "y", series.y, "gaps");
  requireNumbers(where, "x", x);
  requireLength(where, "x", x, series.y.length);
  if ((series.lower === undefined) !== (series.upper === undefined)) {
    throw new TypeError(`${where}: expected both lower and upper (an error band) or neither but got one`);
  }
  for (const name of ["lower", "upper"] as const) {
    const edge = series[name];
    if (edge === undefined) continue;
    requireNumbers(where, name, edge);
    requireLength(where, name, edge, series.y.length);
  }
  for (const [log, name, values] of [
    [options.logX, "x", x],
    [options.logY, "y", series.y],
    [options.logY, "lower", series.lower],
  ] as const) {
    if (!log || values === undefined) continue;
    const { low, lowAt } = extent(values);
    if (low <= 0) {
      throw new RangeError(`${where}: expected ${name} > 0 on a logarithmic axis but got ${low} at index ${lowAt}`);
    }
  }
}

/** One closed outline, upper edge forwards and lower edge back: a single trace, and right on logarithmic axes. */
function band(name: string, x: Numbers, lower: Numbers, upper: Numbers, colour: string): Trace {
  const along = roundedList(x);
  return {
    type: "scatter",
    mode: "lines",
    name: `${name}: band`,
    x: [...along, ...along.slice().reverse()],
    y: [...roundedList(upper), ...roundedList(lower).reverse()],
    fill: "toself",
    fillcolor: translucent(colour, 0.18),
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function inWords(all: readonly Series[], options: LinesOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  const parts = all.map((one) => {
    const x = positions(one, options);
    const { low, high, lowAt, highAt } = extent(one.y);
    const at = (value: number, index: number): string =>
      `${shown(value, options.percent)} (${options.xTitle} ${shown(x[index])})`;
    const last = one.y.length - 1;
    const range = `lowest ${at(low, lowAt)}, highest ${at(high, highAt)}`;
    const ends =
      Number.isNaN(one.y[0]) || Number.isNaN(one.y[last])
        ? ""
        : `from ${at(one.y[0], 0)} to ${at(one.y[last], last)}; `;
    return ` ${one.name}: ${ends}${range}${one.lower ? "; with an error band" : ""}.`;
  });
  return `${heading}Line chart of ${options.yTitle} against ${options.xTitle}.${parts.join("")}`;
}
