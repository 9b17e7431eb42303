import { cholesky, choleskySolve, expectedImprovement, GaussianProcess, Random } from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** A⁻¹ b by Gauss–Jordan elimination with row exchanges: nothing in common with Cholesky. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let column = 0; column < rows.length; column++) {
    let pivot = column;
    for (let i = column + 1; i < rows.length; i++)
      if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = row[column] / rows[column][column];
      for (let j = column; j < row.length; j++) row[j] -= factor * rows[column][j];
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const sizes = fc.integer({ min: 1, max: 8 });

describe("cholesky", () => {
  it("rebuilds the matrix and solves with it, as elimination does", () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const random = new Random(seed);
        const b = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()));
        const a = b.map((row, i) => b.map((other, j) => row.reduce((s, x, k) => s + x * other[k], i === j ? 1 : 0)));
        const right = Array.from({ length: n }, () => random.normal());
        const l = cholesky(a.flat(), n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += l[i * n + k] * l[j * n + k];
            expect(sum).toBeCloseTo(a[i][j], 9);
          }
        }
        const expected = solve(a, right);
        choleskySolve(l, right, n).forEach((x, i) => expect(x).toBeCloseTo(expected[i], 7));
      }),
    );
  });
  it("refuses what has no root", () => {
    expect(() => cholesky([1, 2, 2, 1], 2)).toThrow("expected a positive definite matrix but row 1 depends");
    expect(() => cholesky([1, 2], 2)).toThrow("expected a matrix [2, 2] but got 2 numbers");
    expect(() => choleskySolve(Float64Array.of(1), [1, 2], 1)).toThrow("expected [1, 1] and [1]");
  });
});

describe("GaussianProcess", () => {
  it("gives the posterior worked by hand: two observations, halfway between them", () => {
    const process = new GaussianProcess([[0], [1]], [1, 0], { lengthScales: [1], noiseVariance: 0 });
    const near = Math.exp(-1 / 8);
    const weight = near / (1 + Math.exp(-1 / 2));
    const { mean, sd } = process.predict([0.5]);
    expect(mean).toBeCloseTo(weight, 12); // 0.5493
    expect(sd).toBeCloseTo(Math.sqrt(1 - 2 * near * weight), 12); // 0.1746
  });
  it("equals the formulas, solved by elimination", () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, n) => {
        const random = new Random(seed);
        const points = Array.from({ length: n }, () => [random.uniform(), random.uniform()]);
        const values = points.map(() => random.normal());
        const kernel = { lengthScales: [0.3, 0.7], signalVariance: 1.5, noiseVariance: 0.1 };
        const k = (a: number[], b: number[]) =>
          1.5 * Math.exp(-(((a[0] - b[0]) / 0.3) ** 2) / 2 - ((a[1] - b[1]) / 0.7) ** 2 / 2);
        const matrix = points.map((a, i) => points.map((b, j) => k(a, b) + (i === j ? 0.1 : 0)));
        const at = [random.uniform(), random.uniform()];
        const near = points.map((p) => k(p, at));
        const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
        const { mean, sd } = new GaussianProcess(points, values, kernel).predict(at);
        expect(mean).toBeCloseTo(dot(near, solve(matrix, values)), 8);
        expect(sd ** 2).toBeCloseTo(1.5 - dot(near, solve(matrix, near)), 8);
      }),
    );
  });
  it("knows what it saw, knows nothing far away, and never loses by seeing more", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        const points = Array.from({ length: 6 }, (_, i) => [i + random.uniform(0, 0.5)]);
        const values = points.map(() => random.normal());
        const kernel = { lengthScales: [0.5], noiseVariance: 0 };
        const all = new GaussianProcess(points, values, kernel);
        points.forEach((point, i) => expect(all.predict(point).mean).toBeCloseTo(values[i], 6));
        expect(all.predict([100])).toEqual({ mean: 0, sd: 1 });
        const fewer = new GaussianProcess(points.slice(1), values.slice(1), kernel);
        const at = [random.uniform(0, 6)];
        expect(all.predict(at).sd).toBeLessThanOrEqual(fewer.predict(at).sd + 1e-7);
      }),
    );
  });
  it("has the log marginal likelihood of one observation, worked by hand", () => {
    const { logMarginalLikelihood } = new GaussianProcess([[0]], [2], { lengthScales: [1], noiseVariance: 3 });
    expect(logMarginalLikelihood).toBeCloseTo(-(2 ** 2) / (2 * 4) - Math.log(2 * Math.PI * 4) / 2, 12);
  });
  it("refuses shapes and kernels that make no sense", () => {
    const kernel = { lengthScales: [1], noiseVariance: 0 };
    expect(() => new GaussianProcess([], [], kernel)).toThrow("a value for each point but got 0 for 0");
    expect(() => new GaussianProcess([[1, 2]], [1], kernel)).toThrow("points of shape [1] but got [2]");
    expect(() => new GaussianProcess([[1]], [NaN], kernel)).toThrow("finite values but got NaN");
    expect(() => new GaussianProcess([[1]], [1], { lengthScales: [0], noiseVariance: 0 })).toThrow("positive length");
    expect(() => new GaussianProcess([[1], [1]], [1, 1], kernel)).toThrow("positive definite");
  });
});

describe("expectedImprovement", () => {
  it("is the mean of max(0, value − best), by adding up 20,000 slices", () => {
    for (const [mean, sd, best] of [[0, 1, 0], [0.55, 0.17, 1], [-2, 0.5, 0], [3, 2, 1], [0, 1, 5]]) {
      let sum = 0;
      const [steps, width] = [20_000, 20 / 20_000];
      for (let i = 0; i < steps; i++) {
        const z = -10 + (i + 0.5) * width;
        sum += Math.max(0, mean + sd * z - best) * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * width;
      }
      const exact = expectedImprovement({ mean, sd }, best);
      expect(Math.abs(exact - sum)).toBeLessThan(1e-6 * Math.max(sum, 1e-3));
    }
  }); // prettier-ignore
  it("is never negative, grows with mean and sd, and is the plain gain without doubt", () => {
    const numbers = fc.double({ min: -5, max: 5, noNaN: true });
    const widths = fc.double({ min: 1e-3, max: 5, noNaN: true });
    fc.assert(
      fc.property(numbers, widths, numbers, widths, (mean, sd, best, more) => {
        const here = expectedImprovement({ mean, sd }, best);
        expect(here).toBeGreaterThanOrEqual(Math.max(0, mean - best) - 1e-12);
        expect(expectedImprovement({ mean: mean + more, sd }, best)).toBeGreaterThanOrEqual(here - 1e-12);
        expect(expectedImprovement({ mean, sd: sd + more }, best)).toBeGreaterThanOrEqual(here - 1e-12);
      }),
    );
    expect(expectedImprovement({ mean: 2, sd: 0 }, 3)).toBe(0);
  });
});
