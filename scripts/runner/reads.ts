import { createHash } from "node:crypto";
import { readIfPresent } from "./files.js";
import type { LessonMetadata } from "./notebook.js";
import type { Collection } from "./paths.js";

/**
 * Hashes of the results that a notebook reads, by the day that they are of. Saved beside the outputs, they tell whether
 * these are still up to date. A day without results has no hash.
 */
export function hashesOfReads(collection: Collection, { needs }: LessonMetadata): Record<string, string> {
  const hashes = needs.flatMap((day) => {
    const text = readIfPresent(collection.results(day));
    return text === undefined ? [] : [[day, createHash("sha256").update(text).digest("hex").slice(0, 16)]];
  });
  return Object.fromEntries(hashes) as Record<string, string>;
}

/** The days whose results have changed since the outputs of a notebook that reads them were saved. */
export function changedReads(collection: Collection, lesson: LessonMetadata): number[] {
  const now = hashesOfReads(collection, lesson);
  return lesson.needs.filter((day) => lesson.reads?.[day] !== now[day]);
}
