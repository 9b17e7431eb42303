import type { Gateway } from "./gateway.js";
import type { Notebook } from "./notebook.js";
import type { Collection } from "./paths.js";
import type { Progress } from "./progress.js";

/** How the days of a run are run, as its command says. */
export interface RunOptions {
  collection: Collection;
  force: boolean;
  full: boolean;
  save: boolean;
  /** Seconds a cell may take. */
  cellTimeout: number;
  /** Seconds a notebook may take; by default what its author allows. */
  notebookTimeout?: number;
  /** GiB that a notebook may take. */
  memory?: number;
  /** GiB that have to stay unused. */
  keepFree?: number;
  /** Where the kernels run, if not on this machine. */
  gateway?: Gateway;
  /** Ends the run: Ctrl-C. */
  signal: AbortSignal;
}

/** What all days of a run have in common. */
export interface RunSettings extends RunOptions {
  /** What all notebooks depend on, part by part, and its hash. */
  parts: Record<string, string>;
  environment: string;
  /** Threads for TensorFlow in each notebook. */
  threads: number;
  progress: Progress;
}

/** A notebook as it was read at the start of the run. */
export interface LoadedDay {
  day: number;
  json: string;
  notebook: Notebook;
}
