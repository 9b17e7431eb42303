import { handedOnHash } from "./closure.js";
import type { LessonMetadata } from "./notebook.js";
import type { Collection } from "./paths.js";

/**
 * Hashes of what a notebook reads, results and networks, by the day that hands it on. Saved beside the outputs, they tell
 * whether these are still up to date.
 */
export function hashesOfReads(collection: Collection, { needs }: LessonMetadata): Record<string, string> {
  return Object.fromEntries(needs.map((day) => [day, handedOnHash(collection, day).slice(0, 16)]));
}

/** The days whose results have changed since the outputs of a notebook that reads them were saved. */
export function changedReads(collection: Collection, lesson: LessonMetadata): number[] {
  const now = hashesOfReads(collection, lesson);
  return lesson.needs.filter((day) => lesson.reads?.[day] !== now[day]);
}
