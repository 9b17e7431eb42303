import { existsSync } from "node:fs";
import { DAYS } from "../curriculum.js";
import { parseNotebook, type Notebook } from "./notebook.js";
import { readNotebookText } from "./notebook-file.js";
import type { Collection } from "./paths.js";

/** The notebooks of all days that have one; undefined stands for one that cannot be read, which a run reports. */
export function readLessons(collection: Collection): Map<number, Notebook | undefined> {
  return new Map(
    DAYS.filter(({ day }) => existsSync(collection.notebook(day))).map(({ day }) => [day, read(collection, day)]),
  );
}

function read(collection: Collection, day: number): Notebook | undefined {
  const file = collection.notebook(day);
  const name = collection.relative(file);
  try {
    return parseNotebook(readNotebookText(file, name), name, day);
  } catch {
    return undefined;
  }
}
