import { Worker } from "node:worker_threads";

/**
 * Watches the process that started the kernel, whose id jupyter_client passes in JPY_PARENT_PID. A kernel started by
 * hand has none and is left alone.
 */
export function startOrphanGuard(): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1) return;
  const worker = new Worker(new URL("./orphan-guard.js", import.meta.url), {
    workerData: { parent },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  worker.unref();
  // Without the guard the kernel still works; it only might outlive a killed parent.
  worker.on("error", () => undefined);
}
