// The benchmarks' results as a page and a chart.
import { cpus, totalmem } from "node:os";
import { bars, median } from "@nn30/shared";

/**
 * @typedef {object} Result
 * @property {Omit<import("./benchmarks.mjs").Benchmark, "contenders">} benchmark
 * @property {{ name: string, about: Record<string, unknown>, seconds: number[] }[]} contenders
 */

/** @param {readonly number[]} values */
const spread = (values) => `${seconds(Math.min(...values))}–${seconds(Math.max(...values))}`;

/** @param {number} value */
const seconds = (value) => value.toFixed(value < 1 ? 3 : 2);

/**
 * Ratios of a contender to the baseline, turn by turn: what slows a turn slows both.
 *
 * @param {Result} result
 * @param {number} i the contender
 * @returns {number[]}
 */
export function ratios({ benchmark, contenders }, i) {
  const baseline = contenders.find(({ name }) => name === benchmark.baseline);
  if (!baseline) throw new RangeError(`bench: ${benchmark.key} has no contender ${benchmark.baseline}`);
  return contenders[i].seconds.map((value, turn) => value / baseline.seconds[turn]);
}

/** @param {Result} result @param {number} i */
function ratioCell(result, i) {
  if (result.contenders[i].name === result.benchmark.baseline) return "1";
  const list = ratios(result, i);
  return `**${median(list).toFixed(2)}** (${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)})`;
}

/**
 * A run of the benchmarks, as it is kept in docs/bench.json.
 *
 * @typedef {object} Run
 * @property {string} machine
 * @property {number} repeats
 * @property {Result[]} results
 */

/**
 * The machine in general words.
 *
 * @param {Result[]} results
 */
export function machine(results) {
  const versions = Object.assign({}, ...results.flatMap(({ contenders }) => contenders.map(({ about }) => about)));
  const { python, numpy, keras, tensorflow } = versions;
  const parts = [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
    tensorflow && `TensorFlow ${tensorflow} on both sides`,
    python && `Python ${python}`,
    keras && `Keras ${keras}`,
    numpy && `NumPy ${numpy}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/**
 * The turns of all runs together, benchmark by benchmark.
 *
 * @param {readonly Run[]} runs
 * @returns {Result[]}
 */
export function pooled(runs) {
  /** @type {Map<string, Result>} */
  const byKey = new Map();
  for (const { benchmark, contenders } of runs.flatMap(({ results }) => results)) {
    const before = byKey.get(benchmark.key)?.contenders;
    byKey.set(benchmark.key, {
      benchmark,
      contenders: contenders.map((one) => ({
        ...one,
        seconds: [...(before?.find(({ name }) => name === one.name)?.seconds ?? []), ...one.seconds],
      })),
    });
  }
  return [...byKey.values()];
}

/**
 * @param {readonly Run[]} runs
 * @param {string} picture name of the chart's file
 * @returns {string} Markdown
 */
export function page(runs, picture) {
  const all = pooled(runs);
  const rows = all.flatMap((result) =>
    result.contenders.map(({ name, seconds: list }, i) => {
      const { what, baseline, key, target } = result.benchmark;
      const perRun = runs.map(({ results }) => {
        const own = results.find(({ benchmark }) => benchmark.key === key);
        return own ? ratioCell(own, i) : "";
      });
      const met = i > 0 ? "" : median(ratios(result, 0)) <= target ? "met" : "missed";
      return [
        i === 0 ? what : "",
        name,
        `${seconds(median(list))} (${spread(list)})`,
        ...perRun,
        ...(runs.length > 1 ? [ratioCell(result, i)] : []),
        i === 0 ? `≤ ${target} × ${baseline}: ${met}` : "",
      ];
    }),
  );
  const ratioTitles = runs.length > 1 ? [...runs.map((_, i) => `ratio, run ${i + 1}`), "all runs"] : ["ratio"];
  const titles = ["one epoch of", "with", "seconds", ...ratioTitles, "target"];
  const rule = titles.map((_, i) => (i < 2 || i === titles.length - 1 ? "---" : "---:"));
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench`, which adds a run to those that are there (`--fresh` forgets them). In a run the contenders",
    "take an epoch each in turns, every one in a process of its own. Seconds are the median over all turns and, in brackets,",
    "the least and the most. The ratio is the median of the turns' ratios, so that what slows the machine for a while slows",
    "both sides of it.",
    "",
    ...runs.map((run, i) => `- Run ${i + 1}: ${run.repeats} turns; ${run.machine}.`),
    "",
    `![Time of an epoch relative to Python's](${picture})`,
    "",
    ...[titles, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "Ours is TensorFlow.js with `useNativeKernels()`, `nativeAdam()`, `nativeLstm()` and `fit()` of the helper package;",
    "from scratch it is the package's `Network`. NumPy is Nielsen's algorithm, one example at a time.",
    "",
  ].join("\n");
}

/** @param {Result[]} results */
export function chart(results) {
  const names = ["ours", "stock TensorFlow.js"];
  const networks = results.filter(({ contenders }) => contenders.some(({ name }) => name === names[1]));
  const shown = networks.length > 0 ? networks : results;
  const series = names.flatMap((name) => {
    const lists = shown.map((result) => {
      const i = result.contenders.findIndex((contender) => contender.name === name);
      return i < 0 ? undefined : ratios(result, i);
    });
    if (lists.some((list) => list === undefined)) return [];
    const own = /** @type {number[][]} */ (lists);
    return [
      {
        name,
        values: own.map(median),
        lower: own.map((list) => Math.min(...list)),
        upper: own.map((list) => Math.max(...list)),
      },
    ];
  });
  return bars(
    shown.map(({ benchmark }) => benchmark.key),
    series,
    {
      title: "Time of a training epoch, relative to Python's",
      xTitle: "network",
      yTitle: "time ÷ Python's time",
      logY: true,
      reference: { value: 1, label: "Python" },
    },
  );
}
