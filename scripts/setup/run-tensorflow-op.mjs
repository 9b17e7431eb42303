// Started by set-up in a process of its own: multiplies two matrices on tfjs-node and prints what TensorFlow says.

import { createRequire } from "node:module";
import util from "node:util";

process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";

// Removed in Node 23, still called by tfjs-node 4.22.
const legacy = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (util));
legacy.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;

const tf = createRequire(import.meta.url)("@tensorflow/tfjs-node");
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2]));
const tensorflow = tf.backend().binding.TF_Version;
console.log(JSON.stringify({ tensorflow, backend: tf.getBackend(), product: Array.from(product.dataSync()) }));
