import {
  attentionMaps,
  attentionWeights,
  causalMask,
  multiHeadAttention,
  scaledDotProductAttention,
} from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apart, multiHeadByLoops, type Matrix } from "./by-loops.js";

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

describe("scaled dot-product attention", () => {
  // Queries (2, 0), (0, 1), (2, 1), keys (1, 0), (1, 1), (2, 1), values (1, 0), (0, 1), (1, 1); scores over √2.
  const q = tf.tensor4d([2, 0, 0, 1, 2, 1], [1, 1, 3, 2]);
  const k = tf.tensor4d([1, 0, 1, 1, 2, 1], [1, 1, 3, 2]);
  const v = tf.tensor4d([1, 0, 0, 1, 1, 1], [1, 1, 3, 2]);

  it("gives the weights and answers that one works out by hand", () => {
    const [[weights]] = attentionWeights(q, k).arraySync() as number[][][][];
    expect(apart(weights[0], [0.1636, 0.1636, 0.6728])).toBeLessThan(5e-5);
    expect(apart(weights[1], [0.1978, 0.4011, 0.4011])).toBeLessThan(5e-5);
    expect(apart(weights[2], [0.0879, 0.1784, 0.7337])).toBeLessThan(5e-5);
    const [[answers]] = scaledDotProductAttention(q, k, v).arraySync() as number[][][][];
    expect(apart(answers[2], [0.8216, 0.9121])).toBeLessThan(5e-5);
  });

  it("gives nothing at all to later tokens under a causal mask", () => {
    const [[weights]] = attentionWeights(q, k, { causal: true }).arraySync() as number[][][][];
    expect(weights[0]).toEqual([1, 0, 0]);
    expect(weights[1][2]).toBe(0);
    expect(apart(weights[1], [0.3302, 0.6698, 0])).toBeLessThan(5e-5);
    expect(causalMask(3).arraySync()).toEqual([
      [0, -1e9, -1e9],
      [0, 0, -1e9],
      [0, 0, 0],
    ]);
  });

  it("gives nothing to tokens that are not to be kept", () => {
    const keep = tf.tensor2d([[1, 0, 1]]);
    const [[weights]] = attentionWeights(q, k, { keep }).arraySync() as number[][][][];
    for (const row of weights) {
      expect(row[1]).toBe(0);
      expect(row[0] + row[2]).toBeCloseTo(1, 6);
    }
  });

  it("refuses shapes that do not fit", () => {
    expect(() => attentionWeights(q, k.slice([0, 0, 0, 0], [1, 1, 2, 2]))).toThrow(
      "attentionWeights: expected q and k of one shape [batch, heads, time, depth] but got [1, 1, 3, 2] and [1, 1, 2, 2]",
    );
    expect(() => attentionWeights(q, k, { keep: tf.ones([1, 2]) })).toThrow("expected keep of shape [1, 3]");
  });
});

