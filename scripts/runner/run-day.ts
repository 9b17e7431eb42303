import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { covers, readEntry, writeEntry } from "./cache.js";
import { saveCommand, staleOutputs } from "./check.js";
import { closureHash } from "./closure.js";
import { errorMessage } from "./errors.js";
import { compareWithCommitted, knownClaims, proseFailures, readResults } from "./evidence.js";
import { rememberNetworks, restoreAltered } from "./handed-on.js";
import type { LessonResults } from "./results.js";
import { describeFailure, type Failure } from "./failure.js";
import { environmentOf, kernelRequest, resultsFile } from "./kernel-request.js";
import { executedCells } from "./notebook.js";
import { isVerified, type Outcome, type Status } from "./outcome.js";
import type { Collection } from "./paths.js";
import { saveRun } from "./save.js";
import type { LoadedDay, RunSettings } from "./settings.js";
import { executeNotebook } from "./worker.js";

/** Four times what the author allows, at least ten minutes; more where cells may take longer (`--full`). */
function defaultNotebookTimeout(timeBudget: number, cellTimeout: number): number {
  return Math.max(600, 4 * timeBudget, 2 * cellTimeout);
}

/** Whether the cache says that a day has passed as it is now. */
export function isCached({ collection, environment, force, full, save }: RunSettings, loaded: LoadedDay): boolean {
  if (force) return false;
  if (save && (staleOutputs(collection, loaded.notebook).length > 0 || !existsSync(collection.results(loaded.day))))
    return false;
  // A success whose claims are lost cannot be held against the text.
  return (
    covers(readEntry(collection, loaded.day), closureHash(environment, loaded.notebook, collection), full) &&
    knownClaims(collection, loaded.day) !== undefined
  );
}

/** Runs a day, or takes its result from the cache, and holds its text against it. Never rejects. */
export async function runDay(settings: RunSettings, loaded: LoadedDay): Promise<Outcome> {
  const outcome = await runOrRecall(settings, loaded);
  if (!isVerified(outcome)) return outcome;
  const failures = proseFailures(settings.collection, loaded.day, loaded.notebook);
  return failures.length === 0 ? outcome : { ...outcome, status: "failed", failures };
}

async function runOrRecall(settings: RunSettings, loaded: LoadedDay): Promise<Outcome> {
  const { collection, progress } = settings;
  const { day, notebook } = loaded;
  if (isCached(settings, loaded)) {
    const { cells, claims, seconds, peakBytes } = readEntry(collection, day)!;
    return { day, status: "cached", failures: [], notes: [], cells, claims, seconds, peakBytes };
  }
  const missing = notebook.metadata.nn30.needs.find((needed) => !existsSync(collection.results(needed)));
  if (missing !== undefined) {
    const file = collection.relative(collection.results(missing));
    const reason = `it needs the results of day ${missing}, but ${file} is missing`;
    return failed(day, { reason, fix: saveCommand(missing) });
  }
  progress.started(day, executedCells(notebook).length);
  const workFolder = `${collection.run(day)}.${process.pid}`;
  try {
    await rm(workFolder, { recursive: true, force: true });
    await mkdir(workFolder, { recursive: true });
    const putBack = settings.save ? undefined : rememberNetworks(collection, day);
    const outcome = await execute(settings, loaded, workFolder).finally(putBack);
    const kept = await keep(collection, day, workFolder, outcome.status);
    if (kept === undefined || outcome.status === "passed") return outcome;
    return { ...outcome, copy: collection.relative(path.join(kept, path.basename(collection.notebook(day)))) };
  } catch (error) {
    await rm(workFolder, { recursive: true, force: true }).catch(() => undefined);
    if (settings.signal.aborted) return { day, status: "interrupted", failures: [], notes: [] };
    return failed(day, { reason: errorMessage(error) });
  }
}

/** Puts what a run has left where people find it. A failed one does not replace what the last good one has left. */
async function keep(collection: Collection, day: number, folder: string, status: Status): Promise<string | undefined> {
  const good = collection.run(day);
  const bad = `${good}-failed`;
  await rm(bad, { recursive: true, force: true });
  if (status === "interrupted") {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
  const kept = status === "passed" ? good : bad;
  await rm(kept, { recursive: true, force: true });
  await rename(folder, kept);
  return kept;
}

async function execute(settings: RunSettings, loaded: LoadedDay, folder: string): Promise<Outcome> {
  const { collection, environment, full, cellTimeout, progress, signal } = settings;
  const { day, json, notebook } = loaded;
  const key = closureHash(environment, notebook, collection);
  const copy = path.join(folder, path.basename(collection.notebook(day)));
  const results = resultsFile(folder);
  await writeFile(copy, json);
  const { nn30 } = notebook.metadata;
  const { error, seconds, peakBytes } = await executeNotebook(
    {
      ...kernelRequest(settings, loaded, folder),
      notebook: copy,
      output: copy,
      notebookTimeout: settings.notebookTimeout ?? defaultNotebookTimeout(nn30.timeBudget, cellTimeout),
    },
    environmentOf(settings, folder),
    signal,
    {
      onCell: (cell, cells) => progress.cell(day, cell, cells),
      onCellDone: (cell, cellSeconds) => progress.cellDone(day, cell, cellSeconds),
    },
  );
  const measured = { day, cells: executedCells(notebook).length, seconds, peakBytes };
  const failing = (failures: Failure[]): Outcome => ({ ...measured, status: "failed", failures, notes: [] });
  if (signal.aborted && error?.kind === "interrupted") {
    return { ...measured, status: "interrupted", failures: [], notes: [] };
  }
  if (error !== undefined) {
    const failure = describeFailure(error, notebook);
    return failing([{ ...failure, fix: failure.fix ?? restoreAltered(collection, notebook.metadata.nn30) }]);
  }
  let fresh: LessonResults;
  try {
    fresh = readResults(results, day);
  } catch (cause) {
    return failing([{ reason: errorMessage(cause) }]);
  }
  const notes: string[] = [];
  if (settings.save) {
    if (signal.aborted) return { ...measured, status: "interrupted", failures: [], notes: [] };
    try {
      const written = await saveRun({ collection, day, executed: notebook, copy, results, full });
      if (written.length > 0) notes.push("saved");
    } catch (cause) {
      return failing([{ reason: errorMessage(cause) }]);
    }
  } else {
    const contradictions = compareWithCommitted(collection, day, fresh, full);
    if (contradictions === undefined) notes.push("results are new");
    else if (contradictions.length > 0) return failing(contradictions);
  }
  const claims = fresh.claims.length;
  // What was saved belongs to the closure, what was edited during the run does not.
  const cacheKey = settings.save ? closureHash(environment, notebook, collection) : key;
  await writeEntry(collection, day, {
    format: 1,
    key: cacheKey,
    full,
    cells: measured.cells,
    claims,
    seconds,
    peakBytes,
  });
  return { ...measured, claims, status: "passed", failures: [], notes };
}

export function failed(day: number, failure: Failure): Outcome {
  return { day, status: "failed", failures: [failure], notes: [] };
}
