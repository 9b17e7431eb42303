import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

const publishedSchema = z.looseObject({
  value: z.number(),
  shown: z.string(),
  source: z.string(),
  url: z.string().optional(),
  met: z.boolean(),
  reason: z.string().optional(),
});

const claimSchema = z.looseObject({
  id: z.string().min(1),
  what: z.string(),
  value: z.number(),
  shown: z.string(),
  target: z.string(),
  holds: z.literal(true),
  tolerance: z.number().min(0),
  baseline: z.looseObject({}).optional(),
  published: publishedSchema.optional(),
});

const runSchema = z.looseObject({
  seed: z.number(),
  seconds: z.number(),
  metrics: z.record(z.string(), z.number().nullable()),
  history: z.record(z.string(), z.array(z.number().nullable())),
});

const experimentSchema = z.looseObject({
  key: z.string().min(1),
  config: z.unknown(),
  tolerance: z.number().min(0),
  fullTolerance: z.number().min(0).optional(),
  runs: z.array(runSchema),
});

const resultsSchema = z.looseObject({
  format: z.literal(1),
  day: z.int(),
  seed: z.number(),
  versions: z.record(z.string(), z.string()),
  claims: z.array(claimSchema),
  experiments: z.record(z.string(), experimentSchema),
});

/** What a lesson writes: its claims and the records of its experiments. */
export type LessonResults = z.infer<typeof resultsSchema>;
type Claim = z.infer<typeof claimSchema>;

/** Reads results. @throws Error which says why it is not JSON, or names the field: `claims.0.value: …` */
export function parseResults(json: string): LessonResults {
  const conflict = /^<{7} /m.exec(json);
  if (conflict !== null) {
    throw new Error(`line ${json.slice(0, conflict.index).split("\n").length} begins an unresolved merge conflict`);
  }
  const parsed = resultsSchema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${issue.path.map(String).join(".") || "results"}: ${issue.message}`);
}

/** |a − b| ≤ tolerance · max(1, |a|), where a is the committed value. */
function within(committed: number, fresh: number, tolerance: number): boolean {
  return Math.abs(committed - fresh) <= tolerance * Math.max(1, Math.abs(committed));
}

/**
 * Where fresh results contradict the committed ones, a sentence each; empty when they agree.
 *
 * They agree when they state the same claims in the same sense with values within each claim's tolerance, and when
 * their experiments have the same keys (same configuration and code).
 *
 * Where every seed was trained afresh (`full`), each run has to agree with its record within the experiment's tolerance.
 * If such a tolerance is not zero, trainings repeat themselves only roughly, and so do the values of claims: they had to
 * hold, and need not be the committed ones.
 */
export function disagreements(committed: LessonResults, fresh: LessonResults, full = false): string[] {
  const found: string[] = [];
  const rough = full && Object.values(fresh.experiments).some(({ tolerance }) => tolerance > 0);
  const before = new Map(committed.claims.map((claim) => [claim.id, claim]));
  for (const claim of fresh.claims) {
    const old = before.get(claim.id);
    before.delete(claim.id);
    if (old === undefined) found.push(`claim "${claim.id}" is not in the committed results`);
    else if (!rough) found.push(...claimDisagreements(old, claim));
  }
  for (const id of before.keys()) found.push(`claim "${id}" is in the committed results, but this run did not make it`);

  const names = new Set([...Object.keys(committed.experiments), ...Object.keys(fresh.experiments)]);
  for (const name of names) {
    const [old, now] = [committed.experiments[name], fresh.experiments[name]];
    if (old === undefined) found.push(`experiment "${name}" is not in the committed results`);
    else if (now === undefined)
      found.push(`experiment "${name}" is in the committed results, but this run did not do it`);
    else if (old.key !== now.key)
      found.push(`experiment "${name}": configuration or code changed since it was recorded`);
    else if (full) found.push(...runDisagreements(name, old, now));
  }
  return found;
}

type Experiment = LessonResults["experiments"][string];

function runDisagreements(name: string, recorded: Experiment, fresh: Experiment): string[] {
  const tolerance = fresh.fullTolerance ?? fresh.tolerance;
  return fresh.runs.flatMap((run, index) => {
    const old = recorded.runs.at(index);
    if (old?.seed !== run.seed) return [`experiment "${name}": seed ${run.seed} is not in the committed results`];
    const measured = { ...run.metrics, ...run.history };
    const before: Record<string, unknown> = { ...old.metrics, ...old.history };
    const far = Object.entries(measured).filter(([key, value]) => !close(before[key], value, tolerance));
    if (far.length === 0) return [];
    const keys = far.map(([key]) => key).join(", ");
    return [`experiment "${name}", seed ${run.seed}: ${keys} off the record by more than ${tolerance}`];
  });
}

function claimDisagreements(committed: Claim, fresh: Claim): string[] {
  const found: string[] = [];
  if (!within(committed.value, fresh.value, fresh.tolerance)) {
    found.push(
      `claim "${fresh.id}": committed ${committed.shown} (${committed.value}), ` +
        `fresh ${fresh.shown} (${fresh.value}), tolerance ${fresh.tolerance}`,
    );
  }
  const [met, metNow] = [committed.published?.met, fresh.published?.met];
  if (met !== metNow) {
    const word = (value?: boolean) => (value === undefined ? "not stated" : value ? "met" : "missed");
    found.push(`claim "${fresh.id}": the published value was ${word(met)}, now ${word(metNow)}`);
  }
  return found;
}

/**
 * Whether the committed file already says what the fresh results say, so that saving leaves it alone: they agree, their
 * wording is the same and so are their records. Seconds and versions may differ; values may within their tolerance,
 * unless every seed was trained afresh (`full`), in which case the records are to be those of this training.
 */
export function sameRecords(committed: LessonResults, fresh: LessonResults, full: boolean): boolean {
  if (disagreements(committed, fresh).length > 0 || committed.seed !== fresh.seed) return false;
  const sameClaims = fresh.claims.every((claim, index) => {
    const old = committed.claims[index];
    const wording = (from: Claim) => ({ ...from, value: 0, shown: "", baseline: undefined });
    const baseline = (from: Claim) => ({ ...from.baseline, shown: "" });
    return isDeepStrictEqual(wording(old), wording(claim)) && close(baseline(old), baseline(claim), claim.tolerance);
  });
  if (!sameClaims) return false;
  return Object.entries(fresh.experiments).every(([name, now]) => {
    const old = committed.experiments[name];
    const tolerance = full ? 0 : now.tolerance;
    const strip = ({ key, config, tolerance: stated, fullTolerance }: typeof now) => ({
      key,
      config,
      stated,
      fullTolerance,
    });
    return (
      isDeepStrictEqual(strip(old), strip(now)) && close(old.runs.map(numbersOf), now.runs.map(numbersOf), tolerance)
    );
  });
}

function numbersOf({ seed, metrics, history }: z.infer<typeof runSchema>): unknown {
  return { seed, metrics, history };
}

function close(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") return within(a, b, tolerance);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && close(a[key as keyof typeof a], b[key as keyof typeof b], tolerance));
}
