import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../runner/files.js";
import { writeWhole } from "../runner/whole-files.js";
import type { PlannedFile } from "./plan.js";

/** How a file differs from what it should be, or undefined where it does not. */
export function difference({ file, content }: PlannedFile): "missing" | "superfluous" | "different" | undefined {
  if (!existsSync(file)) return content === undefined ? undefined : "missing";
  if (content === undefined) return "superfluous";
  const present = readFileSync(file);
  const same =
    typeof content === "string"
      ? present.toString("utf8").replaceAll("\r\n", "\n") === content
      : present.equals(content);
  return same ? undefined : "different";
}

/** Makes a file what it should be, whole or not at all. True when it had to be changed. */
export async function applyPlanned(planned: PlannedFile): Promise<boolean> {
  if (difference(planned) === undefined) return false;
  const { file, content } = planned;
  if (content === undefined) {
    await rm(file);
  } else {
    await makeFolder(path.dirname(file));
    await writeWhole({ file, content });
  }
  return true;
}
