import { existsSync } from "node:fs";
import path from "node:path";
import { DAYS, dayFolder, dayName, notebookPath } from "../curriculum.js";

/** The checkout that holds the kernel, the Python side and the helper: the nearest folder above with a lockfile. */
export const INSTALLATION = ((): string => {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package-lock.json")) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return folder;
})();

/** Python of the checkout's own environment. */
export function pythonPath(): string {
  return path.join(
    INSTALLATION,
    ".venv",
    ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
  );
}

/** The kernel that the notebooks name. */
export function kernelSpecPath(): string {
  return path.join(INSTALLATION, ".venv/share/jupyter/kernels/tslab/kernel.json");
}

/** Where the files of one collection lie. Tests verify collections other than the checkout's own. */
export class Collection {
  readonly root: string;

  constructor(root: string = INSTALLATION) {
    this.root = path.resolve(root);
  }

  /** Path relative to the root, with forward slashes on every system. */
  relative(file: string): string {
    return path.relative(this.root, file).split(path.sep).join("/");
  }

  notebook(day: number): string {
    return path.join(this.root, notebookPath(DAYS[day - 1]));
  }

  folder(day: number): string {
    return path.join(this.root, dayFolder(DAYS[day - 1]));
  }

  results(day: number): string {
    return path.join(this.folder(day), "results.json");
  }

  get readme(): string {
    return path.join(this.root, "README.md");
  }

  get badge(): string {
    return path.join(this.root, ".github", "progress.svg");
  }

  /** What each day took when it was last measured. */
  get durations(): string {
    return path.join(this.root, "docs", "durations.json");
  }

  /** Where a shard leaves its report. */
  get shards(): string {
    return path.join(this.cache, "shards");
  }

  get cache(): string {
    return path.join(this.root, ".cache");
  }

  /** Executed copy and results of the last run of a day. */
  run(day: number): string {
    return path.join(this.cache, "runs", dayName(day));
  }

  cacheEntry(day: number): string {
    return path.join(this.cache, "verify", `${dayName(day)}.json`);
  }
}
