import { inspect } from "node:util";
import { median } from "../metrics/summarize.js";
import { type FigureOptions, type Reference } from "./axes.js";
import { requireLength, requireNumbers } from "./checks.js";
import { type Figure, type Numbers } from "./figure.js";
import { type Series, lines } from "./lines.js";

/** One run's history: metric → its value after each epoch, as experiments record it and `model.fit` returns it. */
export type RunHistory = Readonly<Record<string, Numbers>>;

/** Options of {@link trainingCurves} and {@link compareTraining}. */
export interface TrainingCurvesOptions extends FigureOptions {
  /** Quantity and unit along y; default: the metrics' names joined by "and". Give it where the metric has a unit. */
  yTitle?: string;
  /** Title of the x axis; default "epoch". */
  xTitle?: string;
  /** Number of the first epoch; default 1 (0 when a history starts with the untrained network). */
  firstEpoch?: number;
  /** Values are fractions, shown as percentages; default: every metric's name contains "acc" and no value exceeds 1. */
  percent?: boolean;
  /** Logarithmic y axis; default false. */
  logY?: boolean;
  /** Lower and upper end of y; default: fits the data. */
  yRange?: readonly [number, number];
  /** Horizontal lines to compare with, such as a baseline; default none. */
  reference?: Reference | readonly Reference[];
}

/**
 * Metrics of one configuration over epochs. Several runs (seeds) are drawn as their median with a band from the lowest
 * to the highest run.
 *
 * @param runs one history, or one per seed; all of the same length.
 * @param metrics which of the histories' metrics to draw, in one plot: metrics of one unit only; `{key: name}` renames
 *   them in the legend.
 * @throws RangeError when there is no run, a run lacks a metric, or the runs' lengths differ.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { trainingCurves } from "@nn30/shared";
 *
 * const seeds = [
 *   { loss: [0.9, 0.5, 0.3], val_loss: [0.95, 0.6, 0.5] },
 *   { loss: [0.8, 0.4, 0.2], val_loss: [0.85, 0.55, 0.45] },
 *   { loss: [1.0, 0.6, 0.4], val_loss: [1.05, 0.7, 0.6] },
 * ];
 * const figure = trainingCurves(seeds, { loss: "training", val_loss: "validation" }, { yTitle: "cost (nats)" });
 * assert.match(figure.alt, /training: from 0.9 \(epoch 1\) to 0.3 \(epoch 3\)/);
 * ```
 */
export function trainingCurves(
  runs: RunHistory | readonly RunHistory[],
  metrics: readonly string[] | Readonly<Record<string, string>>,
  options: TrainingCurvesOptions = {},
): Figure {
  const list = Array.isArray(runs) ? (runs as readonly RunHistory[]) : [runs as RunHistory];
  const named: [string, string][] = Array.isArray(metrics)
    ? (metrics as readonly string[]).map((key) => [key, key])
    : Object.entries(metrics as Readonly<Record<string, string>>);
  if (named.length === 0) throw new RangeError("trainingCurves: expected at least one metric to draw but got none");
  const series = named.map(([key, name]) => overRuns("trainingCurves", name, list, key));
  return draw(
    series,
    named.map(([key]) => key),
    list.length,
    options,
  );
}

/**
 * One metric of several configurations over epochs: a line a configuration, the median of its runs, with a band from
 * the lowest to the highest run where there are several.
 *
 * @param configurations name → its history, or one history per seed.
 * @throws RangeError when there is no configuration, a run lacks the metric, or runs of a configuration differ in length.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareTraining } from "@nn30/shared";
 *
 * const figure = compareTraining(
 *   { "η = 0.1": [{ accuracy: [0.8, 0.9] }, { accuracy: [0.7, 0.9] }, { accuracy: [0.75, 0.92] }], "η = 3": { accuracy: [0.9, 0.95] } },
 *   "accuracy",
 *   { yTitle: "accuracy on validation images" },
 * );
 * assert.match(figure.alt, /η = 3: from 90 % \(epoch 1\) to 95 % \(epoch 2\)/);
 * ```
 */
export function compareTraining(
  configurations: Readonly<Record<string, RunHistory | readonly RunHistory[]>>,
  metric: string,
  options: TrainingCurvesOptions = {},
): Figure {
  const entries = Object.entries(configurations);
  if (entries.length === 0) throw new RangeError("compareTraining: expected at least one configuration but got none");
  let most = 1;
  const series = entries.map(([name, runs]) => {
    const list = Array.isArray(runs) ? (runs as readonly RunHistory[]) : [runs as RunHistory];
    most = Math.max(most, list.length);
    return overRuns("compareTraining", name, list, metric);
  });
  return draw(series, [metric], most, options);
}

/** The median over runs at every epoch, with lowest and highest as a band when there are several runs. */
function overRuns(where: string, name: string, runs: readonly RunHistory[], key: string): Series {
  if (runs.length === 0) throw new RangeError(`${where}: expected at least one run of "${name}" but got none`);
  for (const [index, run] of runs.entries()) {
    const values = run[key] as Numbers | undefined;
    if (values === undefined) {
      const has = inspect(Object.keys(run));
      throw new RangeError(
        `${where}: expected run ${index} of "${name}" to have the metric "${key}" but it has ${has}`,
      );
    }
    requireNumbers(where, `run ${index}, "${key}"`, values);
    requireLength(where, `run ${index}, "${key}" (epochs of run 0)`, values, runs[0][key].length);
  }
  if (runs.length === 1) return { name, y: runs[0][key], markers: runs[0][key].length <= 10 };
  const epochs = Array.from(runs[0][key], (_, epoch) => runs.map((run) => run[key][epoch]));
  return {
    name,
    y: epochs.map((values) => median(values)),
    lower: epochs.map((values) => Math.min(...values)),
    upper: epochs.map((values) => Math.max(...values)),
    markers: epochs.length <= 10,
  };
}

function draw(
  series: readonly Series[],
  keys: readonly string[],
  runs: number,
  options: TrainingCurvesOptions,
): Figure {
  const fractions =
    keys.every((key) => /acc/i.test(key)) && series.every((one) => Array.from(one.upper ?? one.y).every((y) => y <= 1));
  const { firstEpoch, yTitle, xTitle, ...rest } = options;
  const figure = {
    ...rest,
    xTitle: xTitle ?? "epoch",
    yTitle: yTitle ?? keys.join(" and "),
    xStart: firstEpoch ?? 1,
    percent: options.percent ?? fractions,
  };
  if (runs === 1 || options.alt !== undefined) return lines(series, figure);
  const drawn = lines(series, figure);
  return lines(series, {
    ...figure,
    alt: `${drawn.alt} Lines are medians of ${runs} runs, bands reach from the lowest to the highest run.`,
  });
}
