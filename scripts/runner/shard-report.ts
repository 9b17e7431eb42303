import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { closureHash } from "./closure.js";
import { errorMessage, UsageError } from "./errors.js";
import { writeIfChanged } from "./files.js";
import { readLessons } from "./lessons.js";
import type { Notebook } from "./notebook.js";
import { STATUSES, type Outcome } from "./outcome.js";
import type { Collection } from "./paths.js";
import type { Shard } from "./shard.js";

const failureSchema = z.object({
  reason: z.string(),
  type: z.string().optional(),
  cell: z.int().optional(),
  index: z.int().optional(),
  line: z.int().optional(),
  source: z.string().optional(),
  detail: z.array(z.string()).optional(),
  fix: z.string().optional(),
});

const outcomeSchema = z.object({
  day: z.int().min(1).max(30),
  status: z.enum(STATUSES),
  failures: z.array(failureSchema),
  notes: z.array(z.string()),
  cells: z.int().optional(),
  claims: z.int().optional(),
  seconds: z.number().optional(),
  peakBytes: z.number().optional(),
});

const reportSchema = z.object({
  format: z.literal(1),
  shard: z.object({ index: z.int(), count: z.int() }),
  /** All days that the shards divide among them. */
  chosen: z.array(z.int()),
  full: z.boolean(),
  /** What all notebooks depend on, part by part. */
  environment: z.record(z.string(), z.string()),
  /** Of version control, where there is one. */
  commit: z.string().optional(),
  seconds: z.number(),
  outcomes: z.array(outcomeSchema),
  /** What each notebook depends on beside the environment, as a hash, by day. */
  keys: z.record(z.string(), z.string()),
});

/** What one machine tells the others about its share of the days. */
export type ShardReport = z.infer<typeof reportSchema>;

/** A report and the file that it came from, for messages. */
export interface ReadReport extends ShardReport {
  file: string;
}

/** What a shard's run knows before it begins. */
export interface ShardRun {
  collection: Collection;
  shard: Shard;
  chosen: readonly number[];
  /** Those of the shard. */
  days: readonly number[];
  full: boolean;
  environment: Record<string, string>;
  /** File, if not the usual one. */
  report?: string;
}

/**
 * Begins a shard's report: removes that of an earlier run, which must not pass for this one's, and notes the state of the
 * checkout, so that what is edited during the run shows when the reports are put together.
 */
export async function openReport(run: ShardRun) {
  const { collection, shard, chosen, days, full, environment } = run;
  const file = path.resolve(run.report ?? path.join(collection.shards, `${shard.index}-of-${shard.count}.json`));
  await rm(file, { force: true });
  const lessons = readLessons(collection);
  const keys = Object.fromEntries(days.map((day) => [day, dayKey(collection, day, lessons)]));
  const commit = currentCommit(collection);
  return {
    /** Writes the report; resolves to what to say of it. */
    async write(outcomes: readonly Outcome[], seconds: number): Promise<string> {
      const here = outcomes.map(({ copy: _, ...outcome }) => outcome); // The copy is on this machine only.
      const report = {
        format: 1 as const,
        shard,
        chosen: [...chosen],
        full,
        environment,
        commit,
        seconds,
        outcomes: here,
        keys,
      };
      await writeIfChanged(file, `${JSON.stringify(report satisfies ShardReport, undefined, 1)}\n`);
      return (
        `Shard ${shard.index}/${shard.count}: its report is ${file}. ` +
        "Badge and tracker are written when all are put together: npm run verify -- --merge <reports or folder>"
      );
    },
  };
}

/** What a day depends on beside the environment: notebook and results. Every checkout of a commit agrees on it. */
export function dayKey(
  collection: Collection,
  day: number,
  lessons: ReadonlyMap<number, Notebook | undefined>,
): string {
  const lesson = lessons.get(day);
  if (lesson !== undefined) return closureHash("", lesson, collection);
  return lessons.has(day) ? "unreadable" : "absent";
}

/** The commit that is checked out; undefined where Git does not know. */
export function currentCommit(collection: Collection): string | undefined {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: collection.root,
      encoding: "utf8",
      stdio: [...stdio],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Reads reports: files, and all JSON files below folders. @throws UsageError for what is no report */
export async function readReports(paths: readonly string[]): Promise<ReadReport[]> {
  const files: string[] = [];
  for (const name of paths) files.push(...(await reportFiles(name)));
  if (files.length === 0)
    throw new UsageError(`--merge: no report in ${paths.join(", ")}; a shard writes one at its end`);
  return files.map((file) => ({ ...readReport(file), file }));
}

async function reportFiles(name: string): Promise<string[]> {
  const stats = statSync(name, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`--merge: there is no ${name}`);
  if (!stats.isDirectory()) return [name];
  const entries = await readdir(name, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith(".json"))
    .sort()
    .map((entry) => path.join(name, entry));
}

function readReport(file: string): ShardReport {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).split("\n")[0] : errorMessage(error);
    throw new UsageError(`--merge: ${file} is no report of a shard: ${reason}`);
  }
}
