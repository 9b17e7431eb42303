import type { MimeBundle } from "./display.js";

/** Writes a display message, or replaces the one with the same `display_id`. */
export type KernelWriter = (
  content: { data: MimeBundle; metadata: object; transient: { display_id?: string } },
  update: boolean,
) => void;

/** What this package needs of tslab's `dist/jupyter.js`: the writer of the kernel that is running now, if one is. */
interface TslabJupyter {
  lastWriteDisplayData?: KernelWriter;
}

/** The running kernel's writer, or undefined outside a notebook. */
export function kernelWriter(): KernelWriter | undefined {
  // Only a module that the kernel has already loaded can have a writer: loading tslab here would cost seconds.
  try {
    const path = require.resolve("tslab/dist/jupyter.js");
    return (require.cache[path]?.exports as TslabJupyter | undefined)?.lastWriteDisplayData;
  } catch {
    return undefined;
  }
}
