import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { errorCode, errorMessage, UsageError } from "./errors.js";
import { writeWhole, type FileContent } from "./whole-files.js";

/** Contents of a file, or undefined where there is none. @throws UsageError for one that cannot be read */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw new UsageError(`${file}: expected a file that can be read: ${errorMessage(error)}`);
  }
}

/** Makes a folder, and those above it. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    // So Node calls, among others, a disk that is read-only. Asked for the first missing folder alone, it says why.
    let first = folder;
    while (!existsSync(path.dirname(first))) first = path.dirname(first);
    await mkdir(first);
    throw error;
  }
}

/** Writes those files whose content differs, all of them or none. Returns their paths. */
export async function writeChanged(...files: readonly { file: string; content: string }[]): Promise<string[]> {
  const changed: FileContent[] = files.filter(({ file, content }) => readIfPresent(file) !== content);
  for (const { file } of changed) await makeFolder(path.dirname(file));
  await writeWhole(...changed);
  return changed.map(({ file }) => file);
}

/** Writes a file whole or not at all, and only when its content differs. True when it wrote. */
export async function writeIfChanged(file: string, content: string): Promise<boolean> {
  return (await writeChanged({ file, content })).length > 0;
}
