import {
  type FigureOptions,
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
import { allWhole, roundedList, shown } from "./numbers.js";
import { TEXT_COLOUR, seriesColour } from "./theme.js";

/** One bar in every category. */
export interface BarSeries {
  name: string;
  /** One value a category. */
  values: Numbers;
  /** Lower ends of error bars, in the values' unit; needs `upper`. */
  lower?: Numbers;
  /** Upper ends of error bars. */
  upper?: Numbers;
  /** `#RRGGBB`; default: the palette's next colour. */
  colour?: string;
}

/** Options of {@link bars}. */
export interface BarsOptions extends FigureOptions {
  /** What the categories are. */
  xTitle: string;
  /** Quantity and unit of the values. */
  yTitle: string;
  /** The values are fractions, shown as percentages; default false. */
  percent?: boolean;
  /** Ends of the value axis; default from zero, as the length of a bar is what one compares. */
  yRange?: readonly [number, number];
  /** Logarithmic value axis; default false. */
  logY?: boolean;
  /**
   * The value written on each bar, with fewer digits where bars are narrow; default: where even the short texts fit and
   * there are no error bars.
   */
  showValues?: boolean;
  /** Horizontal lines to compare with; default none. */
  reference?: Reference | readonly Reference[];
}

/**
 * A bar chart: one bar a category, or a group of bars where there are several series.
 *
 * @throws RangeError when a series has not one finite value a category; TypeError when an axis title is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bars } from "@nn30/shared";
 *
 * const figure = bars(["baseline", "network"], { name: "test accuracy", values: [0.22, 0.95] }, {
 *   xTitle: "classifier",
 *   yTitle: "accuracy",
 *   percent: true,
 *   reference: { value: 0.9542, label: "published" },
 * });
 * assert.match(figure.alt, /baseline 22 %, network 95 %/);
 * ```
 */
export function bars(
  categories: readonly string[],
  series: BarSeries | readonly BarSeries[],
  options: BarsOptions,
): Figure {
  const where = "bars";
  const all = Array.isArray(series) ? (series as readonly BarSeries[]) : [series as BarSeries];
  if (categories.length === 0 || all.length === 0) {
    throw new RangeError(
      `${where}: expected at least one category and one series but got ${categories.length} and ${all.length}`,
    );
  }
  requireTitle(where, "xTitle", options.xTitle);
  requireTitle(where, "yTitle", options.yTitle);
  for (const one of all) checkSeries(where, one, categories.length, options);
  const bargap = all.length > 1 ? 0.25 : 0.4;
  const texts = valueTexts(categories.length, all, options, bargap);
  const list = referenceList(options.reference);
  const highest = Math.max(0, ...all.flatMap((one) => Array.from(one.upper ?? one.values)));
  return new Figure({
    data: all.map((one, index): Trace => ({
      type: "bar",
      name: one.name,
      showlegend: all.length > 1,
      x: categories,
      y: roundedList(one.values),
      marker: { color: one.colour ?? seriesColour(index) },
      ...(one.lower && one.upper && { error_y: errorBars(one.values, one.lower, one.upper) }),
      ...(texts && {
        text: texts[index],
        textfont: { size: TEXT_SIZE },
        constraintext: "none",
        // Beside a reference line the text stands in the bar, where the line does not cross it.
        textposition: list.length > 0 ? "auto" : "outside",
        insidetextanchor: "end",
        textangle: 0,
        cliponaxis: false,
      }),
    })),
    layout: {
      ...frame(options, all.length + list.length > 1),
      barmode: "group",
      bargap,
      // A category that looks like a number stays a category.
      xaxis: { ...axis(options.xTitle), type: "category", showgrid: false },
      yaxis: {
        ...axis(options.yTitle, {
          log: options.logY,
          range: options.yRange,
          percent: options.percent,
          drawn: [Math.min(...all.flatMap((one) => Array.from(one.lower ?? one.values))), highest],
          whole: all.every((one) => allWhole(one.values) && one.lower === undefined),
        }),
        ...(!options.logY && !options.yRange && includeReferences(list, 0, highest)),
      },
      ...references(list, options.percent),
    },
    alt: options.alt ?? inWords(categories, all, options) + referencesInWords(list, options.percent),
  });
}

/** Size of the values on the bars, and what a character of them takes, in CSS pixels. */
const TEXT_SIZE = 12;
const CHARACTER_WIDTH = 7.4;

/** The values to write on the bars of each series, with as many digits as fit; none where nothing does. */
function valueTexts(
  categories: number,
  all: readonly BarSeries[],
  options: BarsOptions,
  bargap: number,
): string[][] | undefined {
  if (options.showValues === false) return undefined;
  if (options.showValues === undefined && all.some((one) => one.upper)) return undefined;
  const plot = (options.width ?? 760) - 88;
  // A lone series may write over the gaps beside its bars, a reference line needs the text inside them.
  const bar = (plot / categories) * (all.length === 1 && !options.reference ? 0.95 : (1 - bargap) / all.length);
  for (const digits of [4, 3, 2]) {
    const texts = all.map((one) =>
      Array.from(one.values, (value) =>
        shown(
          digits === 4 || (Number.isInteger(value) && !options.percent) ? value : brief(value, digits),
          options.percent,
        ),
      ),
    );
    const longest = Math.max(...texts.flat().map((text) => text.length));
    if (longest * CHARACTER_WIDTH + 3 <= bar || (options.showValues && digits === 2)) return texts;
  }
  return undefined;
}

function brief(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function checkSeries(where: string, series: BarSeries, categories: number, options: BarsOptions): void {
  const place = `${where}: series "${series.name}"`;
  requireNumbers(place, "values", series.values);
  requireLength(place, "values (one a category)", series.values, categories);
  if ((series.lower === undefined) !== (series.upper === undefined)) {
    throw new TypeError(`${place}: expected both lower and upper (error bars) or neither but got one`);
  }
  for (const name of ["lower", "upper"] as const) {
    const ends = series[name];
    if (ends === undefined) continue;
    requireNumbers(place, name, ends);
    requireLength(place, name, ends, categories);
  }
  if (options.logY && Math.min(...Array.from(series.values)) <= 0) {
    throw new RangeError(
      `${place}: expected values > 0 on a logarithmic axis but got ${Math.min(...Array.from(series.values))}`,
    );
  }
}

function errorBars(values: Numbers, lower: Numbers, upper: Numbers): Record<string, unknown> {
  return {
    type: "data",
    symmetric: false,
    array: roundedList(Array.from(values, (value, i) => upper[i] - value)),
    arrayminus: roundedList(Array.from(values, (value, i) => value - lower[i])),
    color: TEXT_COLOUR,
    thickness: 1.5,
    width: 5,
  };
}

function inWords(categories: readonly string[], all: readonly BarSeries[], options: BarsOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  const parts = all.map((one) => {
    const values = categories.map((category, i) => {
      const range =
        one.lower && one.upper
          ? ` (${shown(one.lower[i], options.percent)} to ${shown(one.upper[i], options.percent)})`
          : "";
      return `${category} ${shown(one.values[i], options.percent)}${range}`;
    });
    return ` ${one.name}: ${values.join(", ")}.`;
  });
  return `${heading}Bar chart of ${options.yTitle} by ${options.xTitle}.${parts.join("")}`;
}
