import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWholeFile } from "../data/whole-file.js";
import type { ClaimRecord } from "./claim.js";

/** One training: its seed, how long it took, and what came out. */
export interface RunRecord {
  seed: number;
  seconds: number;
  /** What the run ends with, by name. */
  metrics: Record<string, number>;
  /** What was measured on the way, by name: one value an epoch (or step). */
  history: Record<string, number[]>;
  versions: Record<string, string>;
}

/** Every run of one experiment. */
export interface ExperimentRecord {
  /** Hash of the configuration and of the source of the function that runs it. */
  key: string;
  config: unknown;
  /** How far a fresh run may be from its record, relative to max(1, |value|). */
  tolerance: number;
  /** The same after a full run, where it differs. */
  fullTolerance?: number;
  runs: RunRecord[];
}

/** The content of a day's `results.json`. */
export interface LessonResults {
  format: 1;
  day: number;
  seed: number;
  versions: Record<string, string>;
  claims: ClaimRecord[];
  experiments: Record<string, ExperimentRecord>;
}

/**
 * Reads what another day has stated and measured, from the `results.json` beside its notebook, so that no number is
 * typed twice.
 *
 * @param day - 1 to 30.
 * @returns The day's claims and experiments.
 * @throws Error when there is no such file, with the command that makes it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resultsOf } from "@nn30/shared";
 * const { claims } = resultsOf(1);
 * assert.equal(claims.every((claim) => claim.holds), true);
 * ```
 */
export function resultsOf(day: number): LessonResults {
  const file = join(dayFolder(day), "results.json");
  const results = readResults(file);
  if (!results) {
    throw new Error(`Day ${day} has no results: expected ${file}. Make it with: npm run verify -- ${day} --save`);
  }
  return results;
}

/** The results in a file, or `undefined` when the file does not exist. */
export function readResults(file: string): LessonResults | undefined {
  if (!existsSync(file)) return undefined;
  // From the last commit, not from the index: that holds no whole file during a merge.
  const restore = `Restore it with: git checkout HEAD -- "${file}"`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} is not JSON. ${restore}`, { cause });
  }
  const { format } = (parsed ?? {}) as Partial<LessonResults>;
  if (format !== 1) {
    throw new Error(`${file}: expected results of format 1 but got ${JSON.stringify(format)}. ${restore}`);
  }
  return parsed as LessonResults;
}

/** Writes results whole or not at all. */
export function writeResults(file: string, results: LessonResults): void {
  mkdirSync(dirname(file), { recursive: true });
  writeWholeFile(file, `${JSON.stringify(results, null, 1)}\n`);
}

/** The folder of a day's notebook: that of the collection which the working directory belongs to. */
export function dayFolder(day: number): string {
  return join(collectionRoot(), `Week${Math.min(4, Math.ceil(day / 7))}`, `Day${day}`);
}

/**
 * The folder that holds `Week1`…`Week4`. A notebook's kernel starts in the notebook's folder, so it is looked for
 * upwards from there; anything else (a test, a script) gets the checkout that this package belongs to.
 */
export function collectionRoot(): string {
  for (let folder = process.cwd(); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "Week1"))) return folder;
  }
  return join(__dirname, "..", "..", "..");
}
