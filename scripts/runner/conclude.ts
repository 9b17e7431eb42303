import colors from "picocolors";
import { refreshProgress } from "../readme/progress.js";
import { annotations } from "./annotations.js";
import { writeJUnit } from "./junit.js";
import { isFailure, isVerified, type Outcome } from "./outcome.js";
import type { Collection } from "./paths.js";
import { failureReport, summary } from "./report.js";

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export interface Conclusion {
  collection: Collection;
  outcomes: readonly Outcome[];
  /** Those that have not been annotated yet. */
  news: readonly Outcome[];
  seconds: number;
  /** Where to write JUnit's XML. */
  junit?: string;
  interrupted: boolean;
}

/**
 * Says what became of the days: reports, annotations, table, JUnit.
 *
 * @param accept what is done with a run that came to its end; resolves to what to say of it
 * @returns the exit code
 */
export async function conclude(
  { collection, outcomes, news, seconds, junit, interrupted }: Conclusion,
  accept: () => Promise<string | undefined>,
): Promise<number> {
  const failures = outcomes.filter(isFailure);
  if (failures.length > 0) print(`\n${failures.map(failureReport).join("\n\n")}`);
  if (process.env.GITHUB_ACTIONS === "true") annotations(news.filter(isFailure), collection).forEach(print);
  print(`\n${summary(outcomes, seconds)}`);
  if (junit !== undefined) await writeJUnit(junit, outcomes);
  if (interrupted) {
    print(colors.yellow("Interrupted. Badge and tracker are as they were; finished notebooks are not run again."));
    return EXIT.interrupted;
  }
  const said = await accept();
  if (said !== undefined) print(said);
  return failures.length > 0 || outcomes.some(({ status }) => status === "interrupted") ? EXIT.failed : EXIT.ok;
}

/** Brings badge and tracker up to what a run has seen. */
export async function updateProgress(
  collection: Collection,
  outcomes: readonly Outcome[],
): Promise<string | undefined> {
  const seen = outcomes.filter(({ status }) => ["passed", "cached", "failed", "pending"].includes(status));
  const written = await refreshProgress(collection, new Map(seen.map((outcome) => [outcome.day, isVerified(outcome)])));
  return written.length > 0 ? `Updated ${written.join(" and ")}` : undefined;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
