import { existsSync } from "node:fs";
import path from "node:path";
import colors from "picocolors";
import { DAYS } from "../curriculum.js";
import { readProgress } from "../readme/progress.js";
import { findStale } from "./check.js";
import { environmentHash, environmentParts } from "./closure.js";
import { conclude, EXIT, print, updateProgress } from "./conclude.js";
import { expectedSeconds } from "./durations.js";
import { errorMessage, UsageError } from "./errors.js";
import { handsOnNetworks } from "./handed-on.js";
import { removeLeftovers } from "./leftovers.js";
import { acquireLock } from "./lock.js";
import { parseNotebook } from "./notebook.js";
import { readNotebookText } from "./notebook-file.js";
import { assertAcyclic, criticalSeconds, needsOf } from "./order.js";
import { isVerified, withDoubts, type Outcome } from "./outcome.js";
import { INSTALLATION, kernelSpecPath, pythonPath } from "./paths.js";
import { liveProgress, plainProgress, type Progress } from "./progress.js";
import { defaultJobs, threadsPerJob } from "./resources.js";
import { failed, isCached, runDay } from "./run-day.js";
import { schedule } from "./schedule.js";
import { daysOfShard, type Shard } from "./shard.js";
import { openReport } from "./shard-report.js";
import type { LoadedDay, RunOptions, RunSettings } from "./settings.js";
import { tryGateway } from "./try-gateway.js";

export interface VerifyOptions extends RunOptions {
  days: readonly number[];
  jobs?: number;
  failFast: boolean;
  verbose: boolean;
  /** Run only this part of the days, and leave a report of it instead of touching badge and tracker. */
  shard?: Shard;
  /** Where a shard leaves its report. */
  report?: string;
  /** Where to write JUnit's XML. */
  junit?: string;
}

/**
 * Verifies the chosen days and refreshes badge and tracker.
 *
 * @returns the exit code
 * @throws UsageError for what has to be mended before anything can run
 */
export async function verify(options: VerifyOptions): Promise<number> {
  const { collection, shard, signal } = options;
  const started = performance.now();
  readProgress(collection); // A README that cannot be refreshed is better known before the run than after it.
  const progress = chooseProgress(options);
  try {
    const release = await acquireLock(
      path.join(collection.cache, "verify.lock"),
      (sentence) => progress.message(sentence),
      signal,
    );
    process.once("exit", release);
    await removeLeftovers(collection);
    const days = shard === undefined ? options.days : daysOfShard(collection, options.days, shard);
    const parts = environmentParts();
    const report = shard && (await openReport({ ...options, shard, chosen: options.days, days, environment: parts }));
    const outcomes = await runDays({ ...options, days }, parts, progress);
    progress.end();
    const seconds = (performance.now() - started) / 1000;
    const run = { ...options, outcomes, news: outcomes, seconds, interrupted: signal.aborted };
    return await conclude(run, () => report?.write(outcomes, seconds) ?? updateProgress(collection, outcomes));
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    progress.end();
  }
}

async function runDays(options: VerifyOptions, parts: Record<string, string>, progress: Progress): Promise<Outcome[]> {
  const { collection, days, signal } = options;
  const outcomes = new Map<number, Outcome>();
  const stop = new AbortController();
  if (signal.aborted) stop.abort();
  signal.addEventListener("abort", () => stop.abort(), { once: true });
  const settle = (outcome: Outcome): boolean => {
    outcomes.set(outcome.day, outcome);
    if (outcome.status !== "pending" && outcome.status !== "cached") progress.done(outcome);
    if (outcome.status === "failed" && options.failFast) stop.abort();
    return isVerified(outcome);
  };

  const settings: RunSettings = {
    ...options,
    parts,
    environment: environmentHash(parts),
    threads: 1,
    progress,
    signal: stop.signal,
  };
  const loaded = new Map<number, LoadedDay>();
  const waiting: LoadedDay[] = [];
  for (const day of days) {
    if (!existsSync(collection.notebook(day))) {
      settle({ day, status: "pending", failures: [], notes: [] });
      continue;
    }
    try {
      const name = collection.relative(collection.notebook(day));
      const json = readNotebookText(collection.notebook(day), name);
      const entry = { day, json, notebook: parseNotebook(json, name, day) };
      if (!isCached(settings, entry)) waiting.push(entry);
      loaded.set(day, entry);
    } catch (error) {
      settle(failed(day, { reason: errorMessage(error) }));
    }
  }
  const needs = needsOf(new Map([...loaded].map(([day, { notebook }]) => [day, notebook])));
  assertAcyclic(needs);
  if (waiting.length > 0) assertInstalled();
  const jobs = Math.max(1, Math.min(options.jobs ?? defaultJobs(), waiting.length));
  settings.threads = threadsPerJob(jobs);
  if (options.gateway && waiting.length > 0) await tryGateway(settings, waiting[0]);
  // Saving may change the results that a day reads, so it comes after those it needs. Otherwise it reads what is
  // committed, and waits for nobody but for days that are about to write their networks anew, until these are put back.
  const isAwaited = (day: number) => options.save || (options.full && handsOnNetworks(collection, day));
  const awaited = new Set([...needs.keys()].filter(isAwaited));
  const after = new Map([...needs].map(([day, needed]) => [day, needed.filter((other) => awaited.has(other))]));
  const seconds = criticalSeconds(after, (day) =>
    expectedSeconds(collection, loaded.get(day)!.notebook.metadata.nn30, options.full),
  );
  await schedule(
    [...loaded.keys()].map((day) => ({ day, needs: after.get(day)!, priority: seconds.get(day)! })),
    jobs,
    async (day) => settle(await runDay(settings, loaded.get(day)!)),
    (day, needed) => {
      const reason = `not run: needs day ${needed}, which did not pass`;
      settle({ day, status: "not run", failures: [{ reason }], notes: [] });
    },
    settings.signal,
  );
  return withDoubts(
    days.map((day) => outcomes.get(day) ?? { day, status: "interrupted", failures: [], notes: [] }),
    needs,
  );
}

function assertInstalled(): void {
  for (const file of [pythonPath(), kernelSpecPath()]) {
    if (existsSync(file)) continue;
    throw new UsageError(`set-up is incomplete (no ${path.relative(INSTALLATION, file)}): run npm run setup`);
  }
}

/** `--check`: runs nothing, reports what is stale. */
export async function check({ collection, days }: Pick<VerifyOptions, "collection" | "days">): Promise<number> {
  const stale = await findStale(collection, days);
  for (const { file, problem, command } of stale) print(`${colors.red("✗")} ${file}: ${problem}\n  → ${command}`);
  const notebooks = DAYS.filter(({ day }) => days.includes(day) && existsSync(collection.notebook(day))).length;
  if (stale.length === 0)
    print(`${colors.green("✓")} ${notebooks} notebooks, what is exported from them, README and badge are up to date`);
  return stale.length === 0 ? EXIT.ok : EXIT.failed;
}

function chooseProgress({ verbose }: VerifyOptions): Progress {
  const live = process.stdout.isTTY && process.env.CI === undefined && !verbose;
  return live ? liveProgress(process.stdout) : plainProgress(print, verbose);
}
