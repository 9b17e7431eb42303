import path from "node:path";
import { kernelEnvironment, workerEnvironment } from "./environment.js";
import { factsOf } from "./facts.js";
import { isOnThisMachine, remoteFolder } from "./gateway.js";
import { kernelSpecPath } from "./paths.js";
import type { LoadedDay, RunSettings } from "./settings.js";
import type { WorkerRequest } from "./worker.js";

const STARTUP_SECONDS = 60;
const DRAIN_SECONDS = 60;
const CELL_OUTPUT_LIMIT = 10_000_000;
const NOTEBOOK_OUTPUT_LIMIT = 20_000_000;

type KernelRequest = Omit<WorkerRequest, "notebook" | "output" | "notebookTimeout">;

/**
 * How to start the kernel of a day, here or on a gateway, and what it may take.
 *
 * @param folder for what belongs to the run
 */
export function kernelRequest(settings: RunSettings, { day, notebook }: LoadedDay, folder: string): KernelRequest {
  const { cellTimeout, collection, full, gateway, parts, threads } = settings;
  const request = {
    cwd: collection.folder(day),
    kernelDir: path.resolve(kernelSpecPath(), "../.."),
    kernelName: "tslab",
    connectionFile: path.join(folder, "kernel.json"),
    cellTimeout,
    startupTimeout: STARTUP_SECONDS,
    drainTimeout: DRAIN_SECONDS,
    cellOutputLimit: CELL_OUTPUT_LIMIT,
    notebookOutputLimit: NOTEBOOK_OUTPUT_LIMIT,
    memoryLimit: bytesOf(settings.memory),
    memoryKeep: bytesOf(settings.keepFree),
  };
  if (gateway === undefined) return request;
  return {
    ...request,
    gateway: {
      folder: remoteFolder(gateway, day),
      root: gateway.root,
      environment: kernelEnvironment(full, isOnThisMachine(gateway) ? threads : undefined),
      facts: factsOf(collection, [day, ...notebook.metadata.nn30.needs], parts),
      results: resultsFile(folder),
    },
  };
}

/** The file among what belongs to a run that the lesson's results are in. */
export function resultsFile(folder: string): string {
  return path.join(folder, "results.json");
}

/** Environment of the worker that runs a day. */
export function environmentOf(settings: RunSettings, folder: string): NodeJS.ProcessEnv {
  const { collection, full, gateway, threads } = settings;
  const jupyter = path.join(collection.cache, "jupyter");
  return workerEnvironment({ results: resultsFile(folder), full, threads, jupyter, gateway });
}

function bytesOf(gibibytes: number | undefined): number | undefined {
  return gibibytes === undefined ? undefined : Math.round(gibibytes * 2 ** 30);
}
