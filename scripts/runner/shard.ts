import { committedSeconds } from "./durations.js";
import { UsageError } from "./errors.js";
import type { Collection } from "./paths.js";

/** One of several machines that share the notebooks: the first of four is `{ index: 1, count: 4 }`. */
export interface Shard {
  index: number;
  count: number;
}

/** Reads `2/4`. @throws UsageError */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (index < 1 || index > count) {
    throw new UsageError(`--shard ${text}: expected part/parts, such as 1/4 for the first of four machines`);
  }
  return { index, count };
}

/**
 * Divides days among machines so that all take about as long: the longest first, each to the machine with the least to
 * do so far. The same for everybody who calls it with the same seconds.
 */
export function divide(days: readonly number[], count: number, seconds: (day: number) => number): number[][] {
  const shares = Array.from({ length: count }, () => ({ total: 0, days: [] as number[] }));
  for (const day of [...days].sort((a, b) => seconds(b) - seconds(a) || a - b)) {
    const least = shares.reduce((best, share) => (share.total < best.total ? share : best));
    least.total += seconds(day);
    least.days.push(day);
  }
  return shares.map((share) => share.days.sort((a, b) => a - b));
}

/** The days that one machine runs of those that were chosen. Decided by committed files alone. */
export function daysOfShard(collection: Collection, days: readonly number[], { index, count }: Shard): number[] {
  return divide(days, count, committedSeconds(collection))[index - 1];
}
