import { z } from "zod";
import { readEntry } from "./cache.js";
import { UsageError } from "./errors.js";
import { readIfPresent } from "./files.js";
import { readLessons } from "./lessons.js";
import type { LessonMetadata } from "./notebook.js";
import type { Collection } from "./paths.js";
import { parseResults } from "./results.js";

/** What docs/durations.json holds; scripts/scale writes it. */
const durationsSchema = z.looseObject({
  /** Seconds of a day's last measured run, by day. */
  days: z.record(z.string(), z.number().nonnegative()),
});

/** For a notebook that says nothing that can be read: it fails, wherever it runs. */
const DEFAULT_SECONDS = 60;

/**
 * Seconds that a day takes according to committed files, so that every machine reckons with the same: as last measured,
 * else as its author allows. A day without a notebook takes none.
 */
export function committedSeconds(collection: Collection): (day: number) => number {
  const measured = measuredSeconds(collection);
  const lessons = readLessons(collection);
  return (day) => {
    if (!lessons.has(day)) return 0;
    return measured[day] ?? lessons.get(day)?.metadata.nn30.timeBudget ?? DEFAULT_SECONDS;
  };
}

/**
 * Seconds that a day may take on this machine, to start the longest first: as many as the last time, else as its author
 * allows, and those of its recorded trainings where all of them are done again (`full`).
 */
export function expectedSeconds(collection: Collection, lesson: LessonMetadata, full: boolean): number {
  const seconds = readEntry(collection, lesson.day)?.seconds ?? lesson.timeBudget;
  return full ? seconds + trainingSeconds(collection, lesson.day) : seconds;
}

function trainingSeconds(collection: Collection, day: number): number {
  try {
    const { experiments } = parseResults(readIfPresent(collection.results(day)) ?? "");
    const runs = Object.values(experiments).flatMap(({ runs }) => runs);
    return runs.reduce((sum, { seconds }) => sum + seconds, 0);
  } catch {
    return 0; // The run will say what is wrong with them.
  }
}

function measuredSeconds(collection: Collection): Record<string, number> {
  const text = readIfPresent(collection.durations);
  if (text === undefined) return {};
  try {
    return durationsSchema.parse(JSON.parse(text)).days;
  } catch (error) {
    const file = collection.relative(collection.durations);
    throw new UsageError(`${file} cannot be read: take the committed one back (git checkout ${file})`, {
      cause: error,
    });
  }
}
