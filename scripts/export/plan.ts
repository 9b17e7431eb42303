import { readdirSync } from "node:fs";
import path from "node:path";
import { DAYS } from "../curriculum.js";
import { UsageError } from "../runner/errors.js";
import { readIfPresent } from "../runner/files.js";
import type { Collection } from "../runner/paths.js";
import { CHART_FILE, PICTURES } from "./charts.js";
import { dayReadme } from "./day-readme.js";
import { blogDraft } from "./draft.js";
import { type Lesson, UnfinishedLesson, hasNotebook, readLesson } from "./lesson.js";
import { generatedBlock, replaceGenerated } from "./markers.js";
import { renderNotebooks } from "./render.js";
import { resultsSection } from "./root-readme.js";

/** What a file should be: its content, or undefined where it should not exist. */
export interface PlannedFile {
  file: string;
  content: string | Buffer | undefined;
  /** The day that it belongs to; none for the collection's README. */
  day?: number;
}

/** All that an export would write, and the days (or the README) that could not be exported, with the reason. */
export interface Plan {
  files: PlannedFile[];
  failures: { day?: number; error: UsageError }[];
}

/**
 * What the exports of some days should be: drafts with their pictures, the days' READMEs and the results in the
 * collection's README. Nothing is written.
 *
 * @param collection - Where the notebooks are.
 * @param days - The days to export.
 * @param neighbours - Whether the READMEs of the days before and after are planned too, if they exist: they link here.
 */
export async function planExport(
  collection: Collection,
  days: readonly number[],
  { neighbours = false } = {},
): Promise<Plan> {
  const plan: Plan = { files: [], failures: [] };
  const attempt = (day: number | undefined, work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      plan.failures.push({ day, error });
    }
  };
  const lessons = new Map<number, Lesson>();
  let damaged = false;
  for (const { day } of DAYS) {
    try {
      lessons.set(day, readLesson(collection, day));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (days.includes(day)) plan.failures.push({ day, error });
      damaged ||= hasNotebook(collection, day) && !(error instanceof UnfinishedLesson);
    }
  }
  const chosen = days.flatMap((day) => lessons.get(day) ?? []);
  const rendered = await renderNotebooks(chosen, "md", collection);
  for (const lesson of chosen) {
    attempt(lesson.day.day, () => {
      const body = rendered.get(lesson.day.day);
      if (body instanceof Error) throw body;
      // All of a day or nothing of it: the README is planned first because it may fail.
      const readme = planReadme(collection, lesson);
      plan.files.push(planDraft(collection, lesson, body ?? ""), ...planPictures(collection, lesson), readme);
    });
  }
  const beside = neighbours ? days.flatMap((day) => [day - 1, day + 1]).filter((day) => !days.includes(day)) : [];
  for (const day of new Set(beside)) {
    const lesson = lessons.get(day);
    if (!lesson || readIfPresent(readmeFile(collection, day)) === undefined) continue;
    attempt(day, () => plan.files.push(planReadme(collection, lesson)));
  }
  // What the collection's README says of a day that cannot be read is not lost for that.
  if (!damaged) attempt(undefined, () => plan.files.push(...planResults(collection, [...lessons.values()], days)));
  return plan;
}

function readmeFile(collection: Collection, day: number): string {
  return path.join(collection.folder(day), "README.md");
}

function planReadme(collection: Collection, lesson: Lesson): PlannedFile {
  const { day } = lesson.day;
  const file = readmeFile(collection, day);
  const existing = readText(file);
  const generated = dayReadme(lesson, (other) => hasNotebook(collection, other));
  const content =
    existing === undefined
      ? `${generatedBlock("generated", generated)}\n`
      : replaceGenerated(existing, "generated", generated, collection.relative(file));
  return { file, content, day };
}

function draftFile(collection: Collection, day: number): string {
  return path.join(collection.folder(day), "blog_draft.md");
}

function planDraft(collection: Collection, lesson: Lesson, body: string): PlannedFile {
  const file = draftFile(collection, lesson.day.day);
  const content = blogDraft(lesson, body, readText(file), collection.relative(file));
  return { file, content, day: lesson.day.day };
}

function planPictures(collection: Collection, { day, charts }: Lesson): PlannedFile[] {
  const folder = path.join(collection.folder(day.day), PICTURES);
  const own = charts.map(({ file, png }) => ({ file: path.join(folder, file), content: png, day: day.day }));
  const stale = filesIn(folder)
    .filter((name) => CHART_FILE.test(name) && !charts.some(({ file }) => file === name))
    .map((name) => ({ file: path.join(folder, name), content: undefined, day: day.day }));
  return [...own, ...stale];
}

function planResults(collection: Collection, lessons: readonly Lesson[], days: readonly number[]): PlannedFile[] {
  const existing = readText(collection.readme);
  if (existing === undefined) return [];
  const section = resultsSection(
    lessons,
    ({ day }) => days.includes(day.day) || readIfPresent(draftFile(collection, day.day)) !== undefined,
  );
  return [{ file: collection.readme, content: replaceGenerated(existing, "results", section, "README.md") }];
}

/** A text file with the line ends that we write: a checkout on Windows may have others. */
function readText(file: string): string | undefined {
  return readIfPresent(file)?.replaceAll("\r\n", "\n");
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no folder, no files
  }
}
