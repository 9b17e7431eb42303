import { withDoubts, type Outcome } from "./outcome.js";
import { UsageError } from "./errors.js";
import { readLessons } from "./lessons.js";
import { needsOf } from "./order.js";
import type { Collection } from "./paths.js";
import { describeParts } from "./parts.js";
import { currentCommit, dayKey, type ReadReport } from "./shard-report.js";

/** What the reports of all shards say together. */
export interface Merged {
  /** Of all days that were chosen, in their order. Days of a missing shard were not run. */
  outcomes: Outcome[];
  /** What no single report says: days not run, and doubts about days whose needs failed elsewhere. */
  news: Outcome[];
  /** Numbers of the shards that left no report. */
  missing: number[];
  count: number;
}

/**
 * Puts the reports of shards together.
 *
 * @throws UsageError for reports that are not parts of one run, or of another state of the checkout than this one
 */
export function mergeReports(collection: Collection, reports: readonly ReadReport[]): Merged {
  const [first, ...others] = reports;
  for (const other of others) assertSameRun(first, other);
  const { count } = first.shard;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  for (const number of numbers) {
    const same = reports.filter(({ shard }) => shard.index === number);
    if (same.length > 1) throw new UsageError(`--merge: shard ${number}/${count} is there twice: ${names(same)}`);
  }
  const missing = numbers.filter((number) => !reports.some(({ shard }) => shard.index === number));
  assertCovered(reports, missing.length > 0);
  assertThisCheckout(collection, reports);

  const reported = new Map(reports.flatMap(({ outcomes }) => outcomes.map((outcome) => [outcome.day, outcome])));
  const reason = `not run: shard ${missing.map((number) => `${number}/${count}`).join(" and ")} left no report`;
  const found = first.chosen.map(
    (day): Outcome => reported.get(day) ?? { day, status: "not run", failures: [{ reason }], notes: [] },
  );
  const outcomes = withDoubts(found, needsOf(readLessons(collection)));
  const news = outcomes.filter(({ day, status }) => reported.get(day)?.status !== status);
  return { outcomes, news, missing, count };
}

function assertSameRun(a: ReadReport, b: ReadReport): void {
  const differ = (what: string) => {
    throw new UsageError(`--merge: ${names([a, b])} are not parts of one run: ${what}`);
  };
  if (a.shard.count !== b.shard.count) differ(`one has ${a.shard.count} parts, the other ${b.shard.count}`);
  if (a.chosen.join() !== b.chosen.join()) differ("they were given other days");
  if (a.full !== b.full) differ("one is a run with --full");
  if (a.commit !== b.commit) differ(`they are of the commits ${String(a.commit)} and ${String(b.commit)}`);
  const parts = describeParts(a.environment, b.environment);
  if (parts.length > 0) differ(`their machines differ in ${parts.join(", ")}`);
}

/** Every chosen day in one report and no day in two. */
function assertCovered(reports: readonly ReadReport[], incomplete: boolean): void {
  const days = reports.flatMap(({ outcomes }) => outcomes.map(({ day }) => day));
  const { chosen } = reports[0];
  const foreign = days.filter((day, at) => !chosen.includes(day) || days.indexOf(day) !== at);
  const forgotten = incomplete ? [] : chosen.filter((day) => !days.includes(day));
  if (foreign.length === 0 && forgotten.length === 0) return;
  const problem =
    foreign.length > 0 ? `day ${foreign[0]} is in more than one of them` : `day ${forgotten[0]} is in none of them`;
  throw new UsageError(`--merge: ${names(reports)} do not divide the days: ${problem}`);
}

function assertThisCheckout(collection: Collection, reports: readonly ReadReport[]): void {
  const lessons = readLessons(collection);
  const here = currentCommit(collection);
  for (const { file, commit, keys } of reports) {
    if (commit !== undefined && here !== undefined && commit !== here)
      throw new UsageError(`--merge: ${file} is of commit ${commit}, but ${here} is checked out here`);
    const other = Object.keys(keys).find((day) => keys[day] !== dayKey(collection, Number(day), lessons));
    if (other !== undefined)
      throw new UsageError(`--merge: ${file} is about another Day ${other} than the one that is checked out here`);
  }
}

function names(reports: readonly ReadReport[]): string {
  return reports.map(({ file }) => file).join(", ");
}
