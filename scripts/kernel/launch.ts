import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Kernel } from "./kernel.js";
import { prepareNode } from "./node-compatibility.js";
import { SourceMapRecorder } from "./source-maps.js";
import { startOrphanGuard } from "./start-orphan-guard.js";
import { loadTslab } from "./tslab-modules.js";

/**
 * Starts tslab as a Jupyter kernel that can be trusted: `node launch.js <connection file>`.
 *
 * It repairs what makes a notebook's run unreliable on the stock kernel (lost console lines, failures that stay green,
 * cells that are skipped) and shows values and errors as Jupyter defines. It adds nothing that code in a cell can see,
 * so that notebooks run on the stock kernel, too.
 */
async function main(): Promise<void> {
  const [connectionFile] = process.argv.slice(2);
  if (!connectionFile) throw new Error("kernel launcher: expected the path of a Jupyter connection file as argument.");
  prepareNode();
  startInFolder(process.env.KERNEL_NN30_FOLDER);
  startOrphanGuard();
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
  const maps = new SourceMapRecorder();
  const tslab = loadTslab(root, maps.patch);
  await new Kernel(tslab, maps, root, connectionFile).start();
}

/**
 * A Jupyter gateway starts a kernel in a folder of its own; what it hands on are variables whose names begin with KERNEL_.
 * A folder that is not there is left to whoever asked for it, who can say more than a kernel that does not start.
 */
function startInFolder(folder: string | undefined): void {
  if (folder !== undefined && existsSync(folder)) process.chdir(folder);
}

main().catch((error: unknown) => {
  const known = error instanceof Error && error.message.startsWith("kernel launcher:");
  console.error(known ? error.message : error);
  process.exit(1);
});
