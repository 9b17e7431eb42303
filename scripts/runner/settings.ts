import type { Gateway } from "./gateway.js";
import type { Notebook } from "./notebook.js";
import type { Collection } from "./paths.js";
import type { Progress } from "./progress.js";

/** What all days of a run have in common. */
export interface RunSettings {
  collection: Collection;
  /** What all notebooks depend on, part by part, and its hash. */
  parts: Record<string, string>;
  environment: string;
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
  /** Threads for TensorFlow in each notebook. */
  threads: number;
  /** Where the kernels run, if not on this machine. */
  gateway?: Gateway;
  progress: Progress;
  signal: AbortSignal;
}

/** A notebook as it was read at the start of the run. */
export interface LoadedDay {
  day: number;
  json: string;
  notebook: Notebook;
}
