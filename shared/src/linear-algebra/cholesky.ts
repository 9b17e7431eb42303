/**
 * The lower triangular matrix L with L Lᵀ = A, for a symmetric positive definite A.
 *
 * @param a - `[n, n]`, row by row; the entries above the diagonal are not looked at.
 * @param n - Rows of A.
 * @throws RangeError when the shape is wrong or A is not positive definite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cholesky, choleskySolve } from "@nn30/shared";
 *
 * const l = cholesky([4, 2, 2, 5], 2);
 * assert.deepEqual([...l], [2, 0, 1, 2]);
 * assert.deepEqual([...choleskySolve(l, [8, 8], 2)], [1.5, 1]); // 4 · 1.5 + 2 · 1 = 8 and 2 · 1.5 + 5 · 1 = 8
 * ```
 */
export function cholesky(a: ArrayLike<number>, n: number): Float64Array {
  if (a.length !== n * n) throw new RangeError(`cholesky: expected a matrix [${n}, ${n}] but got ${a.length} numbers`);
  const { l, rows } = decompose(a, n, 0);
  if (rows < n) {
    throw new RangeError(`cholesky: expected a positive definite matrix but row ${rows} depends on those before it`);
  }
  return l;
}

/**
 * What {@link cholesky} computes, and how many rows of it: fewer than `n` where the square of a diagonal entry is not above
 * `smallest`.
 */
export function decompose(a: ArrayLike<number>, n: number, smallest: number): { l: Float64Array; rows: number } {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (j < i) l[i * n + j] = sum / l[j * n + j];
      else if (sum > smallest) l[i * n + i] = Math.sqrt(sum);
      else return { l, rows: i };
    }
  }
  return { l, rows: n };
}

/** The v with L v = b: forward substitution. */
export function solveLower(l: Float64Array, b: ArrayLike<number>, n: number): Float64Array {
  const v = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * v[k];
    v[i] = sum / l[i * n + i];
  }
  return v;
}

/**
 * The x with A x = b, where L = {@link cholesky}(A).
 *
 * @param l - `[n, n]`, row by row.
 * @param b - `[n]`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { choleskySolve } from "@nn30/shared";
 *
 * assert.deepEqual([...choleskySolve(Float64Array.of(3), [18], 1)], [2]); // 9 x = 18
 * ```
 */
export function choleskySolve(l: Float64Array, b: ArrayLike<number>, n: number): Float64Array {
  if (l.length !== n * n || b.length !== n) {
    throw new RangeError(`choleskySolve: expected [${n}, ${n}] and [${n}] but got ${l.length} and ${b.length} numbers`);
  }
  const x = solveLower(l, b, n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
    x[i] = sum / l[i * n + i];
  }
  return x;
}
