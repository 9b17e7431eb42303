import { z } from "zod";
import { readIfPresent, writeIfChanged } from "./files.js";
import type { Collection } from "./paths.js";

const entrySchema = z.object({
  format: z.literal(1),
  key: z.string(),
  /** Every seed was trained. */
  full: z.boolean(),
  cells: z.int(),
  claims: z.int(),
  seconds: z.number(),
  peakBytes: z.number(),
});

/** A run that passed. Failures are never kept. */
export type CacheEntry = z.infer<typeof entrySchema>;

/** The entry of a day, whatever it was for; undefined where there is none that can be read. */
export function readEntry(collection: Collection, day: number): CacheEntry | undefined {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(readIfPresent(collection.cacheEntry(day)) ?? "null"));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an entry speaks for a run: a full one also for a default one, but not the other way round. */
export function covers(entry: CacheEntry | undefined, key: string, full: boolean): entry is CacheEntry {
  return entry?.key === key && (entry.full || !full);
}

export async function writeEntry(collection: Collection, day: number, entry: CacheEntry): Promise<void> {
  const previous = readEntry(collection, day);
  const full = entry.full || covers(previous, entry.key, true);
  await writeIfChanged(collection.cacheEntry(day), `${JSON.stringify({ ...entry, full })}\n`);
}
