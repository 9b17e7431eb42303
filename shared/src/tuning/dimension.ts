/** One setting of a search: which values it may take, and how evenly spread numbers become values. */
export interface Dimension<T> {
  /** How many numbers describe a value to a model: one for a number, one for each value of a choice. */
  readonly width: number;
  /**
   * The value at a fraction of the way, 0 ≤ fraction < 1. Evenly distributed fractions give the dimension's
   * distribution.
   */
  at(fraction: number): T;
  /**
   * The value as `width` numbers in [0, 1], such that values at the two ends, or two different choices, are 1 apart.
   *
   * @throws RangeError for a value that the dimension cannot take.
   */
  coordinates(value: T): number[];
}

/**
 * The kinds of settings that a search can vary.
 *
 * - `uniform(low, high)`: a number, every value equally likely;
 * - `logUniform(low, high)`: a positive number, every *factor* equally likely: for learning rates and penalties, whose
 *   order of magnitude is unknown;
 * - `integer(low, high)`: a whole number, both ends included;
 * - `choice([…])`: one of a list.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions } from "@nn30/shared";
 *
 * const learningRate = dimensions.logUniform(0.01, 100);
 * assert.ok(Math.abs(learningRate.at(0.5) - 1) < 1e-12); // halfway by factors: 100 times the one end, 1/100 of the other
 * assert.equal(dimensions.integer(10, 12).at(0.99), 12);
 * assert.deepEqual(dimensions.choice(["relu", "tanh"]).at(0.5), "tanh");
 * ```
 */
export const dimensions = {
  uniform: (low: number, high: number): Dimension<number> => {
    checkRange("uniform", low, high, -Infinity);
    return {
      width: 1,
      at: (fraction) => low + (high - low) * fraction,
      coordinates: (value) => [(checkInside("uniform", value, low, high) - low) / (high - low)],
    };
  },

  logUniform: (low: number, high: number): Dimension<number> => {
    checkRange("logUniform", low, high, 0);
    const span = Math.log(high / low);
    return {
      width: 1,
      at: (fraction) => low * Math.exp(span * fraction),
      coordinates: (value) => [Math.log(checkInside("logUniform", value, low, high) / low) / span],
    };
  },

  integer: (low: number, high: number): Dimension<number> => {
    checkRange("integer", low, high, -Infinity);
    if (!Number.isInteger(low) || !Number.isInteger(high)) {
      throw new RangeError(`dimensions.integer: expected whole numbers but got ${low} and ${high}`);
    }
    return {
      width: 1,
      at: (fraction) => low + Math.floor((high - low + 1) * fraction),
      coordinates: (value) => {
        if (!Number.isInteger(value)) {
          throw new RangeError(`dimensions.integer: expected a whole number but got ${value}`);
        }
        return [(checkInside("integer", value, low, high) - low) / (high - low)];
      },
    };
  },

  choice: <T extends string | number | boolean>(values: readonly T[]): Dimension<T> => {
    if (values.length === 0 || new Set(values).size < values.length) {
      throw new RangeError(
        `dimensions.choice: expected different values, at least one, but got [${values.join(", ")}]`,
      );
    }
    return {
      width: values.length,
      at: (fraction) => values[Math.floor(values.length * fraction)],
      coordinates: (value) => {
        if (!values.includes(value)) {
          throw new RangeError(`dimensions.choice: expected one of ${values.join(", ")} but got ${value}`);
        }
        return values.map((other) => (other === value ? Math.SQRT1_2 : 0));
      },
    };
  },
};

function checkRange(kind: string, low: number, high: number, above: number): void {
  if (low > above && high > low && high < Infinity) return;
  const positive = above === 0 ? " positive" : "";
  throw new RangeError(`dimensions.${kind}: expected two${positive} numbers, low < high, but got ${low} and ${high}`);
}

/** A value at an end may have been rounded past it. */
function checkInside(kind: string, value: number, low: number, high: number): number {
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  if (value >= low - slack && value <= high + slack) return Math.min(high, Math.max(low, value));
  throw new RangeError(`dimensions.${kind}: expected a value in ${low} … ${high} but got ${value}`);
}