describe("multiHeadAttention", () => {
  /** A layer with random weights and biases, and what plain loops make of the same. */
  function both(batch: number, time: number, heads: number, depth: number, causal: boolean, seed: number) {
    const width = heads * depth;
    const layer = multiHeadAttention({ heads, causal });
    const x = random([batch, time, width], seed);
    layer.apply(x);
    layer.setWeights(layer.getWeights().map((weight, i) => random(weight.shape, seed + 1 + i)));
    const [qkv, qkvBias, output, outputBias] = layer.getWeights().map((weight) => weight.arraySync());
    const byLoops = (x.arraySync() as Matrix[]).map((sequence) =>
      multiHeadByLoops(
        sequence,
        [qkv as Matrix, output as Matrix],
        [qkvBias as number[], outputBias as number[]],
        heads,
        (t, s) => !causal || s <= t,
      ),
    );
    return { layer, x, byLoops };
  }

  it("agrees with plain loops", () => {
    fc.assert(
      fc.property(
        fc.record({
          batch: fc.integer({ min: 1, max: 3 }),
          time: fc.integer({ min: 1, max: 6 }),
          heads: fc.integer({ min: 1, max: 3 }),
          depth: fc.integer({ min: 1, max: 4 }),
          causal: fc.boolean(),
          seed: fc.integer({ min: 1, max: 1000 }),
        }),
        ({ batch, time, heads, depth, causal, seed }) => {
          const { layer, x, byLoops } = both(batch, time, heads, depth, causal, seed);
          const scale = Math.max(1, ...byLoops.flat<number[][][], 2>(2).map(Math.abs));
          expect(apart((layer.apply(x) as tf.Tensor).arraySync(), byLoops) / scale).toBeLessThan(2e-5);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  it("does not notice the order of the tokens: permuted inputs give permuted outputs", () => {
    const { layer, x } = both(1, 7, 2, 4, false, 5);
    const order = tf.tensor1d([3, 0, 6, 1, 5, 2, 4], "int32");
    const permutedAfter = tf.gather(layer.apply(x) as tf.Tensor, order, 1);
    const permutedBefore = layer.apply(tf.gather(x, order, 1)) as tf.Tensor;
    expect(apart(permutedAfter.arraySync(), permutedBefore.arraySync())).toBeLessThan(1e-5);
  });

  it("with a causal mask gives the same to a token whatever comes after it", () => {
    const { layer, x } = both(2, 6, 2, 3, true, 9);
    const other = tf.concat([x.slice([0, 0, 0], [2, 3, 6]), random([2, 3, 6], 77)], 1);
    const [a, b] = [x, other].map((one) => (layer.apply(one) as tf.Tensor).arraySync() as number[][][]);
    const early = (values: number[][][]) => values.map((sequence) => sequence.slice(0, 3));
    expect(apart(early(a), early(b))).toBe(0);
    expect(apart(a, b)).toBeGreaterThan(0.1);
  });

  it("has the gradients of plain loops, by central differences", () => {
    const { layer, x } = both(1, 3, 2, 2, true, 3);
    const [qkv, qkvBias, output, outputBias] = layer.getWeights().map((weight) => weight.arraySync());
    const [rows] = x.arraySync() as Matrix[];
    const parts = [rows, qkv, qkvBias, output, outputBias] as (Matrix | number[])[];
    const cost = () =>
      multiHeadByLoops(
        rows,
        [qkv as Matrix, output as Matrix],
        [qkvBias as number[], outputBias as number[]],
        2,
        (t, s) => s <= t,
      )
        .flat()
        .reduce((sum, value) => sum + value ** 2, 0);
    const numeric = parts.map((part) =>
      (Array.isArray(part[0]) ? (part as Matrix) : [part as number[]]).flatMap((row) =>
        row.map((value, i) => {
          row[i] = value + 1e-5;
          const above = cost();
          row[i] = value - 1e-5;
          const below = cost();
          row[i] = value;
          return (above - below) / 2e-5;
        }),
      ),
    );
    const loss = () => (layer.apply(x) as tf.Tensor).square().sum<tf.Scalar>();
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { grads } = tf.variableGrads(loss, variables);
    const ofInput = tf.grad((one: tf.Tensor) => (layer.apply(one) as tf.Tensor).square().sum())(x);
    const exact = [ofInput, ...variables.map((variable) => grads[variable.name])].map((one) => [...one.dataSync()]);
    exact.forEach((values, i) => {
      const size = Math.max(...values.map(Math.abs));
      expect(apart(values, numeric[i]) / size).toBeLessThan(1e-4);
    });
  });

  it("leaves no tensors behind", () => {
    const { layer, x } = both(2, 4, 2, 3, true, 1);
    const count = () => tf.memory().numTensors;
    const before = count();
    (layer.apply(x) as tf.Tensor).dispose();
    expect(count()).toBe(before);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(() => (layer.apply(x) as tf.Tensor).sum<tf.Scalar>(), variables);
    tf.dispose([value, ...Object.values(grads)]);
    expect(count()).toBe(before);
  });

  it("refuses heads that do not divide the width, and numbers of heads that are none", () => {
    expect(() => multiHeadAttention({ heads: 3 }).apply(tf.zeros([1, 2, 8]))).toThrow(
      "multiHeadAttention: expected heads to divide the width 8 but got 3 heads",
    );
    expect(() => multiHeadAttention({ heads: 0 })).toThrow("expected heads to be a positive whole number but got 0");
  });
});

describe("attentionMaps", () => {
  it("refuses a model without attention, and records nothing outside of a call", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    expect(() => attentionMaps(model, tf.ones([1, 2]))).toThrow("expected a model with a multiHeadAttention layer");
  });
});
