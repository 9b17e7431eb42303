import {
  addPositions,
  feedForward,
  layerNorm,
  maskedMean,
  normalizeLayer,
  sinusoidalPositions,
  transformerBlock,
} from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apart, type Matrix, multiHeadByLoops, normByLoops, plusRow, product } from "./by-loops.js";

const random = (shape: number[], seed: number, mean = 0) => tf.randomNormal(shape, mean, 1, "float32", seed);

describe("layer normalisation", () => {
  it("gives the values that one works out by hand", () => {
    // 1, 2, 6: mean 3, variance (4 + 1 + 9) / 3 = 14/3.
    const y = normalizeLayer(tf.tensor2d([[1, 2, 6]]), tf.tensor1d([1, 2, 1]), tf.tensor1d([0, 0, 10]), 0);
    const r = 1 / Math.sqrt(14 / 3);
    expect(apart(y.arraySync(), [[-2 * r, -2 * r, 10 + 3 * r]])).toBeLessThan(1e-6);
  });

  it("has the values and gradients of tf.layers.layerNormalization", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 9 }), (seed, width) => {
        const stock = tf.layers.layerNormalization({ epsilon: 1e-5 });
        const x = random([2, 3, width], seed, 1);
        stock.build(x.shape);
        const [gamma, beta] = [random([width], seed + 1, 1), random([width], seed + 2)] as tf.Tensor1D[];
        stock.setWeights([gamma, beta]);
        const weighting = random(x.shape, seed + 3);
        const of = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => f(x).mul(weighting).sum();
        const ours = tf.grads((x, g, b) => of((one) => normalizeLayer(one, g as tf.Tensor1D, b as tf.Tensor1D))(x));
        const theirs = of((one) => stock.apply(one) as tf.Tensor);
        const variables = stock.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const { grads } = tf.variableGrads(() => theirs(x) as tf.Scalar, variables);
        const expected = [tf.grad(theirs)(x), ...variables.map((one) => grads[one.name])];
        ours([x, gamma, beta]).forEach((one, i) => {
          const size = Math.max(1, expected[i].abs().max().dataSync()[0]);
          expect(apart(one.arraySync(), expected[i].arraySync()) / size).toBeLessThan(1e-4);
        });
        const values = normalizeLayer(x, gamma, beta).sub(stock.apply(x) as tf.Tensor);
        expect(values.abs().max().dataSync()[0]).toBeLessThan(1e-5);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it("does not change when a token is moved or stretched", () => {
    const layer = layerNorm({ epsilon: 0 });
    const x = random([1, 2, 8], 4);
    const [a, b] = [x, x.mul(3).add(5)].map((one) => (layer.apply(one) as tf.Tensor).arraySync());
    expect(apart(a, b)).toBeLessThan(1e-5);
  });

  it("refuses gamma and beta of another width", () => {
    expect(() => normalizeLayer(tf.ones([1, 3]), tf.ones([2]), tf.ones([3]))).toThrow(
      "normalizeLayer: expected gamma and beta of shape [3] but got [2] and [3]",
    );
  });
});

describe("positions", () => {
  it("turn by the same angles from each token to the next", () => {
    const width = 6;
    const rows = sinusoidalPositions(20, width);
    const dot = (p: number, q: number) =>
      Array.from({ length: width }, (_, i) => rows[p * width + i] * rows[q * width + i]).reduce((a, b) => a + b, 0);
    for (const distance of [1, 3, 7]) {
      for (const p of [0, 4, 12]) expect(dot(p, p + distance)).toBeCloseTo(dot(0, distance), 5);
    }
  });

  it("are added, the same to every sequence, and learned ones learn", () => {
    const layer = addPositions({ context: 5, seed: 3 });
    const x = random([2, 4, 3], 1);
    const [added] = [(layer.apply(x) as tf.Tensor).sub(x).arraySync() as number[][][]];
    expect(apart(added[0], added[1])).toBeLessThan(1e-6);
    expect(layer.trainableWeights.map((weight) => weight.shape)).toEqual([[5, 3]]);
    const fixed = addPositions({ context: 5, kind: "sinusoidal" });
    fixed.apply(x);
    expect(fixed.trainableWeights).toEqual([]);
  });

  it("refuse more tokens than they have places for", () => {
    expect(() => addPositions({ context: 3 }).apply(tf.zeros([1, 4, 2]))).toThrow("expected at most 3 tokens");
    expect(() => addPositions({ context: 0 })).toThrow("expected context to be a positive whole number but got 0");
  });
});

