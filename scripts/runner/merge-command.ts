import path from "node:path";
import colors from "picocolors";
import { conclude, print, updateProgress } from "./conclude.js";
import { acquireLock } from "./lock.js";
import { mergeReports } from "./merge.js";
import type { Collection } from "./paths.js";
import { readReports } from "./shard-report.js";

export interface MergeOptions {
  collection: Collection;
  /** Reports, and folders with reports. */
  paths: readonly string[];
  junit?: string;
  signal: AbortSignal;
}

/**
 * `--merge`: runs nothing; puts the reports of all shards together, and writes badge and tracker once for all.
 *
 * @returns the exit code: a shard that is missing counts as a failure
 * @throws UsageError for reports that do not belong together, or not to this checkout
 */
export async function merge({ collection, paths, junit, signal }: MergeOptions): Promise<number> {
  const release = await acquireLock(
    path.join(collection.cache, "verify.lock"),
    (pid) => print(`Waiting for another run (process ${pid}) to finish…`),
    signal,
  );
  process.once("exit", release);
  const reports = await readReports(paths);
  const { outcomes, news, missing, count } = mergeReports(collection, reports);
  const seconds = Math.max(...reports.map((report) => report.seconds));
  return conclude({ collection, outcomes, news, seconds, junit, interrupted: false }, async () => {
    const of = `${count === 1 ? "the only shard" : `${reports.length} of ${count} shards`}; the seconds are the longest one's`;
    if (missing.length > 0)
      return colors.yellow(`Put together from ${of}. Badge and tracker are as they were: wait for the others.`);
    return [`Put together from ${of}.`, await updateProgress(collection, outcomes)].filter(Boolean).join(" ");
  });
}
