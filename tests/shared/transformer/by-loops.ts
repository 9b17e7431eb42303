/** Attention as plain loops over numbers, written without looking at the package: what its layers are compared with. */

export type Matrix = number[][];

export function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

export function plusRow(a: Matrix, row: number[]): Matrix {
  return a.map((values) => values.map((value, j) => value + row[j]));
}

/** The weights of one head: row t says how much token t looks at each token. */
function weightsByLoops(q: Matrix, k: Matrix, sees: (t: number, s: number) => boolean): Matrix {
  const depth = q[0].length;
  return q.map((query, t) => {
    const scores = k.map((key, s) =>
      sees(t, s) ? key.reduce((sum, value, i) => sum + value * query[i], 0) / Math.sqrt(depth) : -Infinity,
    );
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
}

/** Multi-head attention over one sequence, `[time, width]`. */
export function multiHeadByLoops(
  x: Matrix,
  [qkvKernel, outputKernel]: [Matrix, Matrix],
  [qkvBias, outputBias]: [number[], number[]],
  heads: number,
  sees: (t: number, s: number) => boolean,
): Matrix {
  const width = x[0].length;
  const depth = width / heads;
  const qkv = plusRow(product(x, qkvKernel), qkvBias);
  const answers = x.map(() => new Array<number>(width).fill(0));
  for (let head = 0; head < heads; head++) {
    const part = (which: number) =>
      qkv.map((row) => row.slice(which * width + head * depth, which * width + (head + 1) * depth));
    const [q, k, v] = [part(0), part(1), part(2)];
    product(weightsByLoops(q, k, sees), v).forEach((row, t) => {
      row.forEach((value, i) => (answers[t][head * depth + i] = value));
    });
  }
  return plusRow(product(answers, outputKernel), outputBias);
}

export function normByLoops(row: number[], epsilon = 1e-5): number[] {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
}

/** Largest difference of two lists of numbers, however nested. */
export function apart(a: unknown, b: unknown): number {
  const [x, y] = [a, b].map((one) => [one].flat(10) as number[]);
  if (x.length !== y.length) throw new Error(`expected as many numbers: ${x.length} and ${y.length}`);
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
}
