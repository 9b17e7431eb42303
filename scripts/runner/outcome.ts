import type { Failure } from "./failure.js";

export const STATUSES = ["passed", "cached", "failed", "in doubt", "not run", "interrupted", "pending"] as const;

export type Status = (typeof STATUSES)[number];

/** What became of one day. */
export interface Outcome {
  day: number;
  status: Status;
  failures: Failure[];
  /** Worth knowing, though no failure: the results are new, the outputs were saved. */
  notes: string[];
  cells?: number;
  claims?: number;
  seconds?: number;
  peakBytes?: number;
  /** Executed copy, relative to the collection's root. */
  copy?: string;
}

/** Whether the notebook is known to be right. */
export function isVerified({ status }: Outcome): boolean {
  return status === "passed" || status === "cached";
}

/** Whether the notebook is a reason to fail the run. */
export function isFailure({ status }: Outcome): boolean {
  return status === "failed" || status === "in doubt" || status === "not run";
}

/**
 * A day that passed on the committed results of another is in doubt when that other did not pass, or is in doubt itself.
 *
 * @param needs for every day that has a notebook, the days whose results it reads
 */
export function withDoubts(outcomes: readonly Outcome[], needs: ReadonlyMap<number, readonly number[]>): Outcome[] {
  const failed = new Set(outcomes.filter(({ status }) => status === "failed").map(({ day }) => day));
  const culprit = (day: number): number | undefined =>
    needs.get(day)?.find((needed) => failed.has(needed) || culprit(needed) !== undefined);
  return outcomes.map((outcome) => {
    const needed = isVerified(outcome) ? culprit(outcome.day) : undefined;
    if (needed === undefined) return outcome;
    const reason = `in doubt: it reads the results of day ${needed}, which did not pass`;
    return { ...outcome, status: "in doubt", failures: [{ reason }] };
  });
}
