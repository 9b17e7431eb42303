import path from "node:path";
import { saveCommand } from "./check.js";
import { errorMessage } from "./errors.js";
import type { Failure } from "./failure.js";
import { readIfPresent } from "./files.js";
import type { Notebook } from "./notebook.js";
import type { Collection } from "./paths.js";
import { proseMismatches } from "./prose.js";
import { disagreements, parseResults, type LessonResults } from "./results.js";

/** The results that a run wrote. @throws Error which says why they do not count */
export function readResults(file: string, day: number): LessonResults {
  const text = readIfPresent(file);
  if (text === undefined) throw new Error("it makes no claim (the run wrote no results)");
  const results = parseWritten(text);
  if (results.day !== day) throw new Error(`its results are for day ${results.day}, not for day ${day}`);
  if (results.claims.length === 0) throw new Error("it makes no claim");
  return results;
}

function parseWritten(text: string): LessonResults {
  try {
    return parseResults(text);
  } catch (error) {
    throw new Error(`the results that the run wrote cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}

/** Where fresh results, of all seeds or of the first ones, contradict the committed ones; undefined where none are. */
export function compareWithCommitted(
  collection: Collection,
  day: number,
  fresh: LessonResults,
  full: boolean,
): Failure[] | undefined {
  const committed = readIfPresent(collection.results(day));
  if (committed === undefined) return undefined;
  const fix = `if the fresh results are right, accept them: ${saveCommand(day)}${full ? " --full" : ""}`;
  const name = collection.relative(collection.results(day));
  try {
    return disagreements(parseResults(committed), fresh, full).map((reason) => ({
      reason: `disagrees with ${name}: ${reason}`,
      fix,
    }));
  } catch (error) {
    const restore = `restore it with: git checkout HEAD -- "${name}"`;
    return [{ reason: `${name} cannot be read: ${errorMessage(error)}`, fix: restore }];
  }
}

/** What a day claims: as committed or, where nothing is, in its last run. Undefined where none of it can be read. */
export function knownClaims(collection: Collection, day: number): LessonResults["claims"] | undefined {
  const text = readIfPresent(collection.results(day)) ?? readIfPresent(path.join(collection.run(day), "results.json"));
  try {
    return text === undefined ? undefined : parseResults(text).claims;
  } catch {
    return undefined;
  }
}

/**
 * Numbers in a notebook's text that are not what the claims that they link to say. Text decides nothing about a run, so
 * this is looked at each time.
 */
export function proseFailures(collection: Collection, day: number, notebook: Notebook): Failure[] {
  const claims = (knownClaims(collection, day) ?? []) as unknown as Parameters<typeof proseMismatches>[1];
  return proseMismatches(notebook.cells, claims).map(({ cellIndex, line, reason }) => ({
    reason,
    index: cellIndex,
    line,
    source: notebook.cells[cellIndex].source.split("\n")[line - 1],
  }));
}
