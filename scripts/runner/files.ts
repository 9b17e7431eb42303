import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { errorCode, errorMessage, UsageError } from "./errors.js";

/** Contents of a file, or undefined where there is none. @throws UsageError for one that cannot be read */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw new UsageError(`${file}: expected a file that can be read: ${errorMessage(error)}`);
  }
}

/** Writes through a temporary file and a rename, and only when the content differs. True when it wrote. */
export async function writeIfChanged(file: string, content: string): Promise<boolean> {
  if (readIfPresent(file) === content) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, content);
  return true;
}
