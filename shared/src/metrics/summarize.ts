/** A sample in a few numbers. */
export interface Summary {
  /** Number of values. */
  readonly n: number;
  readonly median: number;
  readonly mean: number;
  /** Standard deviation of the sample (divisor n − 1); 0 for a single value. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Median, mean and spread of a few values, such as one score for each seed.
 *
 * @throws RangeError when there are no values, or one is not a finite number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { summarize } from "@nn30/shared";
 *
 * assert.deepEqual(summarize([2, 4, 9]), { n: 3, median: 4, mean: 5, sd: Math.sqrt(13), min: 2, max: 9 });
 * ```
 */
export function summarize(values: ArrayLike<number>): Summary {
  const sorted = sort("summarize", values);
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    n,
    median: between(sorted, 0.5),
    mean,
    sd: n === 1 ? 0 : Math.sqrt(squares / (n - 1)),
    min: sorted[0],
    max: sorted[n - 1],
  };
}

/**
 * The value below which a fraction of the values lies, interpolated between neighbours (type 7 of Hyndman and Fan, the
 * default of NumPy and R).
 *
 * @param fraction - In [0, 1]; 0.5 is the median.
 * @throws RangeError when there are no values, one is not finite, or the fraction is outside [0, 1].
 *
 * Source: R. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quantile } from "@nn30/shared";
 *
 * assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
 * ```
 */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`quantile: expected a fraction in [0, 1] but got ${fraction}`);
  }
  return between(sort("quantile", values), fraction);
}

/**
 * The middle value, or the mean of the middle two.
 *
 * @throws RangeError when there are no values, or one is not a finite number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { median } from "@nn30/shared";
 *
 * assert.equal(median([95.1, 94.8, 95.3]), 95.1);
 * assert.equal(median([1, 2]), 1.5);
 * ```
 */
export function median(values: ArrayLike<number>): number {
  return between(sort("median", values), 0.5);
}

function sort(caller: string, values: ArrayLike<number>): Float64Array {
  if (values.length === 0) throw new RangeError(`${caller}: expected at least one value but got none`);
  const sorted = Float64Array.from(values).sort();
  const strange = sorted.find((value) => !Number.isFinite(value));
  if (strange !== undefined) throw new RangeError(`${caller}: expected finite numbers but got ${strange}`);
  return sorted;
}

function between(sorted: Float64Array, fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = Math.floor(position);
  const low = sorted[below];
  const share = position - below;
  return share === 0 ? low : low + share * (sorted[below + 1] - low);
}
