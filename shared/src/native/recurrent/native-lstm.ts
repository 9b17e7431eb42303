import type { layers } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { blockLstm } from "./block-lstm.js";
import { recurrentClass } from "./recurrent-class.js";
import type { RecurrentKind } from "./recurrent-layer.js";
import { requireTensorflow } from "../tensorflow-backend.js";

/** Options of {@link nativeLstm}: those of `tf.layers.lstm`, except what is about how it is computed. */
export type NativeLstmConfig = Omit<Parameters<typeof layers.lstm>[0], "cell" | "implementation" | "unroll">;

const lstm: RecurrentKind = {
  caller: "nativeLstm",
  counterpart: "tf.layers.lstm",
  // With a name of its own it does not count among the layers that TensorFlow.js numbers.
  example: () => lazyTensorflow().layers.lstm({ units: 1, name: "example" }),
  run(x, weights, [h, c], everyState) {
    const tf = lazyTensorflow();
    const states = blockLstm(x, weights, h, c, everyState);
    return everyState ? tf.unstack(states) : [states];
  },
};

/** The class that {@link nativeLstm} makes, registered. */
export function nativeLstmClass(): ReturnType<typeof recurrentClass> {
  return recurrentClass(lstm);
}

/**
 * An LSTM layer that runs a whole sequence in one kernel of TensorFlow (`BlockLSTMV2`, Keras's own gates and order)
 * where `tf.layers.lstm` runs some twenty operations for every time step. Values and gradients are the same within
 * float32 rounding; the training of a small LSTM takes about a tenth of the time.
 *
 * A drop-in for `tf.layers.lstm` with `recurrentActivation: "sigmoid"`: the same weights under the same names
 * (`kernel [features, 4 · units]`, `recurrent_kernel [units, 4 · units]`, `bias [4 · units]`, gates input, forget,
 * candidate, output), so `getWeights` and `setWeights` exchange them both ways. The sigmoid is Keras's default; that of
 * `tf.layers.lstm` is `"hardSigmoid"`, which the kernel does not have. The other defaults are those of TensorFlow.js:
 * `glorotNormal` for the kernel, and biases of zero unless `unitForgetBias`.
 *
 * Input `[batch, time, features]`; output `[batch, units]`, or `[batch, time, units]` with `returnSequences`.
 *
 * - `returnState` gives `[output, h, c]`; `initialState: [h, c]` in `apply`, or `apply([x, h, c])`.
 * - `goBackwards`: outputs stand in the order in which they are made, from the end of the input.
 * - Masks, whatever their form (padding in front or behind, gaps): a masked step keeps both states and repeats the
 *   output before it, as in Keras. Only unmasked steps are computed. Reads the mask once a call.
 * - `stateful`: the final states of a batch are the initial ones of the next until `resetStates()`; gradients do not
 *   reach back into the batch before. Needs a fixed batch size (`batchInputShape`).
 * - `dropout` on the input, one draw for all steps of a sequence, while training.
 * - `tf.layers.bidirectional({ layer: nativeLstm(…) })` is native in both directions.
 * - Only gradients of first order.
 *
 * A saved model holds it as an `LSTM` with `implementation: "native"`: plain TensorFlow.js loads a `tf.layers.lstm`
 * with the same values, and where {@link registerNativeRecurrent} was called, or any native layer was made before, it
 * loads as a native layer again.
 *
 * @throws TypeError for what the kernel cannot do: other activations than tanh and sigmoid, `recurrentDropout`,
 *   `unroll`; and for regularizers and constraints, which `tf.layers.lstm` takes and never applies.
 * @throws RangeError for `units` that are not a whole number from 1, or `dropout` outside [0, 1).
 * @throws Error when the backend is not `"tensorflow"`, here and when the layer is applied.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeLstm } from "@nn30/shared";
 *
 * const layer = nativeLstm({ units: 3 });
 * const stock = tf.layers.lstm({ units: 3, recurrentActivation: "sigmoid" });
 * const x = tf.randomNormal([2, 5, 4]);
 * const output = layer.apply(x) as tf.Tensor;
 * assert.deepEqual(output.shape, [2, 3]);
 *
 * stock.apply(x);
 * stock.setWeights(layer.getWeights());
 * const difference = output.sub(stock.apply(x) as tf.Tensor).abs().max();
 * assert.ok(difference.dataSync()[0] < 1e-6);
 * ```
 */
export function nativeLstm(config: NativeLstmConfig): layers.Layer {
  requireTensorflow(lstm.caller, lstm.counterpart);
  return new (nativeLstmClass())({ ...config });
}
