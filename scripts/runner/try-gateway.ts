import { UsageError } from "./errors.js";
import { explainError } from "./failure.js";
import { environmentOf, kernelRequest } from "./kernel-request.js";
import type { LoadedDay, RunSettings } from "./settings.js";
import { executeNotebook } from "./worker.js";

/** A gateway of a cluster may have to fetch an image first. */
const SECONDS = 300;

/**
 * Starts a kernel on the gateway and ends it again.
 *
 * @param loaded a day whose folder it starts in
 * @throws UsageError which says why the gateway cannot run notebooks of this collection
 */
export async function tryGateway(settings: RunSettings, loaded: LoadedDay): Promise<void> {
  const { collection, signal } = settings;
  const { error } = await executeNotebook(
    { ...kernelRequest(settings, loaded, collection.cache), notebook: null, output: null, notebookTimeout: SECONDS },
    environmentOf(settings, collection.cache),
    signal,
  );
  signal.throwIfAborted();
  if (error === undefined) return;
  const { reason, fix } = explainError(error);
  throw new UsageError(fix === undefined ? reason : `${reason}\n  → ${fix}`);
}
