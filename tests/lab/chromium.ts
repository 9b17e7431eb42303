import { accessSync, constants } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium on this machine: the one that `NN30_CHROMIUM` names, else the first in PATH; undefined without one. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.NN30_CHROMIUM) return environment.NN30_CHROMIUM;
  const folders = (environment.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
