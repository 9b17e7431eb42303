/**
 * Solves a system whose matrix is symmetric and positive definite, by Cholesky's decomposition in place.
 *
 * @param matrix - The rows `[n][n]`; what lies above the diagonal is not read. It is overwritten.
 * @param right - The right-hand side, `[n]`.
 * @returns The solution, or undefined when the matrix is singular to working precision.
 */
export function solvePositiveDefinite(matrix: Float64Array[], right: Float64Array): Float64Array | undefined {
  const n = right.length;
  const largest = matrix.reduce((most, row, j) => Math.max(most, row[j]), 0);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let rest = matrix[j][k];
      for (let i = 0; i < k; i++) rest -= matrix[j][i] * matrix[k][i];
      if (k < j) matrix[j][k] = rest / matrix[k][k];
      else if (rest > 1e-12 * largest) matrix[j][j] = Math.sqrt(rest);
      else return undefined;
    }
  }
  const solution = right.slice();
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) solution[j] -= matrix[j][k] * solution[k];
    solution[j] /= matrix[j][j];
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let k = j + 1; k < n; k++) solution[j] -= matrix[k][j] * solution[k];
    solution[j] /= matrix[j][j];
  }
  return solution;
}
