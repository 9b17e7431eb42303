import { createHash } from "node:crypto";
import { DisplayedValue, type MimeBundle, jupyterDisplay } from "../display/display.js";
import { type Summary, summarize } from "../metrics/summarize.js";
import { table } from "../table/table.js";
import type { ExperimentRecord, RunRecord } from "./results.js";

/** What a run hands back. */
export interface RunOutcome<Value> {
  /** What the run ends with, by name. */
  metrics: Record<string, number>;
  /** What was measured on the way, by name. Default: nothing. */
  history?: Record<string, ArrayLike<number>>;
  /** Anything that the cells after it need of a fresh run, such as the trained network. It is not recorded. */
  value?: Value;
}

/** All runs of an experiment: those trained in this session and those read from the day's records. */
export class Experiment<Value> extends DisplayedValue {
  /**
   * @param name - The experiment's name within its lesson.
   * @param record - Every seed's run.
   * @param fresh - What the first seed's run, which is trained afresh, gave as `value`. Undefined where it could not be
   *   trained: see {@link ExperimentOptions.missing}.
   */
  constructor(
    readonly name: string,
    readonly record: ExperimentRecord,
    readonly fresh: Value,
  ) {
    super();
  }

  /** The runs, in the order of the seeds that were asked for. */
  get runs(): readonly RunRecord[] {
    return this.record.runs;
  }

  /** One metric of every run, in the order of the seeds. */
  metric(name: string): number[] {
    return this.runs.map((run) => this.field(run.metrics, name, "metric"));
  }

  /** Median, mean and spread of one metric over the seeds. */
  summary(name: string): Summary {
    return summarize(this.metric(name));
  }

  /** One history of every run, in the order of the seeds. */
  history(name: string): number[][] {
    return this.runs.map((run) => this.field(run.history, name, "history"));
  }

  private field<T>(fields: Record<string, T>, name: string, kind: string): T {
    if (Object.hasOwn(fields, name)) return fields[name];
    const known = Object.keys(fields).join(", ");
    throw new RangeError(`Experiment "${this.name}": no ${kind} "${name}"; it has ${known}`);
  }

  [jupyterDisplay](): MimeBundle {
    const names = Object.keys(this.runs[0].metrics);
    const row = (seed: string, value: (name: string) => number) => ({
      seed,
      ...Object.fromEntries(names.map((name) => [name, value(name)])),
    });
    const rows = this.runs.map((run) => row(String(run.seed), (name) => run.metrics[name]));
    if (this.runs.length > 1) rows.push(row("median", (name) => this.summary(name).median));
    return table(rows, { caption: `${this.name}: ${this.runs.length} runs` })[jupyterDisplay]();
  }
}

/** What an experiment's record is valid for: its configuration and the source of the function that runs it. */
export function experimentKey(config: unknown, run: (...args: never[]) => unknown): string {
  return createHash("sha256").update(canonicalJson(config)).update("\0").update(String(run)).digest("hex").slice(0, 16);
}

/** A record of the same experiment that can stand in for training, or the reasons why a fresh run contradicts it. */
export function disagreements(recorded: RunRecord, fresh: RunRecord, tolerance: number): string[] {
  const close = (a: number, b: number) =>
    Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a)) || (a === null && !Number.isFinite(b)); // JSON keeps NaN and infinity as null
  const reasons: string[] = [];
  const compare = (what: string, before: number | undefined, after: number | undefined) => {
    if (before === undefined || after === undefined || !close(before, after)) {
      reasons.push(`${what}: recorded ${before ?? "nothing"}, now ${after ?? "nothing"}`);
    }
  };
  for (const name of keysOf(recorded.metrics, fresh.metrics)) {
    compare(name, recorded.metrics[name], fresh.metrics[name]);
  }
  for (const name of keysOf(recorded.history, fresh.history)) {
    const before = recorded.history[name] ?? [];
    const after = fresh.history[name] ?? [];
    if (before.length !== after.length) {
      reasons.push(`${name}: recorded ${before.length} values, now ${after.length}`);
      continue;
    }
    const index = before.findIndex((value, i) => !close(value, after[i]));
    if (index >= 0) compare(`${name}[${index}]`, before[index], after[index]);
  }
  return reasons;
}

function keysOf(...objects: object[]): string[] {
  return [...new Set(objects.flatMap(Object.keys))];
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    field !== null && typeof field === "object" && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
