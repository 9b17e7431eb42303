import { DAYS } from "../curriculum.js";
import { readIfPresent } from "./files.js";
import { parseNotebook, type Notebook } from "./notebook.js";
import type { Collection } from "./paths.js";

/** The notebooks of all days that have one; undefined stands for one that cannot be read, which a run reports. */
export function readLessons(collection: Collection): Map<number, Notebook | undefined> {
  const lessons = new Map<number, Notebook | undefined>();
  for (const { day } of DAYS) {
    const json = readIfPresent(collection.notebook(day));
    if (json !== undefined) lessons.set(day, parsed(json, collection.relative(collection.notebook(day)), day));
  }
  return lessons;
}

function parsed(json: string, name: string, day: number): Notebook | undefined {
  try {
    return parseNotebook(json, name, day);
  } catch {
    return undefined;
  }
}
