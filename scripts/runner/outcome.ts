import type { Failure } from "./failure.js";

export type Status = "passed" | "cached" | "failed" | "not run" | "interrupted" | "pending";

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
