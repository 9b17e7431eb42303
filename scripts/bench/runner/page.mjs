// The comparison of runners as a page.
import { median } from "@nn30/shared";

/**
 * What docs/runner-bench.json keeps.
 *
 * @typedef {object} RunnerBench
 * @property {string} date
 * @property {string} machine
 * @property {string} versions
 * @property {number[]} days
 * @property {{ name: string, how: string }[]} tools
 * @property {import("./measure.mjs").Measurement[]} measurements
 * @property {{ what: string, verdicts: import("./fault-run.mjs").Verdict[] }[]} faults
 * @property {{ what: string, findings: string[] }[]} accidents
 */

const WORDS = {
  cell: "**cell**",
  notebook: "**notebook**",
  "exit code": "exit code only",
  printed: "printed, exit code 0",
  hangs: "hangs",
  no: "no",
};

/** @param {number} value */
const seconds = (value) => value.toFixed(value < 10 ? 2 : 1);

/** @param {readonly number[]} values @param {(value: number) => string} format */
function spread(values, format) {
  const middle = format(median(values));
  return values.length === 1 ? middle : `${middle} (${format(Math.min(...values))}–${format(Math.max(...values))})`;
}

/** @param {string[]} cells */
const row = (cells) => `| ${cells.join(" | ")} |`;

/**
 * Our time in parts of the best peer's, turn by turn where there are as many turns.
 *
 * @param {import("./measure.mjs").Measurement[]} measurements ours first
 * @param {"cold" | "warm"} which
 */
export function againstBest([ours, ...peers], which) {
  const best = peers.toSorted((a, b) => median(a[which]) - median(b[which]))[0];
  return { best: best.tool, ratio: median(ours[which]) / median(best[which]) };
}

/**
 * Times and memory.
 *
 * @param {Pick<RunnerBench, "days" | "measurements">} bench
 */
export function timesSection({ days, measurements }) {
  const cold = againstBest(measurements, "cold");
  const warm = againstBest(measurements, "warm");
  const [ours, ...peers] = measurements;
  // Measured once: they keep nothing.
  const forgetful = peers.filter(({ tool }) => tool !== warm.best).map((peer) => median(peer.warm));
  const repeated = Math.min(...forgetful) / median(ours.warm);
  return [
    "## Time and memory",
    "",
    `Days ${days.join(", ")}; median of ${ours.cold.length} turns, and least to most. *Again* is the second run, over notebooks that`,
    "have not changed; nbmake and papermill keep nothing, so theirs is measured once. Memory is the most that all processes",
    "of a first run took together, shared pages counted once. Ours and nbmake leave the notebooks alone here, papermill",
    "writes executed copies, jupyter-cache fills its cache.",
    "",
    row(["", "first run, s", "÷ ours", "again, s", "memory, MB"]),
    "| --- | ---: | ---: | ---: | ---: |",
    ...measurements.map((measurement) =>
      row([
        measurement.tool,
        spread(measurement.cold, seconds),
        (median(measurement.cold) / median(ours.cold)).toFixed(2),
        spread(measurement.warm, seconds),
        spread(measurement.bytes, (value) => (value / 1e6).toFixed(0)),
      ]),
    ),
    "",
    `A first run takes ours ${cold.ratio.toFixed(2)} × the time of the quickest other, ${cold.best}; the target is at most 1.05. Over`,
    `unchanged notebooks ours is ${repeated.toFixed(0)} × as fast as those that run everything again, of which the target is 10, and`,
    `takes ${warm.ratio.toFixed(2)} × the time of ${warm.best}. That one compares the code of notebooks; ours compares kernel, helper`,
    "package, packages, data and the results that a notebook reads as well.",
    "",
  ];
}

/** @param {RunnerBench} bench */
export function page(bench) {
  const names = bench.tools.map(({ name }) => name);
  const head = [row(["", ...names]), row(["---", ...names.map(() => "---")])];
  return [
    "# Beside other runners",
    "",
    "Written by `npm run bench -- runner`. The same notebooks, in fresh copies, through `npm run verify` and through three",
    "programs that run notebooks from the command line, each as its own documentation starts it:",
    "",
    ...bench.tools.map(({ name, how }) => `- ${name}: \`${how}\``),
    "",
    "All of them execute with nbclient, two notebooks at a time, one thread of TensorFlow each where there are two cores, and",
    "all use this collection's kernel: what that does better than stock tslab helps them all.",
    `${bench.machine}; ${bench.versions}; ${bench.date}.`,
    "",
    ...timesSection(bench),
    "## Faults",
    "",
    "What a person learns of a fault, or a build that looks at the exit code: it fails and shows the **cell**; it fails and",
    "names the **notebook**; it fails and names nothing; it prints the failure and ends with exit code 0; it does not end; or",
    "nothing (no). Each is tried by the command above, on a notebook with that one fault.",
    "",
    ...head,
    ...bench.faults.map(({ what, verdicts }) => row([what, ...verdicts.map((verdict) => WORDS[verdict])])),
    "",
    "Only ours has claims and compares saved outputs with code; a tool that is for any notebook could not know of them.",
    "",
    "## Accidents",
    "",
    ...head,
    ...bench.accidents.map(({ what, findings }) => row([what, ...findings])),
    "",
    "Each saves into the notebook here: `--save`, nbmake's `--overwrite`, papermill's output in place of its input, and",
    "jupyter-cache's `merge`, which comes after all has run. That kernels end with their runner is the work of our kernel, in",
    "every column.",
    "",
  ].join("\n");
}
