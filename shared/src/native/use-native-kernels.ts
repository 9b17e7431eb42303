import { DisplayedValue, jupyterDisplay, type MimeBundle } from "../display/display.js";
import { table } from "../table/table.js";
import { patchActivations } from "./activations.js";
import { patchBatchNormalization } from "./batch-normalization.js";
import { patchBiasGradient } from "./bias.js";
import { patchConvolution } from "./convolution.js";
import { patchDropout } from "./dropout.js";
import { patchMaxPooling } from "./max-pooling.js";
import { Patches, type Replacement } from "./patches.js";
import { registerNativeRecurrent } from "./recurrent/register.js";
import { nativeBackend } from "./tensorflow-backend.js";

/** What {@link useNativeKernels} switched on. A notebook shows it as a table. */
export class NativeKernels extends DisplayedValue {
  readonly #patches: Patches;
  readonly #onRestore: () => void;

  /** @internal */
  constructor(patches: Patches, onRestore: () => void) {
    super();
    this.#patches = patches;
    this.#onRestore = onRestore;
  }

  /** One entry for each thing that TensorFlow.js now computes in another way. */
  get replacements(): readonly Replacement[] {
    return this.#patches.replacements;
  }

  /** Gives every kernel, gradient and layer back as TensorFlow.js has it. A second call does nothing. */
  restore(): void {
    this.#patches.restore();
    this.#onRestore();
  }

  [jupyterDisplay](): MimeBundle {
    return table(
      this.replacements.map(({ what, stock, native }) => ({ what, "stock TensorFlow.js": stock, now: native })),
    )[jupyterDisplay]();
  }
}

let active: NativeKernels | undefined;

/**
 * Makes the running TensorFlow.js train with TensorFlow's own kernels where it composes the same thing of small
 * operations or picks a slow one: gradients of activations, biases and max pooling, the bias of convolutions, batch
 * normalisation and dropout. Models, layers and `tf.grad` are used as before and give the same values, but for rounding
 * (and for dropout, whose random numbers are others). What the platform's TensorFlow does not have stays as it was; the
 * result lists what changed.
 *
 * Saved models whose LSTM and GRU layers were native load as native from then on ({@link registerNativeRecurrent}).
 *
 * Call it once, at the top; a second call returns the same object. `restore()` takes everything back.
 *
 * Two differences at single points: the slope of ReLU6 at exactly 6 is 0, and a NaN that enters ReLU gets no gradient,
 * both as in Python. A model whose layers were compiled before the call uses the native kernels too.
 *
 * @throws Error unless TensorFlow.js runs on the backend "tensorflow".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { useNativeKernels } from "@nn30/shared";
 *
 * const kernels = useNativeKernels();
 * assert.ok(kernels.replacements.some(({ native }) => native === "ReluGrad"));
 * const slope = tf.grad((x) => tf.relu(x).sum())(tf.tensor1d([-1, 0, 2]));
 * assert.deepEqual([...slope.dataSync()], [0, 0, 1]);
 * kernels.restore();
 * ```
 */
export function useNativeKernels(): NativeKernels {
  const native = nativeBackend("useNativeKernels");
  if (active) return active;
  registerNativeRecurrent();
  const patches = new Patches(native);
  try {
    for (const patch of [
      patchActivations,
      patchBiasGradient,
      patchConvolution,
      patchMaxPooling,
      patchBatchNormalization,
      patchDropout,
    ]) {
      patch(patches);
    }
  } catch (failure) {
    patches.restore();
    throw failure;
  }
  active = new NativeKernels(patches, () => (active = undefined));
  return active;
}
