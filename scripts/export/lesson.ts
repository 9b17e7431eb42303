import { existsSync } from "node:fs";
import { DAYS, type Day } from "../curriculum.js";
import { UsageError, errorMessage } from "../runner/errors.js";
import { readIfPresent } from "../runner/files.js";
import { type LessonMetadata, type Notebook, parseNotebook } from "../runner/notebook.js";
import { readNotebookText } from "../runner/notebook-file.js";
import type { Collection } from "../runner/paths.js";
import { parseResults } from "../runner/results.js";
import { type Chart, chartsOf } from "./charts.js";
import { type Claim, headlineClaim, parseClaims } from "./claims.js";

/** Everything that a day's exports are made from. */
export interface Lesson {
  day: Day;
  /** The notebook's file, and the same relative to the collection's root. */
  file: string;
  name: string;
  /** Content of the file. */
  json: string;
  notebook: Notebook;
  metadata: LessonMetadata;
  charts: Chart[];
  claims: Claim[];
  headline: Claim;
}

/** A lesson that cannot be exported yet, and the command that changes that. */
export class UnfinishedLesson extends UsageError {
  override name = "UnfinishedLesson";

  constructor(
    message: string,
    readonly command: string,
  ) {
    super(`${message}: run ${command} first`);
  }
}

/** Whether the collection has a notebook of the day. */
export function hasNotebook(collection: Collection, day: number): boolean {
  return existsSync(collection.notebook(day));
}

/**
 * Reads a day's notebook and results.
 *
 * @throws UnfinishedLesson when outputs or results have not been saved
 * @throws UsageError when notebook or results are not what they should be
 */
export function readLesson(collection: Collection, number: number): Lesson {
  const file = collection.notebook(number);
  const name = collection.relative(file);
  if (!existsSync(file)) throw new UsageError(`${name}: expected the notebook of day ${number} but there is none`);
  const json = readNotebookText(file, name);
  const notebook = parseNotebook(json, name, number);
  const save = `npm run verify -- ${number} --save`;
  if (!notebook.cells.some(({ outputs = [] }) => outputs.length > 0)) {
    throw new UnfinishedLesson(`${name} has no saved outputs`, save);
  }
  notebook.cells.forEach((cell, index) => {
    if ("attachments" in cell && Object.keys(cell.attachments as object).length > 0) {
      throw new UsageError(
        `${name}, cell ${index + 1}: pictures pasted into a cell cannot be exported; ` +
          `put the file beside the notebook and link to it`,
      );
    }
  });
  const results = collection.relative(collection.results(number));
  const resultsJson = readIfPresent(collection.results(number));
  if (resultsJson === undefined) throw new UnfinishedLesson(`${results} does not exist`, save);
  const claims = parseClaims(claimsIn(resultsJson, results), results);
  const metadata = notebook.metadata.nn30;
  return {
    day: DAYS[number - 1],
    file,
    name,
    json,
    notebook,
    metadata,
    charts: chartsOf(notebook, name),
    claims,
    headline: headlineClaim(claims, metadata.headline, name),
  };
}

function claimsIn(json: string, name: string): unknown {
  try {
    return parseResults(json).claims;
  } catch (error) {
    throw new UsageError(`${name}: ${errorMessage(error)}`);
  }
}

/** The chart that stands for a lesson: of the cell tagged `week-chart`, else the first. */
export function leadingChart({ charts }: Lesson): Chart | undefined {
  return charts.find(({ tags }) => tags.includes("week-chart")) ?? charts[0];
}
