import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "./files.js";
import type { LessonMetadata } from "./notebook.js";
import type { Collection } from "./paths.js";
import { writeWhole } from "./whole-files.js";

/** What is made from a notebook for people to read; nothing else reads it. */
const FOR_PEOPLE = /^(?:\..*|.*\.ipynb|README\.md|blog_draft\.md|blog_draft_files)$/;

/** Whether a file below a day's folder is one that this day or another may read: results, a network that was saved. */
function isHandedOn(relative: string): boolean {
  return !FOR_PEOPLE.test(relative.split(/[\\/]/)[0]);
}

/** The files of a day that notebooks may read, with their hashes, in the order of their names. */
export function handedOn(collection: Collection, day: number): string[] {
  return filesHandedOn(collection, day).map((file) => {
    const hash = createHash("sha256").update(readFileSync(path.join(collection.folder(day), file)));
    return `${file.split(path.sep).join("/")} ${hash.digest("hex")}`;
  });
}

/** Whether a day hands on more than its results: a network that it writes itself. */
export function handsOnNetworks(collection: Collection, day: number): boolean {
  return networkFiles(collection, day).length > 0;
}

/**
 * Remembers what a lesson writes into its folder itself, networks above all. With `NN30_FULL` it writes them anew, and
 * unless they are to be saved they have to be the committed ones again when other days read them.
 *
 * @returns puts back what has changed since; what is new stays, for it was missing
 */
export function rememberNetworks(collection: Collection, day: number): () => Promise<void> {
  const kept = networkFiles(collection, day).map((file) => ({ file, content: readFileSync(file) }));
  return async () => {
    const changed = kept.filter(({ file, content }) => !existsSync(file) || !readFileSync(file).equals(content));
    for (const { file } of changed) await makeFolder(path.dirname(file));
    await writeWhole(...changed);
  };
}

/** Paths of the files that a day hands on, but for its results, which a run never writes in place. */
function networkFiles(collection: Collection, day: number): string[] {
  return filesHandedOn(collection, day)
    .map((file) => path.join(collection.folder(day), file))
    .filter((file) => file !== collection.results(day));
}

/** Files that a day hands on, relative to its folder, in the order of their names. */
function filesHandedOn(collection: Collection, day: number): string[] {
  const folder = collection.folder(day);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter(isHandedOn)
    .sort();
}

/** What to do about a failure if it may come from a file that a notebook reads and that is not as it was committed. */
export function restoreAltered(collection: Collection, { day, needs }: LessonMetadata): string | undefined {
  const own = collection.relative(collection.results(day)); // changes whenever a lesson is worked on
  const altered = alteredFiles(collection, [day, ...needs]).filter((file) => file !== own);
  if (altered.length === 0) return undefined;
  const names = altered.map((name) => `"${name}"`).join(" ");
  return `it may read what is not as it was committed; unless that is meant: git checkout HEAD -- ${names}`;
}

/**
 * Of the files that some days hand on, those that are missing or not as they were committed, relative to the root.
 * Nothing is known outside of a git checkout.
 */
function alteredFiles(collection: Collection, days: readonly number[]): string[] {
  const folders = days.map((day) => collection.relative(collection.folder(day)));
  try {
    const args = ["--no-optional-locks", "diff", "--name-only", "-z", "--relative", "HEAD", "--", ...folders];
    const names = execFileSync("git", args, {
      cwd: collection.root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return names.split("\0").filter((name) => name !== "" && isHandedOn(name.split("/").slice(2).join("/")));
  } catch {
    return [];
  }
}
