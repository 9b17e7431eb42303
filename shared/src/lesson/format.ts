/** Turns a claim's value into the text that a reader sees. */
export type NumberFormat = (value: number) => string;

/**
 * A share as a percentage.
 *
 * @param digits - Digits after the point. Default: 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { asPercent } from "@nn30/shared";
 * assert.equal(asPercent(1)(0.9542), "95.4 %");
 * ```
 */
export function asPercent(digits = 2): NumberFormat {
  return (value) => `${(100 * value).toFixed(digits)} %`;
}

/**
 * A number with a fixed count of digits after the point.
 *
 * @param digits - Digits after the point. Default: 3.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { asDecimal } from "@nn30/shared";
 * assert.equal(asDecimal(4)(0.68568), "0.6857");
 * ```
 */
export function asDecimal(digits = 3): NumberFormat {
  return (value) => value.toFixed(digits);
}

/**
 * A whole number with thousands set apart by commas.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { asCount } from "@nn30/shared";
 * assert.equal(asCount()(65536), "65,536");
 * ```
 */
export function asCount(): NumberFormat {
  return (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/**
 * A very small or very large number in scientific notation.
 *
 * @param digits - Digits after the point. Default: 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { asScientific } from "@nn30/shared";
 * assert.equal(asScientific()(0.00000012), "1.2e-7");
 * ```
 */
export function asScientific(digits = 1): NumberFormat {
  return (value) => value.toExponential(digits);
}

/** What {@link NumberFormat} is used where a claim names none: whole numbers as counts, others with four digits. */
export const plainNumber: NumberFormat = (value) =>
  Number.isInteger(value) ? asCount()(value) : Math.abs(value) < 1e-3 ? asScientific()(value) : asDecimal(4)(value);
