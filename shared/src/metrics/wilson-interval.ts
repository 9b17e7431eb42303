/** An interval of fractions, both ends in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval: the success rates with which the observed count is compatible. Unlike the textbook
 * p ± z·√(p(1 − p)/n) it stays within [0, 1] and keeps its coverage near 0 and 1, where good classifiers live.
 *
 * @param successes - How many were right.
 * @param trials - Out of how many.
 * @param z - Width in standard deviations; 1.96 (95 %) by default.
 * @throws RangeError unless 0 ≤ successes ≤ trials, trials ≥ 1 and z ≥ 0.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilsonInterval } from "@nn30/shared";
 *
 * const { low, high } = wilsonInterval(9_542, 10_000);
 * assert.equal(low.toFixed(4), "0.9499");
 * assert.equal(high.toFixed(4), "0.9581");
 * ```
 */
export function wilsonInterval(successes: number, trials: number, z = 1.959963984540054): Interval {
  if (!(trials >= 1) || !(successes >= 0) || !(successes <= trials) || !(z >= 0)) {
    throw new RangeError(
      `wilsonInterval: expected 0 ≤ successes ≤ trials, trials ≥ 1 and z ≥ 0 but got ${successes} of ${trials}, z = ${z}`,
    );
  }
  const rate = successes / trials;
  const square = (z * z) / trials;
  const centre = rate + square / 2;
  const spread = z * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials));
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - spread) / (1 + square)),
    high: successes === trials ? 1 : Math.min(1, (centre + spread) / (1 + square)),
  };
}
