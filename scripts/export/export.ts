import path from "node:path";
import { UsageError } from "../runner/errors.js";
import type { Collection } from "../runner/paths.js";
import type { Stale } from "../runner/stale.js";
import { applyPlanned, difference } from "./files.js";
import { UnfinishedLesson, hasNotebook, readLesson } from "./lesson.js";
import { finishPage, pageFile } from "./page.js";
import { type Plan, planExport } from "./plan.js";
import { renderNotebooks } from "./render.js";

/** What an export did. Files are relative to the collection's root where they lie in it. */
export interface ExportReport {
  changed: string[];
  unchanged: number;
  /** Why a day, or the collection's README, could not be exported. */
  failures: UsageError[];
}

/** Writes drafts, pictures and READMEs of some days and the results in the collection's README. */
export async function exportDays(collection: Collection, days: readonly number[]): Promise<ExportReport> {
  return apply(collection, await planExport(collection, days, { neighbours: true }));
}

/** Writes each day as one self-contained HTML page. */
export async function exportPages(
  collection: Collection,
  days: readonly number[],
  folder: string,
): Promise<ExportReport> {
  const plan: Plan = { files: [], failures: [] };
  const lessons = days.flatMap((day) => {
    try {
      return [readLesson(collection, day)];
    } catch (error) {
      return fail(plan, day, error);
    }
  });
  const rendered = await renderNotebooks(lessons, "html", collection);
  for (const { day, name } of lessons) {
    try {
      const html = rendered.get(day.day);
      if (html instanceof Error) throw html;
      plan.files.push({
        file: path.join(folder, pageFile(day.day)),
        content: finishPage(html ?? "", name),
        day: day.day,
      });
    } catch (error) {
      fail(plan, day.day, error);
    }
  }
  return apply(collection, plan);
}

function fail(plan: Plan, day: number, error: unknown): [] {
  if (!(error instanceof UsageError)) throw error;
  plan.failures.push({ day, error });
  return [];
}

async function apply(collection: Collection, { files, failures }: Plan): Promise<ExportReport> {
  const changed: string[] = [];
  for (const planned of files) {
    if (await applyPlanned(planned)) changed.push(shortName(collection, planned.file));
  }
  return { changed, unchanged: files.length - changed.length, failures: failures.map(({ error }) => error) };
}

function shortName(collection: Collection, file: string): string {
  const relative = collection.relative(file);
  return relative.startsWith("../") ? file : relative;
}

/**
 * The exports of some days that are not what their notebooks give, and those that cannot be made. Nothing is written,
 * and a day without a notebook has no exports.
 *
 * @param days - The days to look at. The results in the collection's README are always looked at.
 */
export async function staleExports(collection: Collection, days: readonly number[]): Promise<Stale[]> {
  const { files, failures } = await planExport(
    collection,
    days.filter((day) => hasNotebook(collection, day)),
  );
  const problems = {
    missing: "it does not exist",
    superfluous: "its chart is gone from the notebook",
    different: "it is not what the notebook and its results give",
  };
  const stale = files.flatMap((planned): Stale[] => {
    const state = difference(planned);
    if (!state) return [];
    const command = `npm run export${planned.day === undefined ? "" : ` -- ${planned.day}`}`;
    return [{ file: collection.relative(planned.file), problem: problems[state], command }];
  });
  const impossible = failures.map(({ day, error }): Stale => {
    const file =
      day === undefined ? "README.md" : collection.relative(path.join(collection.folder(day), "blog_draft.md"));
    const again = `npm run export${day === undefined ? "" : ` -- ${day}`}`;
    const command = error instanceof UnfinishedLesson ? `${error.command} && ${again}` : again;
    return { file, problem: error.message, command };
  });
  return [...stale, ...impossible];
}
