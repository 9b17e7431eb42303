import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { DAYS } from "../curriculum.js";
import { PICTURES } from "../export/charts.js";
import { removePartial } from "./whole-files.js";
import type { Collection } from "./paths.js";

/** Removes what killed runs have left. To be called while we hold the lock, so that nobody else is running. */
export async function removeLeftovers(collection: Collection): Promise<void> {
  await removeAbandonedRuns(path.join(collection.cache, "runs"));
  await removePartialFiles(collection);
}

/** Removes files that killed processes were writing, wherever we write. */
export async function removePartialFiles(collection: Collection): Promise<void> {
  const folders = DAYS.map(({ day }) => collection.folder(day));
  await Promise.all(
    [
      collection.root,
      path.dirname(collection.badge),
      ...folders,
      ...folders.map((folder) => path.join(folder, PICTURES)),
      ...["verify", "charts", "export", "html"].map((name) => path.join(collection.cache, name)),
    ].map(removePartial),
  );
}

async function removeAbandonedRuns(runs: string): Promise<void> {
  if (!existsSync(runs)) return;
  for (const name of await readdir(runs)) {
    // `day05.1234`: the folder in which process 1234 has run Day 5.
    if (/^day\d\d\.\d+$/.test(name)) await rm(path.join(runs, name), { recursive: true, force: true });
  }
}
