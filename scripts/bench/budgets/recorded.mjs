// What earlier runs have recorded: the runner's cache and docs/bench.json.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "@nn30/shared";
import { DAYS } from "../../build/curriculum.js";
import { covers, readEntry } from "../../build/runner/cache.js";
import { closureHash, environmentHash } from "../../build/runner/closure.js";
import { parseNotebook } from "../../build/runner/notebook.js";
import { Collection } from "../../build/runner/paths.js";
import { pooled, ratios } from "../report.mjs";

/**
 * The last run of each day, as far as it was of the day as it is now.
 *
 * @param {string} root of the checkout
 */
export function lastRuns(root) {
  const collection = new Collection(root);
  const environment = environmentHash();
  return DAYS.flatMap(({ day }) => {
    const file = collection.notebook(day);
    const notebook = parseNotebook(readFileSync(file, "utf8"), collection.relative(file), day);
    const entry = readEntry(collection, day);
    return covers(entry, closureHash(environment, notebook, collection), false) ? [{ day, ...entry }] : [];
  });
}

/**
 * Seconds that runs take with a number of jobs, the longest started first, as the runner does.
 *
 * @param {readonly { seconds: number }[]} runs
 * @param {number} jobs
 */
export function together(runs, jobs) {
  const free = Array.from({ length: jobs }, () => 0);
  for (const { seconds } of runs.toSorted((a, b) => b.seconds - a.seconds)) {
    const first = free.indexOf(Math.min(...free));
    free[first] += seconds;
  }
  return Math.max(...free);
}

/**
 * Times of an epoch in parts of Python's, median over all turns of all runs of `npm run bench`.
 *
 * @param {string} root of the checkout
 */
export function trainingRatios(root) {
  const runs = JSON.parse(readFileSync(join(root, "docs", "bench.json"), "utf8"));
  const results = pooled(runs);
  /** @param {string} key */
  const ratio = (key) => {
    const result = results.find(({ benchmark }) => benchmark.key.startsWith(key));
    if (!result) throw new Error(`budgets: docs/bench.json has no benchmark ${key}: run \`npm run bench\``);
    return median(ratios(result, 0));
  };
  const log = ["log", "-1", "--format=%as", "--", "docs/bench.json"];
  const date = execFileSync("git", log, { cwd: root, encoding: "utf8" }).trim();
  return { cnn: ratio("cnn"), lstm: ratio("lstm"), fromScratch: ratio("from-scratch"), date };
}
