import { existsSync } from "node:fs";
import { DAYS } from "../curriculum.js";
import { staleExports } from "../export/export.js";
import { readProgress, staleProgress } from "../readme/progress.js";
import { errorMessage } from "./errors.js";
import { readIfPresent } from "./files.js";
import { codeHash, executedCells, parseNotebook, type Notebook } from "./notebook.js";
import { readNotebookText } from "./notebook-file.js";
import { figureOf, hasDamagedPicture, hasPicture } from "./outputs.js";
import type { Collection } from "./paths.js";
import { changedReads } from "./reads.js";
import { parseResults } from "./results.js";
import type { Stale } from "./stale.js";

/** Looks at committed files of some days. Runs nothing. */
type Check = (collection: Collection, days: readonly number[]) => Stale[] | Promise<Stale[]>;

/** All checks of `--check`, in the order of their report. */
const CHECKS: readonly Check[] = [checkNotebooks, checkResults, staleExports, checkProgress];

/** Everything that is stale, among the given days and the files of the whole collection. */
export async function findStale(collection: Collection, days: readonly number[]): Promise<Stale[]> {
  const stale: Stale[] = [];
  for (const check of CHECKS) stale.push(...(await check(collection, days)));
  return stale;
}

function checkNotebooks(collection: Collection, days: readonly number[]): Stale[] {
  return existing(collection, days).flatMap((day) => {
    const file = collection.relative(collection.notebook(day));
    const command = saveCommand(day);
    try {
      const notebook = parseNotebook(readNotebookText(collection.notebook(day), file), file, day);
      return staleOutputs(collection, notebook).map((problem) => ({ file, problem, command }));
    } catch (error) {
      return [{ file, problem: errorMessage(error), command }];
    }
  });
}

/** Why a notebook's saved outputs are not those of its code, or of the results that it reads; empty when they are. */
export function staleOutputs(collection: Collection, notebook: Notebook): string[] {
  const { codeHash: saved } = notebook.metadata.nn30;
  if (saved === undefined) return ["has no saved outputs"];
  if (saved !== codeHash(notebook)) return ["its code has changed since its outputs were saved"];
  const changed = changedReads(collection, notebook.metadata.nn30);
  if (changed.length > 0) {
    const days = `day${changed.length === 1 ? "" : "s"} ${changed.join(", ")}`;
    return [`it reads results that have changed since its outputs were saved: ${days}`];
  }
  return executedCells(notebook).flatMap(({ number, cell }) => {
    const outputs = cell.outputs ?? [];
    if (cell.execution_count !== number) return [`cell ${number} has no saved outputs`];
    if (outputs.some((output) => output.output_type === "error") && !cell.metadata.tags?.includes("raises-exception")) {
      return [`cell ${number} has an error among its outputs`];
    }
    if (outputs.some(hasDamagedPicture)) return [`cell ${number} has a damaged picture`];
    const bare = outputs.some((output) => figureOf(output) !== undefined && !hasPicture(output));
    return bare ? [`cell ${number} has a figure without its picture`] : [];
  });
}

function checkResults(collection: Collection, days: readonly number[]): Stale[] {
  return existing(collection, days).flatMap((day) => {
    const file = collection.relative(collection.results(day));
    const command = saveCommand(day);
    const text = readIfPresent(collection.results(day));
    if (text === undefined) return [{ file, problem: "is missing", command }];
    try {
      const results = parseResults(text);
      return results.day === day ? [] : [{ file, problem: `is that of day ${results.day}`, command }];
    } catch (error) {
      return [{ file, problem: errorMessage(error), command }];
    }
  });
}

function checkProgress(collection: Collection, days: readonly number[]): Stale[] {
  const done = readProgress(collection);
  const unlisted = existing(collection, days).filter((day) => !done.has(day));
  return [
    ...staleProgress(collection).map((file) => ({
      file,
      problem: "does not show the progress as it is",
      command: "npm run verify",
    })),
    ...unlisted.map((day) => ({
      file: "README.md",
      problem: `does not show Day ${day} as done, though its notebook is there`,
      command: `npm run verify -- ${day}`,
    })),
  ];
}

function existing(collection: Collection, days: readonly number[]): number[] {
  return DAYS.map(({ day }) => day).filter((day) => days.includes(day) && existsSync(collection.notebook(day)));
}

export function saveCommand(day: number): string {
  return `npm run verify -- ${day} --save`;
}
