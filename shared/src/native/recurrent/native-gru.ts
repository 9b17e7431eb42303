import type { layers } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { blockGru } from "./block-gru.js";
import { recurrentClass } from "./recurrent-class.js";
import type { RecurrentKind } from "./recurrent-layer.js";
import { requireTensorflow } from "../tensorflow-backend.js";

/** Options of {@link nativeGru}: those of `tf.layers.gru`, except what is about how it is computed. */
export type NativeGruConfig = Omit<Parameters<typeof layers.gru>[0], "cell" | "implementation" | "unroll">;

const gru: RecurrentKind = {
  caller: "nativeGru",
  counterpart: "tf.layers.gru",
  // With a name of its own it does not count among the layers that TensorFlow.js numbers.
  example: () => lazyTensorflow().layers.gru({ units: 1, name: "example" }),
  run: (x, weights, [h]) => [blockGru(x, weights, h)],
};

/** The class that {@link nativeGru} makes, registered. */
export function nativeGruClass(): ReturnType<typeof recurrentClass> {
  return recurrentClass(gru);
}

/**
 * A GRU layer that runs each time step in one kernel of TensorFlow (`GRUBlockCell`, and two for its gradients) where
 * `tf.layers.gru` runs some twenty operations. TensorFlow has no kernel for a whole sequence of it on a processor.
 * Values and gradients are the same within float32 rounding.
 *
 * A drop-in for `tf.layers.gru` with `recurrentActivation: "sigmoid"`: the same weights under the same names
 * (`kernel [features, 3 · units]`, `recurrent_kernel [units, 3 · units]`, `bias [3 · units]`, gates update, reset,
 * candidate). The variant is the only one of `tf.layers.gru`, Keras's `reset_after=False`: the reset gate acts on the
 * state before the product with the recurrent kernel. Weights of Keras's default, `reset_after=True`, do not fit; they
 * have a bias of `[2, 3 · units]`.
 *
 * Input `[batch, time, features]`; output `[batch, units]`, or `[batch, time, units]` with `returnSequences`. With
 * `returnState`: `[output, h]`. Everything else (masks, `stateful`, `dropout`, `goBackwards`, `initialState`, saving,
 * use in `tf.layers.bidirectional`, gradients of first order only) is as in {@link nativeLstm}.
 *
 * @throws TypeError for what the kernel cannot do: other activations than tanh and sigmoid, `resetAfter: true`,
 *   `recurrentDropout`, `unroll`; and for regularizers and constraints, which `tf.layers.gru` takes and never applies.
 * @throws RangeError for `units` that are not a whole number from 1, or `dropout` outside [0, 1).
 * @throws Error when the backend is not `"tensorflow"`, here and when the layer is applied.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeGru } from "@nn30/shared";
 *
 * const model = tf.sequential();
 * model.add(nativeGru({ units: 3, returnSequences: true, inputShape: [5, 4] }));
 * model.add(nativeGru({ units: 2 }));
 * assert.deepEqual(model.outputs[0].shape, [null, 2]);
 * assert.equal(model.countParams(), 3 * 3 * (4 + 3 + 1) + 3 * 2 * (3 + 2 + 1));
 * ```
 */
export function nativeGru(config: NativeGruConfig): layers.Layer {
  requireTensorflow(gru.caller, gru.counterpart);
  return new (nativeGruClass())({ ...config });
}
