import { interventionalGame, Random, rowModel, shapleyValues, type RowModel } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leakOf } from "../native/switch.js";

/** A model of single rows. */
const each =
  (columns: number, f: (row: Float64Array) => number): RowModel =>
  (rows, count) =>
    Array.from({ length: count }, (_, i) => f(rows.subarray(i * columns, (i + 1) * columns)));

describe("interventionalGame", () => {
  it("averages the model over the background, member columns set to x", () => {
    // f = a·b; x = (2, 3); background (1, 10) and (5, 20).
    const game = interventionalGame(
      each(2, ([a, b]) => a * b),
      [2, 3],
      [
        [1, 10],
        [5, 20],
      ],
    );
    const coalitions = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ].map((members) => Uint8Array.from(members));
    expect([...Array.from(game.worth(coalitions))]).toEqual([(10 + 100) / 2, (20 + 40) / 2, (3 + 15) / 2, 6]);
  });

  it("gives a linear model the values w(x − μ)", () => {
    const columns = 6;
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    const row = fc.array(number, { minLength: columns, maxLength: columns });
    fc.assert(
      fc.property(row, row, fc.array(row, { minLength: 1, maxLength: 5 }), (weights, x, background) => {
        const model = each(columns, (values) => values.reduce((sum, value, i) => sum + weights[i] * value, 7));
        const { values, base } = shapleyValues(interventionalGame(model, x, background));
        const means = weights.map((_, i) => background.reduce((sum, one) => sum + one[i], 0) / background.length);
        values.forEach((value, i) => expect(Math.abs(value - weights[i] * (x[i] - means[i]))).toBeLessThan(1e-9));
        expect(Math.abs(base - means.reduce((sum, mean, i) => sum + weights[i] * mean, 7))).toBeLessThan(1e-9);
      }),
      { seed: 24 },
    );
  });

  it("gives the same in batches of any size, and never more rows than were asked for", () => {
    const random = new Random(3);
    const [x, ...background] = Array.from({ length: 8 }, () => Array.from({ length: 4 }, () => random.normal()));
    const f = ([a, b, c, d]: Float64Array) => Math.sin(a * b) + c * d;
    const sizes: number[] = [];
    const valuesAt = (batchRows: number) => {
      const model: RowModel = (rows, count) => {
        if (batchRows === 5) sizes.push(count);
        return each(4, f)(rows, count);
      };
      return shapleyValues(interventionalGame(model, x, background, { batchRows })).values;
    };
    expect(valuesAt(5)).toEqual(valuesAt(10_000));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(16 * 7);
    expect(Math.max(...sizes)).toBe(5);
  });

  it("treats a group of columns as one player and leaves the others to the background", () => {
    const f = ([a, b, c, d]: Float64Array) => a + 10 * b + 100 * c + 1000 * d;
    const game = interventionalGame(each(4, f), [1, 1, 1, 1], [[0, 0, 0, 0]], { groups: [[0, 2], [1]] });
    const { values, base, output } = shapleyValues(game);
    expect([...values]).toEqual([101, 10]);
    expect([base, output]).toEqual([0, 111]);
  });

  const one = each(2, ([a]) => a);
  it.each([
    [() => interventionalGame(one, [1, 2], []), "expected at least one background row but got none"],
    [
      () => interventionalGame(one, [1, 2], [[0, 0], [0]]),
      "expected background rows of 2 columns, as x has, but row 1 has 1",
    ],
    [
      () => interventionalGame(one, [1, 2], [[0, 0]], { batchRows: 0 }),
      "expected batchRows to be a positive whole number but got 0",
    ],
    [
      () => interventionalGame(one, [1, 2], [[0, 0]], { groups: [[2]] }),
      "expected columns from 0 to 1 in groups[0] but got 2",
    ],
    [
      () => interventionalGame(one, [1, 2], [[0, 0]], { groups: [[0], [1, 0]] }),
      "expected every column in one group but 0 is in 0 and 1",
    ],
    [
      () => shapleyValues(interventionalGame(() => [1], [1, 2], [[0, 0]])),
      "expected the model to give 4 numbers for 4 rows but got 1",
    ],
  ])("refuses what does not fit: %#", (make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});

describe("rowModel", () => {
  const model = () => {
    const made = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [2, 2, 1] }),
        tf.layers.dense({ units: 3, activation: "softmax", useBias: false }),
      ],
    });
    made.setWeights([tf.randomNormal([4, 3], 0, 1, "float32", 5)]);
    return made;
  };
  const rows = Float64Array.from({ length: 12 }, (_, i) => (i % 5) / 4);

  it("keeps one output of the model", () => {
    const classifier = model();
    const all = classifier.predict(tf.tensor(Float32Array.from(rows), [3, 2, 2, 1])) as tf.Tensor;
    for (const output of [0, 1, 2]) {
      const expected = [0, 1, 2].map((row) => (all.arraySync() as number[][])[row][output]);
      expect([...Array.from(rowModel(classifier, output)(rows, 3))]).toEqual(expected);
    }
  });

  it("adds up to the model's own output in single precision, and leaves no tensor behind", () => {
    const classifier = model();
    const game = interventionalGame(rowModel(classifier, 1), rows.subarray(0, 4), [
      rows.subarray(4, 8),
      rows.subarray(8, 12),
    ]);
    const { values, base } = shapleyValues(game);
    const [, output] = (
      classifier.predict(tf.tensor(Float32Array.from(rows.subarray(0, 4)), [1, 2, 2, 1])) as tf.Tensor
    ).dataSync();
    expect(Math.abs(values.reduce((sum, value) => sum + value, base) - output)).toBeLessThan(1e-6);
    expect(leakOf(() => void shapleyValues(game))).toBe(0);
  });

  it("refuses an output that the model lacks, and models of several inputs", () => {
    expect(() => rowModel(model(), 3)).toThrow(new RangeError("rowModel: expected output from 0 to 2 but got 3"));
    const [a, b] = [tf.input({ shape: [1] }), tf.input({ shape: [1] })];
    const both = tf.layers.add().apply([a, b]) as tf.SymbolicTensor;
    expect(() => rowModel(tf.model({ inputs: [a, b], outputs: both }))).toThrow(
      "rowModel: expected a model with one input and one output tensor but it has 2 and 1",
    );
  });
});
