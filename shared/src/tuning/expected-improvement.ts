/**
 * By how much a normally distributed value will exceed `best` on average, where falling short counts as 0:
 * (mean − best) Φ(z) + sd φ(z) with z = (mean − best)/sd.
 *
 * Source: J. Mockus; D. Jones, M. Schonlau and W. Welch, "Efficient global optimization of expensive black-box
 * functions", Journal of Global Optimization 13 (1998).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedImprovement } from "@nn30/shared";
 *
 * assert.equal(expectedImprovement({ mean: 3, sd: 0 }, 1), 2);
 * assert.ok(Math.abs(expectedImprovement({ mean: 0, sd: 1 }, 0) - 1 / Math.sqrt(2 * Math.PI)) < 1e-9);
 * ```
 */
export function expectedImprovement(value: { readonly mean: number; readonly sd: number }, best: number): number {
  const gain = value.mean - best;
  if (!(value.sd > 0)) return Math.max(0, gain);
  const z = gain / value.sd;
  return Math.max(0, gain * normalCdf(z) + value.sd * normalDensity(z));
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Φ(z), the probability that a standard normal number is below z, to about 1e-15 relative in the body and with a sound
 * lower tail: a series near 0, a continued fraction far out.
 */
function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  const x = Math.abs(z);
  const density = normalDensity(x);
  if (x < 3) {
    // Φ(x) − 1/2 = φ(x) (x + x³/3 + x⁵/(3·5) + …)
    let term = x;
    let sum = x;
    for (let odd = 3; term > sum * 1e-17; odd += 2) sum += term *= (x * x) / odd;
    return z > 0 ? 0.5 + density * sum : 0.5 - density * sum;
  }
  // 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …))))
  let fraction = x;
  for (let k = 100; k > 0; k--) fraction = x + k / fraction;
  return z > 0 ? 1 - density / fraction : density / fraction;
}

/** The z with Φ(z) = p, by bisection. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: expected a probability in (0, 1) but got ${p}`);
  let low = -40;
  let high = 10;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
