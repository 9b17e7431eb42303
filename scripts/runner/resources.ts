import { availableParallelism } from "node:os";

/** What a notebook on TensorFlow takes with data and framework loaded. */
const BYTES_PER_NOTEBOOK = 1.5 * 2 ** 30;

/** How many notebooks to run at once: one per core, as far as memory allows, at least one. */
export function defaultJobs(cores = availableParallelism(), freeBytes = process.availableMemory()): number {
  return Math.max(1, Math.min(cores, Math.floor(freeBytes / BYTES_PER_NOTEBOOK)));
}

/** Threads for each of the notebooks that run at once. */
export function threadsPerJob(jobs: number, cores = availableParallelism()): number {
  return Math.max(1, Math.floor(cores / jobs));
}
