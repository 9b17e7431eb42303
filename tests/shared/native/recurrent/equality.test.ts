import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, gradients, kinds, outputs, sameWeights, tensorCounts } from "./layers.js";

// Both compute in float32, in different orders. Values here stay below about 30.
const tolerance = 2e-5;

const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  // From two steps: TensorFlow.js has no gradient of its own layers for a sequence of one.
  time: fc.integer({ min: 2, max: 6 }),
  features: fc.integer({ min: 1, max: 3 }),
  units: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
  useBias: fc.boolean(),
  returnSequences: fc.boolean(),
  returnState: fc.boolean(),
  goBackwards: fc.boolean(),
  withInitialState: fc.boolean(),
  masked: fc.constantFrom("none", "random", "behind", "in front"),
});

/** A mask `[batch, time]` from a seed. */
function maskOf(form: "random" | "behind" | "in front", batch: number, time: number, seed: number): tf.Tensor {
  return tf.tidy(() => {
    const draws = tf.randomUniform([batch, time], 0, 1, "float32", seed);
    if (form === "random") return draws.greater(0.4);
    const lengths = tf.randomUniform([batch, 1], 0, time + 1, "float32", seed).floor();
    const steps = tf.range(0, time).reshape([1, time]);
    return form === "behind" ? steps.less(lengths) : steps.greaterEqual(lengths);
  });
}

