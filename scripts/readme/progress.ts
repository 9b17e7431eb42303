import { existsSync, readFileSync } from "node:fs";
import { DAYS } from "../curriculum.js";
import { errorMessage, UsageError } from "../runner/errors.js";
import { readIfPresent, writeIfChanged } from "../runner/files.js";
import type { Collection } from "../runner/paths.js";
import { renderBadge, renderBadgeLink } from "./badge.js";
import { section, splice } from "./splice.js";
import { parseTracker, renderTracker, type DoneDays } from "./tracker.js";

const BADGE = "progress-badge";
const TRACKER = "progress-tracker";

/** The days that the README calls done and that have a notebook. @throws UsageError for a README without its markers */
export function readProgress(collection: Collection): Set<number> {
  const done = parseTracker(within(() => section(readme(collection), TRACKER, "README.md")));
  within(() => section(readme(collection), BADGE, "README.md"));
  return new Set([...done].filter((day) => day <= DAYS.length && existsSync(collection.notebook(day))));
}

/**
 * Brings badge and tracker up to date. Days that were not looked at keep their state, except that a day without a
 * notebook is never done.
 *
 * @param verified for every day that was looked at, whether it passed
 * @returns the files that were written, relative to the root
 */
export async function refreshProgress(
  collection: Collection,
  verified: ReadonlyMap<number, boolean>,
): Promise<string[]> {
  const done = readProgress(collection);
  for (const [day, passed] of verified) {
    if (passed) done.add(day);
    else done.delete(day);
  }
  const written: string[] = [];
  if (await writeIfChanged(collection.readme, withProgress(readme(collection), done))) written.push("README.md");
  if (await writeIfChanged(collection.badge, renderBadge(done))) written.push(collection.relative(collection.badge));
  return written;
}

/** The files among README and badge that are not what {@link refreshProgress} would leave. */
export function staleProgress(collection: Collection): string[] {
  const done = readProgress(collection);
  const stale: string[] = [];
  if (readme(collection) !== withProgress(readme(collection), done)) stale.push("README.md");
  if (readIfPresent(collection.badge) !== renderBadge(done)) stale.push(collection.relative(collection.badge));
  return stale;
}

function withProgress(text: string, done: DoneDays): string {
  const badged = splice(text, BADGE, renderBadgeLink(done), "README.md");
  return splice(badged, TRACKER, renderTracker(done), "README.md");
}

function readme(collection: Collection): string {
  return within(() => readFileSync(collection.readme, "utf8"));
}

function within<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(
      `${errorMessage(error)}; put it back, or restore the file with: git checkout HEAD -- README.md`,
    );
  }
}
