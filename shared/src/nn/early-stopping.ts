import { requireCount } from "../arguments/count.js";
import type { TrainingHistory } from "./gradient-descent.js";

/**
 * Ends a training once a score has not risen above its best for `patience` epochs: for the option `stop` of
 * {@link Network.train}.
 *
 * Watch a score of the validation images, never of the test images: the epoch at which training ends is a choice.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapter 3, "no-improvement-in-ten".
 *
 * @param score - The name under which `evaluate` returns it, larger being better.
 * @param patience - How many epochs without a new best are borne.
 * @throws RangeError unless `patience` is a positive whole number.
 * @throws TypeError in training, when `evaluate` does not return the score.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { earlyStopping } from "@nn30/shared";
 *
 * const stop = earlyStopping("validation", 2);
 * assert.equal(stop({ seconds: [], metrics: { validation: [0.9, 0.8] } }), false);
 * assert.equal(stop({ seconds: [], metrics: { validation: [0.9, 0.8, 0.9] } }), true);
 * ```
 */
export function earlyStopping(score: string, patience: number): (history: TrainingHistory) => boolean {
  requireCount("earlyStopping", "patience", patience);
  return ({ metrics }) => epochsWithoutBest(score, metrics) >= patience;
}

function epochsWithoutBest(score: string, metrics: Record<string, number[]>): number {
  const values = Object.hasOwn(metrics, score) ? metrics[score] : undefined;
  if (values === undefined) {
    throw new TypeError(`earlyStopping: expected evaluate to return "${score}" but got ${Object.keys(metrics).join()}`);
  }
  return values.length - 1 - values.indexOf(Math.max(...values));
}
