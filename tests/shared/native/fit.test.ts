import { fit, nativeAdam, Random, useNativeKernels } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { afterEach, describe, expect, it } from "vitest";
import { largestDifference } from "./switch.js";

const count = 22;
const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 3);
const inputs = () => tf.randomNormal([count, 5], 0, 1, "float32", 11);
const oneHot = () => tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat();

function classifier(loss: string, metrics: string[] = ["accuracy"], optimizer: tf.Optimizer = tf.train.adam(0.05)) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 6,
        inputShape: [5],
        useBias: false,
        activation: "relu",
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  // The two kernels are random by default. (A bias before a batch normalisation has a gradient of nothing but rounding,
  // of which Adam would make whole steps: there is none.)
  model.setWeights(
    model.getWeights().map((w, i) => (w.rank === 2 ? tf.randomNormal(w.shape, 0, 0.5, "float32", i + 1) : w)),
  );
  model.compile({ optimizer, loss, metrics });
  return model;
}

const weightsOf = (model: tf.LayersModel) => model.getWeights().flatMap((w) => [...w.dataSync()]);

afterEach(() => {
  void tf.setBackend("tensorflow");
});

describe("fit", () => {
  it.each([
    ["categoricalCrossentropy", "categoricalCrossentropy"],
    ["sparseCategoricalCrossentropy", "sparseCategoricalCrossentropy"],
    ["class numbers, compiled for one-hot rows", "categoricalCrossentropy"],
    ["one-hot rows, compiled for class numbers", "sparseCategoricalCrossentropy"],
  ])("does what model.fit does in the same order: %s", async (what, loss) => {
    const x = inputs();
    const sparse = tf.tensor2d(Float32Array.from(labels), [count, 1]);
    const [ours, theirs] = [classifier(loss, ["accuracy"], nativeAdam(0.05)), classifier(loss)];
    const settings = { epochs: 3, batchSize: 8, shuffle: false as const };
    const y = what.startsWith("class numbers") || what === "sparseCategoricalCrossentropy" ? labels : oneHot();
    const kernels = useNativeKernels();
    const history = await fit(ours, { x, y }, { ...settings, validation: { x, y } });
    kernels.restore();
    const usual = loss.startsWith("sparse") ? sparse : oneHot();
    const expected = await theirs.fit(x, usual, { ...settings, validationData: [x, usual], verbose: 0 });
    expect(largestDifference(weightsOf(ours), weightsOf(theirs))).toBeLessThan(1e-5);
    const { loss: losses, acc, val_loss: valLoss, val_acc: valAcc } = expected.history as Record<string, number[]>;
    expect(largestDifference(history.loss, losses)).toBeLessThan(1e-5);
    expect(largestDifference(history.accuracy, acc)).toBeLessThan(1e-6);
    expect(largestDifference(history.validationLoss, valLoss)).toBeLessThan(1e-5);
    expect(largestDifference(history.validationAccuracy, valAcc)).toBeLessThan(1e-6);
    expect(Object.keys(history).sort()).toEqual([
      "accuracy",
      "loss",
      "seconds",
      "validationAccuracy",
      "validationLoss",
    ]);
    expect(history.seconds).toHaveLength(3);
  });

  it.each(["functional", "sequential"])("does what model.fit does for a regression: %s", async (kind) => {
    const make = () => {
      const input = tf.input({ shape: [5] });
      const hidden = tf.layers.dense({ units: 4, activation: "tanh" }).apply(input) as tf.SymbolicTensor;
      const output = tf.layers.dense({ units: 1 }).apply(hidden) as tf.SymbolicTensor;
      const model =
        kind === "functional"
          ? tf.model({ inputs: input, outputs: output })
          : tf.sequential({
              layers: [
                tf.layers.dense({ units: 4, activation: "tanh", inputShape: [5] }),
                tf.layers.dense({ units: 1, kernelRegularizer: "l1l2" }),
              ],
            });
      model.setWeights(model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 0.5, "float32", i + 1)));
      model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["mse"] });
      return model;
    };
    const x = inputs();
    const y = tf.randomNormal([count], 0, 1, "float32", 12);
    const [ours, theirs] = [make(), make()];
    const values = { x: x.dataSync() as Float32Array, y: y.dataSync() as Float32Array };
    const history = await fit(ours, values, { epochs: 2, batchSize: 4, shuffle: false });
    const expected = await theirs.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
    expect(largestDifference(weightsOf(ours), weightsOf(theirs))).toBeLessThan(1e-6);
    expect(largestDifference(history.loss, expected.history.loss as number[])).toBeLessThan(1e-6);
    expect(largestDifference(history.meanSquaredError, expected.history.mse as number[])).toBeLessThan(1e-6);
  });

  it("takes the loss of certain and of nearly impossible answers from the logits", async () => {
    const model = tf.sequential({ layers: [tf.layers.activation({ activation: "softmax", inputShape: [2] })] });
    model.add(tf.layers.dense({ units: 2, useBias: false, activation: "softmax" }));
    model.setWeights([tf.tensor2d([100, 0, 0, 0], [2, 2])]);
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const data = { x: Float32Array.of(100, 0), y: Uint8Array.of(1) };
    const history = await fit(model, data, {});
    expect(history.loss[0]).toBeCloseTo(100, 4); // model.fit stops at −ln 10⁻⁷ ≈ 16.1
    expect(history.accuracy).toEqual([0]);
  });

  it("counts every example once, also those of a smaller last batch", async () => {
    const model = classifier("sparseCategoricalCrossentropy", ["accuracy"], tf.train.sgd(0));
    const x = inputs();
    const history = await fit(
      model,
      { x, y: labels },
      { batchSize: 5, shuffle: new Random(3), validation: { x, y: labels } },
    );
    const probabilities = await (model.predict(x) as tf.Tensor2D).array();
    const right = probabilities.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
    expect(history.validationAccuracy[0]).toBeCloseTo(right / count, 6);
  });

  it("orders the examples by the given generator only", async () => {
    const train = async (seed: number) => {
      const model = classifier("sparseCategoricalCrossentropy");
      await fit(model, { x: inputs(), y: labels }, { epochs: 2, batchSize: 8, shuffle: new Random(seed) });
      return weightsOf(model);
    };
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });

  it("reports every epoch, and stops when it is told to", async () => {
    const model = classifier("sparseCategoricalCrossentropy");
    const seen: number[] = [];
    const history = await fit(
      model,
      { x: inputs(), y: labels },
      {
        epochs: 9,
        onEpochEnd: async (epoch, values) => {
          await Promise.resolve();
          seen.push(epoch, values.loss);
          return epoch === 3 ? "stop" : undefined;
        },
      },
    );
    expect(seen).toEqual([1, history.loss[0], 2, history.loss[1], 3, history.loss[2]]);
    const again = await fit(
      model,
      { x: inputs(), y: labels },
      {
        epochs: 9,
        onEpochEnd: () => {
          model.stopTraining = true;
        },
      },
    );
    expect(again.loss).toHaveLength(1);
  });

  it("leaves no tensor behind, also when it fails", async () => {
    const model = classifier("sparseCategoricalCrossentropy", ["accuracy"], nativeAdam());
    const x = inputs();
    const data = { x: x.dataSync() as Float32Array, y: labels };
    await fit(model, data, { validation: data });
    const before = tf.memory().numTensors;
    await fit(model, data, { epochs: 2, validation: data });
    expect(tf.memory().numTensors).toBe(before);
    const wrong = { x, y: labels.map(() => 3) };
    await expect(fit(model, wrong)).rejects.toThrow(
      "fit: expected the class numbers in data.y to be whole numbers in 0 … 2 but they reach from 3 to 3",
    );
    await expect(fit(model, { x, y: labels.slice(1) })).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
    expect(x.isDisposed).toBe(false);
    expect(weightsOf(model).every(Number.isFinite)).toBe(true);
    const probabilities = model.predict(x) as tf.Tensor;
    expect(probabilities.sum(1).dataSync()[0]).toBeCloseTo(1, 6); // the softmax is back in its place
  });

  it("says what does not fit", async () => {
    const x = inputs();
    const model = classifier("categoricalCrossentropy");
    await expect(fit(model, { x: tf.zeros([4, 6]), y: labels })).rejects.toThrow(
      "fit: expected data.x of shape [count, 5] but got [4, 6]",
    );
    await expect(fit(model, { x: new Float32Array(12), y: labels })).rejects.toThrow(
      "fit: expected the length of data.x to be a multiple of 5 but got 12",
    );
    await expect(fit(model, { x, y: labels.slice(2) })).rejects.toThrow(
      "fit: expected data.y to have 22 class numbers, for 22 rows of data.x, but got 20",
    );
    await expect(fit(model, { x, y: tf.zeros([20, 3]) })).rejects.toThrow(
      "fit: expected data.y to have 22 rows, as data.x has, but got 20",
    );
    await expect(fit(model, { x, y: tf.zeros([count, 2]) })).rejects.toThrow(
      "fit: expected data.y of shape [count, 3] or class numbers [count] but got [22, 2]",
    );
    await expect(fit(model, { x, y: labels }, { epochs: 0 })).rejects.toThrow("fit: expected epochs to be a positive");
    const bare = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [5] })] });
    await expect(fit(bare, { x, y: labels })).rejects.toThrow("fit: expected a compiled model");
    void tf.setBackend("cpu");
    await expect(fit(model, { x, y: labels })).rejects.toThrow('fit: expected the backend "tensorflow"');
  });
});
