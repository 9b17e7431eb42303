import { environmentParts, handedOnHash } from "./closure.js";
import { describeParts } from "./parts.js";
import type { Collection } from "./paths.js";

/** What decides, beside a notebook's own cells, whether it passes; a remote kernel must have the same. */
export interface Facts {
  /** Kernel, packages, data and the like, part by part. */
  environment: Record<string, string>;
  /** Hashes of the committed results that a notebook reads, by day. */
  results: Record<string, string>;
}

/**
 * The facts of this machine.
 *
 * @param days whose results count
 */
export function factsOf(collection: Collection, days: readonly number[], environment = environmentParts()): Facts {
  return { environment, results: Object.fromEntries(days.map((day) => [day, handedOnHash(collection, day)])) };
}

/** In what a remote kernel's facts differ from those of this machine, in words. */
export function differences(here: Facts, there: Facts): string[] {
  const results = Object.keys(here.results).filter((day) => here.results[day] !== there.results[day]);
  return [
    ...describeParts(here.environment, there.environment),
    ...results.map((day) => `the results of Day ${day}${there.results[day] === "absent" ? " (absent there)" : ""}`),
  ];
}
