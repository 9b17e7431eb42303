import {
  accuracy,
  classificationReport,
  confusionMatrix,
  median,
  quantile,
  summarize,
  wilsonInterval,
} from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 60 });

describe("accuracy", () => {
  it("counts what agrees", () => {
    expect(accuracy([1, 2, 3, 4], Uint8Array.of(1, 2, 0, 4))).toBe(0.75);
  });
  it("refuses what cannot be compared", () => {
    expect(() => accuracy([1], [1, 2])).toThrow("accuracy: expected as many predictions as labels (2) but got 1");
    expect(() => accuracy([], [])).toThrow("accuracy: expected at least one prediction but got none");
  });
});

describe("confusionMatrix and classificationReport", () => {
  // Worked by hand: actual 0: three, one taken for 1; actual 1: two, both right; actual 2: one, taken for 0.
  const matrix = confusionMatrix([0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 2]);

  it("counts by actual row and predicted column", () => {
    expect(matrix.classes).toBe(3);
    expect([...matrix.counts]).toEqual([2, 1, 0, 0, 2, 0, 1, 0, 0]);
    expect(confusionMatrix([0], [0], 10).counts).toHaveLength(100);
  });

  it("gives precision, recall and F1", () => {
    const report = classificationReport(matrix);
    expect(report.accuracy).toBe(4 / 6);
    expect(report.perClass).toEqual([
      { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 },
      { precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
      { precision: 0, recall: 0, f1: 0, support: 1 },
    ]);
    expect(report.macro.precision).toBeCloseTo(4 / 9, 15);
    expect(report.macro.recall).toBeCloseTo(5 / 9, 15);
    expect(report.macro.f1).toBeCloseTo((2 / 3 + 0.8) / 3, 15);
    expect(report.micro).toEqual({ precision: 4 / 6, recall: 4 / 6, f1: 8 / 12 });
  });

  it("agrees with the definitions on any predictions", () => {
    fc.assert(
      fc.property(pairs, (both) => {
        const predicted = both.map(([p]) => p);
        const actual = both.map(([, a]) => a);
        const counted = confusionMatrix(predicted, actual, 5);
        expect(counted.counts.reduce((a, b) => a + b)).toBe(both.length);
        const report = classificationReport(counted);
        expect(report.accuracy).toBe(accuracy(predicted, actual));
        expect(report.micro.f1).toBeCloseTo(report.accuracy, 12);
        report.perClass.forEach(({ precision, recall, f1, support }, c) => {
          expect(support).toBe(actual.filter((a) => a === c).length);
          const called = both.filter(([p]) => p === c);
          if (called.length > 0) expect(precision).toBe(called.filter(([, a]) => a === c).length / called.length);
          if (precision + recall > 0) expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
        });
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("refuses class numbers that are none", () => {
    expect(() => confusionMatrix([0, 3], [0, 1], 3)).toThrow(
      "confusionMatrix: expected predicted[1] to be a class number in 0 … 2 but got 3",
    );
    expect(() => confusionMatrix([0], [-1])).toThrow("expected actual[0] to be a class number in 0 … 0 but got -1");
    expect(() => confusionMatrix([0.5], [1])).toThrow("expected predicted[0]");
    expect(() => confusionMatrix([NaN], [1], 2)).toThrow("but got NaN");
  });
});

describe("wilsonInterval", () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("gives the published interval for %d of %d", (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("solves |p̂ − p| = z √(p(1 − p)/n) at both ends, contains p̂ and mirrors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.floor(share * n);
        const rate = successes / n;
        const { low, high } = wilsonInterval(successes, n, 2);
        expect(low).toBeLessThanOrEqual(rate);
        expect(high).toBeGreaterThanOrEqual(rate);
        for (const end of [low, high]) expect((rate - end) ** 2).toBeCloseTo((4 * end * (1 - end)) / n, 10);
        expect(wilsonInterval(n - successes, n, 2).low).toBeCloseTo(1 - high, 12);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each([
    [2, 1],
    [-1, 5],
    [0, 0],
    [NaN, 5],
  ])("refuses %d of %d", (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
  });
});

describe("summarize, quantile, median", () => {
  it("gives hand-worked numbers", () => {
    expect(summarize([9, 2, 4])).toEqual({ n: 3, median: 4, mean: 5, sd: Math.sqrt(13), min: 2, max: 9 });
    expect(summarize([7])).toEqual({ n: 1, median: 7, mean: 7, sd: 0, min: 7, max: 7 });
    expect(median([4, 1, 3, 2])).toBe(2.5);
    // numpy.quantile([1, 2, 4, 8], [0, .1, .25, .5, .75, 1])
    expect([0, 0.1, 0.25, 0.5, 0.75, 1].map((q) => quantile([8, 1, 4, 2], q))).toEqual([1, 1.3, 1.75, 3, 5, 8]);
  });

  it("leaves its argument alone, ignores order, and stays within the values", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, fraction) => {
        const copy = [...sample];
        const { min, max, mean, sd } = summarize(sample);
        const q = quantile(sample, fraction);
        expect(sample).toEqual(copy);
        expect(quantile(copy.reverse(), fraction)).toBe(q);
        expect(q >= min && q <= max).toBe(true);
        expect(mean).toBeGreaterThanOrEqual(min - 1e-6);
        expect(mean).toBeLessThanOrEqual(max + 1e-6);
        expect(sd).toBeLessThanOrEqual((max - min) * Math.SQRT1_2 + 1e-6);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("refuses nothing, infinities and fractions outside [0, 1]", () => {
    expect(() => summarize([])).toThrow("summarize: expected at least one value but got none");
    expect(() => median([1, NaN])).toThrow("median: expected finite numbers but got NaN");
    expect(() => quantile([1, Infinity], 0.5)).toThrow("quantile: expected finite numbers but got Infinity");
    expect(() => quantile([1], 1.1)).toThrow("quantile: expected a fraction in [0, 1] but got 1.1");
  });
});
