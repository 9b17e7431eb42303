import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DAYS } from "../curriculum.js";
import { UsageError } from "../runner/errors.js";
import type { Collection } from "../runner/paths.js";
import { newNotebook } from "./notebook.js";

/**
 * Writes the notebook of a day that has none.
 *
 * @param day - number of the day, as it was typed
 * @param fileName - the name it was given, if any: it has to be the one of the curriculum, by which everything finds it
 * @returns absolute path of the notebook
 * @throws UsageError for a day that does not exist, another file name, or a day that has a notebook
 */
export function createDay(day: string, fileName: string | undefined, collection: Collection): string {
  const found = DAYS.find((each) => String(each.day) === day);
  if (found === undefined) throw new UsageError(`"${day}": expected a day from 1 to ${DAYS.length}`);
  if (fileName !== undefined && fileName.replace(/\.ipynb$/, "") !== found.file) {
    throw new UsageError(`Day ${day} is called "${found.file}" in scripts/curriculum.ts: got "${fileName}"`);
  }
  const folder = collection.folder(found.day);
  mkdirSync(folder, { recursive: true });
  const existing = readdirSync(folder).find((name) => name.endsWith(".ipynb"));
  if (existing !== undefined) {
    throw new UsageError(`${collection.relative(path.join(folder, existing))} exists already and was left as it is`);
  }
  const file = collection.notebook(found.day);
  writeFileSync(file, newNotebook(found), { flag: "wx" });
  return file;
}
