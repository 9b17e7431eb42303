import { requireCount } from "../arguments/count.js";
import { median } from "../metrics/summarize.js";
import { type FigureOptions, axis, frame } from "./axes.js";
import { requireLength, requireNumbers, requireTitle } from "./checks.js";
import { Figure, type Numbers, type Trace } from "./figure.js";
import { extent, rounded, roundedList, shown } from "./numbers.js";
import { seriesColour } from "./theme.js";

/** Raw values of one distribution. */
export interface Sample {
  name: string;
  values: Numbers;
}

/** One distribution already counted: `counts[i]` values lie between `edges[i]` and `edges[i + 1]`. */
export interface BinnedSample {
  name: string;
  counts: Numbers;
  /** One more than counts, rising. */
  edges: Numbers;
}

/** Options of {@link histogram}. */
export interface HistogramOptions extends FigureOptions {
  /** Quantity and unit of the values. */
  xTitle: string;
  /** Title of the y axis; default "values", "share of values" or "density", by `scale`. */
  yTitle?: string;
  /** How many bins raw values are sorted into; default 30. All samples share the bins. */
  bins?: number;
  /** Lower end of the first and upper end of the last bin; default: lowest and highest value of all samples. */
  range?: readonly [number, number];
  /** Height of a bar: how many values, which share of them, or share per unit of x; default "count". */
  scale?: "count" | "share" | "density";
}

/**
 * A histogram of one sample, or of several laid over each other. Values are counted here, not in the browser, so that
 * a chart of a million values is as small as one of a hundred. Values outside `range` are not drawn, and said so.
 *
 * @throws RangeError when a sample is empty, not finite, or edges do not rise; TypeError when the axis title is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "@nn30/shared";
 *
 * const figure = histogram({ name: "weights", values: [-0.4, -0.1, 0, 0.1, 0.5] }, { xTitle: "weight", bins: 3 });
 * assert.deepEqual(figure.data[0].y, [1, 3, 1]);
 * ```
 */
export function histogram(
  samples: Sample | BinnedSample | readonly (Sample | BinnedSample)[],
  options: HistogramOptions,
): Figure {
  const where = "histogram";
  const all = Array.isArray(samples) ? (samples as readonly (Sample | BinnedSample)[]) : [samples as Sample];
  if (all.length === 0) throw new RangeError(`${where}: expected at least one sample but got none`);
  requireTitle(where, "xTitle", options.xTitle);
  const scale = options.scale ?? "count";
  const edges = sharedEdges(where, all, options);
  const binned = all.map((one) => ("values" in one ? count(one, edges) : checkBinned(where, one)));
  const yTitle = options.yTitle ?? { count: "values", share: "share of values", density: "density" }[scale];
  return new Figure({
    data: binned.map((one, index): Trace => ({
      type: "bar",
      name: one.name,
      x: roundedList(Array.from(one.counts, (_, i) => (one.edges[i] + one.edges[i + 1]) / 2)),
      width: roundedList(Array.from(one.counts, (_, i) => one.edges[i + 1] - one.edges[i])),
      y: roundedList(heights(one, scale)),
      opacity: all.length > 1 ? 0.6 : 1,
      marker: { color: seriesColour(index), line: { width: 0 } },
    })),
    layout: {
      ...frame(options, all.length > 1),
      barmode: "overlay",
      xaxis: axis(options.xTitle),
      yaxis: axis(yTitle, { percent: scale === "share" }),
    },
    alt: options.alt ?? inWords(all, binned, options),
  });
}

/** The bins of all raw samples. */
function sharedEdges(where: string, all: readonly (Sample | BinnedSample)[], options: HistogramOptions): number[] {
  const bins = options.bins ?? 30;
  requireCount(where, "bins", bins);
  let low = Infinity;
  let high = -Infinity;
  for (const one of all) {
    if (!("values" in one)) continue;
    requireNumbers(`${where}: sample "${one.name}"`, "values", one.values);
    const range = extent(one.values);
    low = Math.min(low, range.low);
    high = Math.max(high, range.high);
  }
  if (options.range) [low, high] = options.range;
  // All values equal: a bin of width one around them.
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  if (low > high && options.range) throw new RangeError(`${where}: expected range to rise but got [${low}, ${high}]`);
  // The last edge exactly: rounding must not leave the highest value outside.
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + ((high - low) * i) / bins));
}

function count(sample: Sample, edges: number[]): BinnedSample {
  const bins = edges.length - 1;
  const low = edges[0];
  const high = edges[bins];
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < sample.values.length; i++) {
    const value = sample.values[i];
    if (value < low || value > high) continue;
    // The last bin includes its upper end.
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++;
  }
  return { name: sample.name, counts, edges };
}

function checkBinned(where: string, sample: BinnedSample): BinnedSample {
  const place = `${where}: sample "${sample.name}"`;
  requireNumbers(place, "counts", sample.counts);
  requireNumbers(place, "edges", sample.edges);
  requireLength(place, "edges (one more than counts)", sample.edges, sample.counts.length + 1);
  for (let i = 1; i < sample.edges.length; i++) {
    if (sample.edges[i] <= sample.edges[i - 1]) {
      throw new RangeError(`${place}: expected edges to rise but got ${sample.edges[i - 1]} before ${sample.edges[i]}`);
    }
  }
  return sample;
}

function heights(sample: BinnedSample, scale: "count" | "share" | "density"): number[] {
  const counts = Array.from(sample.counts);
  if (scale === "count") return counts;
  const total = counts.reduce((sum, one) => sum + one, 0) || 1;
  return counts.map((one, i) => one / total / (scale === "share" ? 1 : sample.edges[i + 1] - sample.edges[i]));
}

function inWords(
  all: readonly (Sample | BinnedSample)[],
  binned: readonly BinnedSample[],
  options: HistogramOptions,
): string {
  const heading = options.title ? `${options.title}. ` : "";
  const parts = binned.map((one, index) => {
    const sample = all[index];
    const drawn = Array.from(one.counts).reduce((sum, each) => sum + each, 0);
    const peak = extent(one.counts).highAt;
    const fullest = `fullest bin ${shown(rounded(one.edges[peak]))} to ${shown(rounded(one.edges[peak + 1]))} (${shown(one.counts[peak])})`;
    if (!("values" in sample)) return ` ${one.name}: ${shown(drawn)} values, ${fullest}.`;
    const { low, high } = extent(sample.values);
    const outside = sample.values.length - drawn;
    const hidden = outside > 0 ? `, ${shown(outside)} outside the drawn range` : "";
    return ` ${one.name}: ${shown(sample.values.length)} values from ${shown(low)} to ${shown(high)}, median ${shown(median(sample.values))}, ${fullest}${hidden}.`;
  });
  return `${heading}Histogram of ${options.xTitle}.${parts.join("")}`;
}