describe.each(kinds)("$name against its counterpart", ({ native, stock, states }) => {
  it("gives the same values and the same gradients of input, initial states and all weights, and leaks nothing", () => {
    fc.assert(
      fc.property(shapes, ({ batch, time, features, seed, withInitialState, masked, ...options }) => {
        const a = native(options);
        const b = stock(options);
        const x = tf.randomNormal([batch, time, features], 0, 1, "float32", seed);
        const initialState = Array.from({ length: withInitialState ? states : 0 }, (_, index) =>
          tf.randomNormal([batch, options.units], 0, 1, "float32", seed + 20 + index),
        );
        const mask = masked === "none" ? undefined : maskOf(masked, batch, time, seed + 30);
        const call = { mask, ...(withInitialState ? { initialState } : {}) };
        a.build(x.shape);
        b.build(x.shape);
        sameWeights(a, b, seed + 10);
        const before = tf.memory().numTensors;

        expect(difference(outputs(a, x, call), outputs(b, x, call))).toBeLessThan(tolerance);
        const [ours, theirs] = [a, b].map((layer) => gradients(layer, x, initialState, { mask }, seed + 40));
        expect(ours).toHaveLength(1 + initialState.length + (options.useBias ? 3 : 2));
        expect(difference(ours, theirs)).toBeLessThan(tolerance);

        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([x, initialState, mask ?? []]);
      }),
      { numRuns: 25, seed: 6 },
    );
  });

  it("runs a sequence of one step like the counterpart one of two, the second masked", () => {
    const options = { units: 3, returnState: true };
    const [a, b] = [native(options), stock(options)];
    const x = tf.randomNormal([2, 2, 2], 0, 1, "float32", 1);
    [a, b].forEach((layer) => layer.build(x.shape));
    sameWeights(a, b, 2);
    const mask = tf.tensor2d([1, 0, 1, 0], [2, 2], "bool");
    const [dx, ...ours] = gradients(a, x.slice([0, 0, 0], [2, 1, 2]), [], {}, 3);
    const [dTwo, ...theirs] = gradients(b, x, [], { mask }, 3);
    expect(difference([dx, ...ours], [dTwo.slice([0, 0, 0], [2, 1, 2]), ...theirs])).toBeLessThan(tolerance);
  });

  it("has weights of the same names, shapes and order", () => {
    const [a, b] = [native({ units: 3, name: "same" }), stock({ units: 3, name: "other" })];
    [a, b].forEach((layer) => void layer.apply(tf.zeros([1, 2, 2])));
    const described = (layer: tf.layers.Layer) =>
      layer.weights.map((weight) => [weight.name.replace(/^.*\//, "").replace(/_\d+$/, ""), weight.shape]);
    expect(described(a)).toEqual(described(b));
    expect(described(a).map(([name]) => name)).toEqual(["kernel", "recurrent_kernel", "bias"]);
  });

  it("takes whole numbers as input", () => {
    const [a, b] = [native({ units: 2 }), stock({ units: 2 })];
    const x = tf.tensor3d([[[1], [0], [3]]], [1, 3, 1], "int32");
    [a, b].forEach((layer) => layer.build(x.shape));
    sameWeights(a, b, 3);
    expect(difference(outputs(a, x), outputs(b, x.cast("float32")))).toBeLessThan(tolerance);
  });

  it("drops the same inputs in all steps of a sequence, only in training", () => {
    const layer = native({ units: 2, dropout: 0.5 });
    const plain = native({ units: 2 });
    const x = tf.ones([400, 3, 1]);
    [layer, plain].forEach((one) => one.build(x.shape));
    sameWeights(layer, plain, 5);
    expect(difference(outputs(layer, x), outputs(plain, x))).toBe(0);
    // With one feature, a sequence has all its inputs dropped or all doubled: two outputs are possible.
    const dropped = outputs(plain, tf.zeros([1, 3, 1]))[0].dataSync()[0];
    const doubled = outputs(plain, tf.fill([1, 3, 1], 2))[0].dataSync()[0];
    const seen = outputs(layer, x, { training: true })[0].slice([0, 0], [400, 1]).dataSync();
    const near = (value: number) => seen.filter((one) => Math.abs(one - value) < 1e-6).length;
    expect(Math.abs(dropped - doubled)).toBeGreaterThan(1e-3);
    expect(near(dropped) + near(doubled)).toBe(400);
    // Binomial(400, 1/2): outside 100 … 300 with probability below 1e-22.
    expect(near(dropped)).toBeGreaterThan(100);
    expect(near(doubled)).toBeGreaterThan(100);
  });

  it("carries its states from batch to batch when it is stateful, until they are reset", () => {
    const options = { units: 3, stateful: true, batchInputShape: [2, 4, 1] };
    const models = [native, stock].map((make) => {
      const model = tf.sequential({ layers: [make(options)] });
      return model;
    });
    sameWeights(models[0].layers[0], models[1].layers[0], 9);
    const batches = [1, 2, 3].map((seed) => tf.randomNormal([2, 4, 1], 0, 1, "float32", seed));
    const predict = (index: number, batch: tf.Tensor) => [models[index].predict(batch) as tf.Tensor];
    for (const batch of batches) expect(difference(predict(0, batch), predict(1, batch))).toBeLessThan(tolerance);
    const late = predict(0, batches[0])[0];
    models.forEach((model) => model.resetStates());
    const early = predict(0, batches[0])[0];
    expect(early.sub(late).abs().max().dataSync()[0]).toBeGreaterThan(1e-3);
    expect(difference([early], predict(1, batches[0]))).toBeLessThan(tolerance);
  });

  it("works in both directions", () => {
    const x = tf.randomNormal([3, 5, 2], 0, 1, "float32", 1);
    const mask = tf.tensor2d([1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1], [3, 5], "bool");
    for (const mergeMode of ["concat", "sum"] as const) {
      const layers = [native, stock].map((make) =>
        tf.layers.bidirectional({
          layer: make({ units: 3, returnSequences: true }) as unknown as tf.RNN,
          mergeMode,
        }),
      );
      layers.forEach((layer) => void layer.apply(x));
      sameWeights(layers[0], layers[1], 4);
      const inside = layers.map((layer) => (layer as unknown as { backwardLayer: object }).backwardLayer.constructor);
      expect(inside).toEqual([native({ units: 1 }).constructor, stock({ units: 1 }).constructor]);
      const [a, b] = layers.map((layer) => layer.call(x, { mask }) as tf.Tensor);
      expect(difference([a], [b])).toBeLessThan(tolerance);
    }
  });

  it("takes the states of another layer as symbols", () => {
    const models = [native, stock].map((make) => {
      const source = tf.input({ shape: [4, 2] });
      const target = tf.input({ shape: [3, 1] });
      const [, ...ends] = make({ units: 3, returnState: true }).apply(source) as tf.SymbolicTensor[];
      const output = make({ units: 3, returnSequences: true }).apply([target, ...ends]) as tf.SymbolicTensor;
      return tf.model({ inputs: [source, target], outputs: output });
    });
    models[0].layers.forEach((layer, index) => sameWeights(layer, models[1].layers[index], 10 * index));
    const inputs = [tf.randomNormal([2, 4, 2], 0, 1, "float32", 1), tf.randomNormal([2, 3, 1], 0, 1, "float32", 2)];
    const [a, b] = models.map((model) => model.predict(inputs) as tf.Tensor);
    expect(difference([a], [b])).toBeLessThan(tolerance);
  });

  it("is trained like its counterpart, behind a masking layer, without a leak", async () => {
    const x = tf.tidy(() => {
      const draws = tf.randomNormal([12, 6, 2], 0, 1, "float32", 1);
      const lengths = tf.randomUniform([12, 1, 1], 1, 7, "int32", 2);
      return draws.mul(tf.range(0, 6, 1, "int32").reshape([1, 6, 1]).less(lengths).cast("float32"));
    });
    const y = tf.randomNormal([12, 1], 0, 1, "float32", 3);
    const models = [native, stock].map((make) => {
      const model = tf.sequential();
      model.add(tf.layers.masking({ maskValue: 0, inputShape: [6, 2] }));
      model.add(make({ units: 4, returnSequences: true }));
      model.add(make({ units: 3 }));
      model.add(tf.layers.dense({ units: 1 }));
      model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
      return model;
    });
    models[0].layers.forEach((layer, index) => sameWeights(layer, models[1].layers[index], 10 * index));
    const fit = (model: tf.LayersModel) =>
      model.fit(x, y, { batchSize: 4, epochs: 3, shuffle: false, verbose: 0, yieldEvery: "never" });
    const losses: number[][] = [];
    for (const model of models) losses.push((await fit(model)).history.loss as number[]);
    losses[0].forEach((loss, epoch) => expect(loss).toBeCloseTo(losses[1][epoch], 4));
    expect(losses[0][2]).toBeLessThan(losses[0][0]);

    const before = tensorCounts();
    await fit(models[0]);
    expect(tensorCounts()).toEqual(before);
  });

  it("does not leak while a stateful layer is trained", async () => {
    const model = tf.sequential();
    model.add(native({ units: 3, stateful: true, batchInputShape: [2, 4, 1] }));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const x = tf.randomNormal([8, 4, 1], 0, 1, "float32", 1);
    const y = tf.zeros([8, 3]);
    const fit = () => model.fit(x, y, { batchSize: 2, epochs: 2, shuffle: false, verbose: 0, yieldEvery: "never" });
    await fit();
    const before = tensorCounts();
    await fit();
    expect(tensorCounts()).toEqual(before);
  });
});
