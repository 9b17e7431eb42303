import type { LayersModel, Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import type { RowModel } from "./interventional-game.js";

/**
 * A TensorFlow.js model as a {@link RowModel}: the rows are given the shape of its input, and one of its outputs is kept.
 *
 * TensorFlow computes in single precision. Explanations of such a model add up to about 1e-6 of the largest output.
 *
 * @param model - One input of a known shape, `[null, …]`; output `[null, units]`.
 * @param output - Which of the units. Default: 0.
 * @throws RangeError when the model has no such output; TypeError when it has several inputs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { rowModel } from "@nn30/shared";
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], useBias: false })] });
 * model.setWeights([tf.tensor2d([[2], [3]])]);
 * assert.deepEqual([...Array.from(rowModel(model)(Float64Array.of(1, 0, 1, 1), 2))], [2, 5]);
 * ```
 */
export function rowModel(model: LayersModel, output = 0): RowModel {
  const where = "rowModel";
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new TypeError(
      `${where}: expected a model with one input and one output tensor but it has ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const units = model.outputs[0].shape[model.outputs[0].shape.length - 1] ?? 0;
  if (!Number.isInteger(output) || output < 0 || output >= units) {
    throw new RangeError(`${where}: expected output from 0 to ${units - 1} but got ${output}`);
  }
  const shape = model.inputs[0].shape.slice(1).map(Number);
  const tf = lazyTensorflow();
  return (rows, count) =>
    tf.tidy(() => {
      const inputs = tf.tensor(Float32Array.from(rows), [count, ...shape]);
      const outputs = model.predictOnBatch(inputs) as Tensor;
      return outputs.reshape([count, -1]).slice([0, output], [count, 1]).dataSync();
    });
}
