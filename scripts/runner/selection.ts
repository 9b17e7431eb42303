import { realpathSync } from "node:fs";
import path from "node:path";
import { DAYS } from "../curriculum.js";
import { UsageError } from "./errors.js";
import type { Collection } from "./paths.js";

/**
 * Days that arguments name: `5`, `1-14`, `1,3`, a notebook's path or a day's folder. No argument means all thirty.
 *
 * @throws UsageError for one that names no day
 */
export function selectDays(args: readonly string[], collection: Collection): number[] {
  if (args.length === 0) return DAYS.map(({ day }) => day);
  const days = new Set<number>();
  for (const arg of args) for (const day of namedDays(arg, collection)) days.add(day);
  return [...days].sort((a, b) => a - b);
}

function namedDays(arg: string, collection: Collection): number[] {
  if (!/^[\d,\s-]+$/.test(arg)) return [dayOfPath(arg, collection)];
  return arg.split(",").flatMap((part) => {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (match === null) throw unknown(arg);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (first < 1 || last > DAYS.length || first > last) {
      throw new UsageError(`"${part.trim()}": days are 1 to ${DAYS.length}, a range goes from the lower to the higher`);
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function dayOfPath(arg: string, collection: Collection): number {
  for (const candidate of [path.resolve(arg), path.resolve(collection.root, arg)]) {
    const file = resolved(candidate);
    const found = DAYS.find(({ day }) =>
      [collection.notebook(day), collection.folder(day)].some((own) => resolved(own) === file),
    );
    if (found !== undefined) return found.day;
  }
  throw unknown(arg);
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function unknown(arg: string): UsageError {
  return new UsageError(
    `"${arg}" names no day: expected a day (5), a range (1-14), a list (1,3) or a notebook of the course`,
  );
}
