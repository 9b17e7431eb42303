// The networks of the benchmarks in TensorFlow.js; keras_networks.py has the same ones in Keras.
import * as shared from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";

/**
 * @typedef {object} Contender
 * @property {string} tensorflow version of the native library
 * @property {() => Promise<number>} epoch trains one epoch; the mean loss
 */

/** @typedef {"stock" | "native"} Kind */

const images = 6_400;
const batchSize = 128;

/** @type {Record<string, (kind: Kind) => Contender>} */
export const networks = {
  cnn: (kind) => {
    const model = tf.sequential();
    model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: "relu" }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 128, activation: "relu" }));
    model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
    return classifier(kind, model, digits([28, 28, 1]));
  },
  dense: (kind) => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ inputShape: [784], units: 128, activation: "relu" }));
    model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
    return classifier(kind, model, digits([784]));
  },
  lstm: (kind) => {
    const length = 30;
    const count = 1_280;
    const lstm = kind === "native" ? shared.nativeLstm : tf.layers.lstm;
    const model = tf.sequential();
    const config = { units: 50, recurrentActivation: /** @type {const} */ ("sigmoid") };
    model.add(lstm({ ...config, inputShape: [length, 1], returnSequences: true }));
    model.add(lstm(config));
    model.add(tf.layers.dense({ units: 1 }));
    // The next value of a sine wave, from the 30 before it.
    const wave = Float32Array.from({ length: count + length }, (_, i) => Math.sin(i / 5));
    const x = new Float32Array(count * length);
    for (let i = 0; i < count; i++) x.set(wave.subarray(i, i + length), i * length);
    const data = { x: tf.tensor3d(x, [count, length, 1]), y: tf.tensor2d(wave.subarray(length), [count, 1]) };
    return trained(kind, model, "meanSquaredError", data, data.y, 64);
  },
};

/** @param {number[]} shape of one image */
function digits(shape) {
  const { images: pixels, labels } = shared.mnist().train.take(images).tensors();
  return { x: /** @type {tf.Tensor} */ (pixels.reshape([images, ...shape])), y: labels };
}

/**
 * Each with what it does best: TensorFlow.js with the rows that its cross-entropy works on, ours with class numbers.
 *
 * @param {Kind} kind
 * @param {tf.Sequential} model
 * @param {{ x: tf.Tensor, y: tf.Tensor1D }} data
 */
function classifier(kind, model, data) {
  const rows = tf.oneHot(data.y, 10).toFloat();
  return trained(kind, model, "categoricalCrossentropy", data, rows, batchSize);
}

/**
 * @param {Kind} kind
 * @param {tf.Sequential} model
 * @param {string} loss
 * @param {{ x: tf.Tensor, y: tf.Tensor }} data
 * @param {tf.Tensor} rows targets as `model.fit` takes them
 * @param {number} batch
 * @returns {Contender}
 */
function trained(kind, model, loss, data, rows, batch) {
  const metrics = loss === "meanSquaredError" ? [] : ["accuracy"];
  const tensorflow = /** @type {{ binding: { TF_Version: string } }} */ (/** @type {unknown} */ (tf.backend())).binding
    .TF_Version;
  if (kind === "stock") {
    model.compile({ optimizer: "adam", loss, metrics });
    const settings = { epochs: 1, batchSize: batch, verbose: /** @type {const} */ (0) };
    return {
      tensorflow,
      epoch: async () => Number((await model.fit(data.x, rows, settings)).history.loss[0]),
    };
  }
  shared.useNativeKernels();
  model.compile({ optimizer: shared.nativeAdam(), loss, metrics });
  const shuffle = new shared.Random(1);
  return {
    tensorflow,
    epoch: async () => (await shared.fit(model, data, { batchSize: batch, shuffle, progress: false })).loss[0],
  };
}
