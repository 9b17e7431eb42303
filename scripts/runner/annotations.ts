import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Failure } from "./failure.js";
import type { Outcome } from "./outcome.js";
import type { Collection } from "./paths.js";
import { placeOf } from "./report.js";
import { sourceLine } from "./source-line.js";

/** GitHub shows ten errors of a step and drops the others without a word. */
const LIMIT = 10;

/** Failures as annotations of the notebook files, for GitHub Actions. What is above its limit is counted in the last. */
export function annotations(outcomes: readonly Outcome[], collection: Collection): string[] {
  const root = repositoryRoot(collection.root);
  const lines = outcomes.flatMap((outcome) => {
    const file = relative(root, collection.notebook(outcome.day));
    return outcome.failures.map((failure) => {
      const at = annotatedLine(collection.notebook(outcome.day), failure);
      const properties = [`file=${escapeProperty(file)}`, ...(at === undefined ? [] : [`line=${at}`])].join(",");
      const place = placeOf(failure);
      return `::error ${properties}::${escapeData(`Day ${outcome.day}${place}: ${failure.reason}`)}`;
    });
  });
  if (lines.length <= LIMIT) return lines;
  const shown = lines.slice(0, LIMIT - 1);
  return [...shown, `::error::${lines.length - shown.length} more failures: the log of this step has them all`];
}

/** GitHub counts paths from the root of the repository, which a collection may lie below. */
function repositoryRoot(folder: string): string {
  for (let above = folder; ; above = path.dirname(above)) {
    if (existsSync(path.join(above, ".git"))) return above;
    if (above === path.dirname(above)) return folder;
  }
}

/** With forward slashes on every system, and through symbolic links. */
function relative(root: string, file: string): string {
  const real = (name: string) => (existsSync(name) ? realpathSync(name) : name);
  return path.relative(real(root), real(file)).split(path.sep).join("/");
}

function annotatedLine(notebook: string, { index, line }: Failure): number | undefined {
  if (index === undefined || line === undefined) return undefined;
  try {
    const json = readFileSync(notebook, "utf8");
    const { cells } = JSON.parse(json) as { cells: unknown[] };
    return sourceLine(json, cells.length, index, line);
  } catch {
    return undefined;
  }
}

function escapeData(text: string): string {
  const plain = stripVTControlCharacters(text);
  return plain.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
