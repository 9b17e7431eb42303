import { existsSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../runner/errors.js";
import type { Collection } from "../runner/paths.js";
import { selectDays } from "../runner/selection.js";

/**
 * Notebooks that arguments name: days as for the runner, or any notebook below the collection's root. No argument means
 * all days that have been written.
 *
 * @returns absolute paths
 * @throws UsageError for an argument that names no notebook
 */
export function selectNotebooks(args: readonly string[], collection: Collection): string[] {
  if (args.length === 0) return ofDays(selectDays([], collection), collection).filter((file) => existsSync(file));
  const files = args.flatMap((arg) => {
    const file = [path.resolve(arg), path.resolve(collection.root, arg)].find(isNotebook);
    return file === undefined ? ofDays(selectDays([arg], collection), collection) : [file];
  });
  for (const file of files) {
    if (!existsSync(file)) throw new UsageError(`${collection.relative(file)} has not been written yet`);
    if (collection.relative(file).startsWith("..")) {
      throw new UsageError(`${file} lies outside of ${collection.root}: state its folder with --root`);
    }
  }
  return [...new Set(files)];
}

function ofDays(days: readonly number[], collection: Collection): string[] {
  return days.map((day) => collection.notebook(day));
}

function isNotebook(file: string): boolean {
  return file.endsWith(".ipynb") && existsSync(file);
}
