import { checkPairs } from "./accuracy.js";

/** How often each class was taken for each other. */
export interface ConfusionMatrix {
  /** Number of classes. */
  readonly classes: number;
  /** Counts `[classes, classes]`, row-major: the row is the actual class, the column the predicted one. */
  readonly counts: Uint32Array;
}

/**
 * Counts predictions by actual class (row) and predicted class (column).
 *
 * @param predicted - Class numbers `[count]`.
 * @param actual - Class numbers `[count]`.
 * @param classes - Number of classes; by default one more than the largest class number that occurs.
 * @throws RangeError when the lengths differ, nothing is given, or a class number is not in 0 … classes − 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionMatrix } from "@nn30/shared";
 *
 * const { counts } = confusionMatrix([0, 1, 1, 1], [0, 0, 1, 1]);
 * assert.deepEqual([...counts], [1, 1, 0, 2]); // one 0 was taken for a 1
 * ```
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes?: number,
): ConfusionMatrix {
  checkPairs("confusionMatrix", predicted, actual);
  const size = classes ?? largest(predicted, actual) + 1;
  const check = (value: number, what: string, index: number) => {
    if (!Number.isInteger(value) || value < 0 || value >= size) {
      throw new RangeError(
        `confusionMatrix: expected ${what}[${index}] to be a class number in 0 … ${size - 1} but got ${value}`,
      );
    }
  };
  const counts = new Uint32Array(size * size);
  for (let i = 0; i < actual.length; i++) {
    check(predicted[i], "predicted", i);
    check(actual[i], "actual", i);
    counts[actual[i] * size + predicted[i]]++;
  }
  return { classes: size, counts };
}

function largest(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < actual.length; i++) most = Math.max(most, predicted[i], actual[i]);
  return Math.floor(most);
}
