import type { Round } from "./watch.js";

/** Files that a running kernel has loaded, and what they are called to a reader. */
const LOADED_BY_KERNELS: readonly [folder: string, name: string][] = [
  ["shared/src/", "the helper package"],
  ["scripts/kernel/", "the kernel launcher"],
];

/** What a round means for somebody with a notebook open: one line, or the errors. */
export function roundMessage({ changed, errors }: Round): string {
  if (errors.length > 0) return `${errors.join("\n\n")}\n\nNot compiled: kernels keep the last version that was.`;
  if (changed.length === 0) return "Compiled. Waiting for changes.";
  const files =
    changed.length > 4 ? `${changed.slice(0, 3).join(", ")} and ${changed.length - 3} more` : changed.join(", ");
  const loaded = LOADED_BY_KERNELS.filter(([folder]) => changed.some((file) => file.startsWith(folder)));
  if (loaded.length === 0) return `Compiled ${files}. Kernels need no restart.`;
  return `Compiled ${files}. Restart the kernel to load ${loaded.map(([, name]) => name).join(" and ")} anew.`;
}