describe("maskedMean", () => {
  it("counts only what is kept, and is 0 where nothing is", () => {
    const x = tf.tensor3d([
      [
        [1, 10],
        [3, 20],
        [5, 90],
      ],
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ]);
    const mask = tf.tensor2d([
      [1, 1, 0],
      [0, 0, 0],
    ]);
    expect((maskedMean().apply(x, { mask }) as tf.Tensor).arraySync()).toEqual([
      [2, 15],
      [0, 0],
    ]);
    expect((maskedMean().apply(x) as tf.Tensor).arraySync()).toEqual([
      [3, 40],
      [1, 1],
    ]);
  });
});

describe("feedForward", () => {
  it("has the values and gradients of two dense layers", () => {
    const layer = feedForward({ hidden: 7 });
    const x = random([2, 3, 4], 1);
    layer.apply(x);
    layer.setWeights(layer.getWeights().map((weight, i) => random(weight.shape, i + 2)));
    const plain = (x: tf.Tensor, w1: tf.Tensor, b1: tf.Tensor, w2: tf.Tensor, b2: tf.Tensor) =>
      tf
        .matMul(
          tf
            .matMul(x.reshape([6, 4]), w1)
            .add(b1)
            .relu(),
          w2,
        )
        .add(b2);
    const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const expected = tf.grads((...all) =>
      plain(...(all as Parameters<typeof plain>))
        .square()
        .sum(),
    )([x, ...weights]);
    const ofInput = tf.grad((one: tf.Tensor) => (layer.apply(one) as tf.Tensor).square().sum())(x);
    const { value, grads } = tf.variableGrads(() => (layer.apply(x) as tf.Tensor).square().sum<tf.Scalar>(), weights);
    const ours = [ofInput, ...weights.map((weight) => grads[weight.name])];
    expect(value.dataSync()[0]).toBeCloseTo(
      plain(x, weights[0], weights[1], weights[2], weights[3]).square().sum().dataSync()[0],
      2,
    );
    ours.forEach((one, i) => {
      const size = expected[i].abs().max().dataSync()[0];
      expect(apart(one.arraySync(), expected[i].arraySync()) / size).toBeLessThan(1e-5);
    });
  });

  it("refuses a number of neurons that is none", () => {
    expect(() => feedForward({ hidden: 1.5 })).toThrow("expected hidden to be a positive whole number but got 1.5");
  });
});

describe("transformerBlock", () => {
  it("agrees with plain loops", () => {
    const x = tf.input({ shape: [null, 6] });
    const model = tf.model({
      inputs: x,
      outputs: transformerBlock(x, { name: "b", heads: 2, hidden: 5, causal: true }),
    });
    model.setWeights(model.getWeights().map((weight, i) => random(weight.shape, i + 1, weight.rank === 1 ? 0.5 : 0)));
    const at = Object.fromEntries(
      model.layers.flatMap((layer) =>
        layer.getWeights().map((weight, i) => [`${layer.name} ${i}`, weight.arraySync()]),
      ),
    );
    const matrix = (name: string) => at[name] as Matrix;
    const row = (name: string) => at[name] as number[];
    const norm = (rows: Matrix, name: string) =>
      rows.map((one) => normByLoops(one).map((value, i) => value * row(`${name} 0`)[i] + row(`${name} 1`)[i]));
    const plus = (a: Matrix, b: Matrix) => a.map((values, t) => values.map((value, i) => value + b[t][i]));
    const given = random([1, 4, 6], 50);
    let rows = (given.arraySync() as Matrix[])[0];
    const attended = multiHeadByLoops(
      norm(rows, "b_norm1"),
      [matrix("b_attention 0"), matrix("b_attention 2")],
      [row("b_attention 1"), row("b_attention 3")],
      2,
      (t, s) => s <= t,
    );
    rows = plus(rows, attended);
    const hidden = plusRow(product(norm(rows, "b_norm2"), matrix("b_network 0")), row("b_network 1"));
    const relu = hidden.map((values) => values.map((value) => Math.max(0, value)));
    rows = plus(rows, plusRow(product(relu, matrix("b_network 2")), row("b_network 3")));
    const [ours] = (model.predict(given) as tf.Tensor).arraySync() as Matrix[];
    expect(apart(ours, rows) / Math.max(...rows.flat().map(Math.abs))).toBeLessThan(1e-5);
  });
});
