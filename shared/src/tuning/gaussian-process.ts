import { cholesky, choleskySolve, solveLower } from "../linear-algebra/cholesky.js";

/** How a Gaussian process supposes values at different points to be related. */
export interface Kernel {
  /** How far one must go along each coordinate for the value to become another one, `[coordinates]`. */
  readonly lengthScales: readonly number[];
  /** Variance of the function's values around their mean, 0. 1 by default. */
  readonly signalVariance?: number;
  /** Variance of what is observed around the function. */
  readonly noiseVariance: number;
}

/**
 * What a Gaussian process with mean 0 and the kernel k(a, b) = s² exp(−½ Σ (aᵢ − bᵢ)²/ℓᵢ²) knows about a function, after
 * values with independent normal noise were observed at some points.
 *
 * Source: C. Rasmussen and C. Williams, "Gaussian Processes for Machine Learning" (2006), algorithm 2.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { GaussianProcess } from "@nn30/shared";
 *
 * const process = new GaussianProcess([[0]], [1], { lengthScales: [1], noiseVariance: 0 });
 * assert.deepEqual(process.predict([0]), { mean: 1, sd: 0 });
 * const { mean, sd } = process.predict([1]); // a length scale away: correlation e^(−1/2)
 * assert.ok(Math.abs(mean - Math.exp(-0.5)) < 1e-12 && Math.abs(sd ** 2 - (1 - Math.exp(-1))) < 1e-12);
 * ```
 */
export class GaussianProcess {
  readonly #n: number;
  readonly #l: Float64Array;
  readonly #weights: Float64Array;
  /** The logarithm of the probability density of the observed values: large where the kernel suits them. */
  readonly logMarginalLikelihood: number;

  /**
   * @param points - Where values were observed, `[n, coordinates]`.
   * @param values - The values, `[n]`.
   * @throws RangeError when shapes do not agree, the kernel's numbers are out of range, or a point occurs twice without
   *   noise.
   */
  constructor(
    readonly points: readonly (readonly number[])[],
    values: readonly number[],
    readonly kernel: Kernel,
  ) {
    check(points, values, kernel);
    const n = (this.#n = points.length);
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) matrix[i * n + j] = covariance(points[i], points[j], kernel);
      matrix[i * n + i] += kernel.noiseVariance;
    }
    this.#l = cholesky(matrix, n);
    this.#weights = choleskySolve(this.#l, values, n);
    let fit = 0;
    let halfLogDeterminant = 0;
    for (let i = 0; i < n; i++) {
      fit += values[i] * this.#weights[i];
      halfLogDeterminant += Math.log(this.#l[i * n + i]);
    }
    this.logMarginalLikelihood = -fit / 2 - halfLogDeterminant - (n / 2) * Math.log(2 * Math.PI);
  }

  /**
   * Mean and standard deviation of the function's value at a point (not of a noisy observation there).
   *
   * @param point - `[coordinates]`.
   */
  predict(point: readonly number[]): { mean: number; sd: number } {
    const n = this.#n;
    const near = this.points.map((other) => covariance(point, other, this.kernel));
    const explained = solveLower(this.#l, near, n);
    let mean = 0;
    let variance = this.kernel.signalVariance ?? 1;
    for (let i = 0; i < n; i++) {
      mean += near[i] * this.#weights[i];
      variance -= explained[i] * explained[i];
    }
    return { mean, sd: Math.sqrt(Math.max(0, variance)) };
  }
}

function covariance(a: readonly number[], b: readonly number[], { lengthScales, signalVariance = 1 }: Kernel): number {
  let square = 0;
  for (let i = 0; i < lengthScales.length; i++) {
    const step = (a[i] - b[i]) / lengthScales[i];
    square += step * step;
  }
  return signalVariance * Math.exp(-square / 2);
}

function check(points: readonly (readonly number[])[], values: readonly number[], kernel: Kernel): void {
  const { lengthScales, signalVariance = 1, noiseVariance } = kernel;
  if (points.length === 0 || values.length !== points.length) {
    throw new RangeError(
      `GaussianProcess: expected a value for each point but got ${values.length} for ${points.length}`,
    );
  }
  const odd = points.find((point) => point.length !== lengthScales.length);
  if (odd) {
    throw new RangeError(`GaussianProcess: expected points of shape [${lengthScales.length}] but got [${odd.length}]`);
  }
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) throw new RangeError(`GaussianProcess: expected finite values but got ${strange}`);
  if (lengthScales.some((scale) => !(scale > 0)) || !(signalVariance > 0) || !(noiseVariance >= 0)) {
    throw new RangeError(
      `GaussianProcess: expected positive length scales and variances but got ${lengthScales.join(", ")}; ` +
        `${signalVariance}; noise ${noiseVariance}`,
    );
  }
}
