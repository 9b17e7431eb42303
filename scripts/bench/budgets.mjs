// What the collection may cost, and what it does: npm run budgets
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { execa } from "execa";
import colors from "picocolors";
import { DAYS } from "../build/curriculum.js";
import { freshClone } from "./budgets/fresh-clone.mjs";
import { firstCell, idleSetUp, largestNotebook, timed, unchangedRun } from "./budgets/measured-now.mjs";
import { lastRuns, together, trainingRatios } from "./budgets/recorded.mjs";

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {number} limit
 * @property {string} unit
 * @property {number} [value] undefined: not measured
 * @property {string} note where the value comes from, or which command measures it
 */

const JOBS = 2;
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const options = new Command("npm run budgets --")
  .description("Holds what the collection costs against what it may cost. Fails when a budget is exceeded.")
  .option("--cold", "run all notebooks afresh and time it: a quarter of an hour", false)
  .option("--full", "train every seed of every experiment and time it: an hour", false)
  .option("--fresh", "set up a clone of the last commit and time it: minutes, with downloads", false)
  .option("--start", "the same, and run all its notebooks", false)
  .option("--with-tests", "run npm test and time it: minutes", false)
  .parse()
  .opts();

/** @param {string[]} args */
const verify = (...args) =>
  timed(() =>
    execa(process.execPath, [join(root, "scripts/build/verify.js"), "--force", "--jobs", String(JOBS), ...args], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    }),
  );

const now = "measured now";
const measureWith = (/** @type {string} */ flag) => `npm run budgets -- ${flag}`;

/** @returns {Promise<Row[]>} */
async function rows() {
  const cold = options.cold ? await verify() : undefined;
  const coldRuns = lastRuns(root);
  const all = coldRuns.length === DAYS.length;
  const notAll = `only ${coldRuns.length} days have passed as they are now: npm run verify`;
  const recorded = (/** @type {string} */ how) => (all ? `last runs, ${how}` : notAll);
  const seconds = coldRuns.map((run) => run.seconds);
  const memory = coldRuns.map(({ peakBytes }) => peakBytes).sort((a, b) => b - a);
  const full = options.full ? await verify("--full") : undefined;
  const fullRuns = options.full ? lastRuns(root) : [];
  const clone = options.fresh || options.start ? await freshClone(root, { start: options.start }) : undefined;
  const tests = options.withTests
    ? await timed(() => execa("npm", ["test"], { cwd: root, stdio: ["ignore", 2, 2] }))
    : undefined;
  const training = trainingRatios(root);
  const trained = `docs/bench.json of ${training.date}`;
  return [
    {
      what: "npm start in a fresh clone",
      limit: 20,
      unit: "min",
      value: minutes(clone?.start),
      note: clone?.start ? now : measureWith("--start"),
    },
    {
      what: "… of which set-up",
      limit: 4,
      unit: "min",
      value: minutes(clone?.setUp),
      note: clone ? now : measureWith("--fresh"),
    },
    { what: "set-up, nothing missing", limit: 0.5, unit: "s", value: await idleSetUp(root), note: now },
    {
      what: `all thirty notebooks, ${JOBS} at a time`,
      limit: 15,
      unit: "min",
      value: minutes(cold ?? (all ? together(coldRuns, JOBS) : undefined)),
      note: cold ? now : recorded("put together; timed by --cold"),
    },
    {
      what: "slowest notebook",
      limit: 2,
      unit: "min",
      value: all ? minutes(Math.max(...seconds)) : undefined,
      note: recorded(`Day ${coldRuns[seconds.indexOf(Math.max(...seconds))]?.day}`),
    },
    {
      what: `peak memory of ${JOBS} notebooks`,
      limit: 6,
      unit: "GiB",
      value: all ? (memory[0] + memory[1]) / 2 ** 30 : undefined,
      note: recorded("the two largest, as if at the same moment"),
    },
    {
      what: "all thirty, every seed",
      limit: 75,
      unit: "min",
      value: minutes(full),
      note: full ? now : measureWith("--full"),
    },
    {
      what: "slowest notebook, every seed",
      limit: 8,
      unit: "min",
      value: full ? minutes(Math.max(...fullRuns.map((run) => run.seconds))) : undefined,
      note: full ? now : measureWith("--full"),
    },
    {
      what: "all thirty, unchanged",
      limit: 3,
      unit: "s",
      value: all ? await unchangedRun(root) : undefined,
      note: all ? now : notAll,
    },
    {
      what: "first cell: TensorFlow.js and helper package",
      limit: 2,
      unit: "s",
      value: await firstCell(root),
      note: now,
    },
    {
      what: "npm test after set-up",
      limit: 5,
      unit: "min",
      value: minutes(tests),
      note: tests ? now : measureWith("--with-tests"),
    },
    { what: "largest notebook in the repository", limit: 1.5, unit: "MB", value: largestNotebook(root), note: now },
    { what: "an epoch of the CNN", limit: 1, unit: "× Keras", value: training.cnn, note: trained },
    { what: "an epoch of the LSTM", limit: 1, unit: "× Keras", value: training.lstm, note: trained },
    {
      what: "an epoch of the network from scratch",
      limit: 0.5,
      unit: "× NumPy",
      value: training.fromScratch,
      note: trained,
    },
  ];
}

/** @param {number | undefined} seconds */
function minutes(seconds) {
  return seconds === undefined ? undefined : seconds / 60;
}

/** @param {Row} row */
function verdict({ value, limit }) {
  return value === undefined ? "not measured" : value <= limit ? "within" : "over";
}

/** @param {Row[]} table */
function print(table) {
  const lines = table.map((row) => [
    row.what,
    `${row.limit} ${row.unit}`,
    row.value === undefined ? "" : `${row.value.toFixed(2)} ${row.unit}`,
    verdict(row),
    row.note,
  ]);
  const titles = ["", "budget", "measured", "verdict", "how"];
  const widths = titles.map((title, i) => Math.max(title.length, ...lines.map((cells) => cells[i].length)));
  const paint = { within: colors.green, over: colors.red, "not measured": colors.yellow };
  for (const [i, cells] of [titles, ...lines].entries()) {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column]));
    if (i > 0) padded[3] = paint[verdict(table[i - 1])](padded[3]);
    console.log(padded.join("  ").trimEnd());
  }
}

const table = await rows();
print(table);
const over = table.filter((row) => verdict(row) === "over");
if (over.length > 0) {
  console.error(`\nOver budget: ${over.map(({ what }) => what).join("; ")}`);
  process.exitCode = 1;
}
