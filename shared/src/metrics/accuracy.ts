/**
 * The fraction of predictions that are right, in [0, 1].
 *
 * @param predicted - Class numbers `[count]`.
 * @param actual - Class numbers `[count]`.
 * @throws RangeError when the lengths differ or there is nothing to count.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { accuracy } from "@nn30/shared";
 *
 * assert.equal(accuracy([7, 2, 1, 0], [7, 2, 1, 9]), 0.75);
 * ```
 */
export function accuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkPairs("accuracy", predicted, actual);
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (predicted[i] === actual[i]) right++;
  return right / actual.length;
}

/** Throws unless there are as many predictions as labels, and at least one. */
export function checkPairs(caller: string, predicted: ArrayLike<number>, actual: ArrayLike<number>): void {
  if (predicted.length !== actual.length) {
    throw new RangeError(
      `${caller}: expected as many predictions as labels (${actual.length}) but got ${predicted.length}`,
    );
  }
  if (actual.length === 0) throw new RangeError(`${caller}: expected at least one prediction but got none`);
}
