/**
 * The logistic function σ(z) = 1 / (1 + e⁻ᶻ), from 0 far left to 1 far right.
 *
 * Its slope needs no second exponential: σ′(z) = a (1 − a) with a = σ(z).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sigmoid } from "@nn30/shared";
 *
 * assert.equal(sigmoid(0), 0.5);
 * assert.equal(sigmoid(0.78).toFixed(4), "0.6857");
 * ```
 */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
