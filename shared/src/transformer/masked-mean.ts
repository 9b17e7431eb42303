import type { layers, Tensor } from "@tensorflow/tfjs-node";
import { layerClass, type LayerClass, onlyInput } from "./layer-class.js";

type Options = { readonly name?: string } & Record<string, unknown>;

const maskedMeanClass = layerClass(
  (tf): LayerClass<Options, layers.Layer> =>
    class MaskedMean extends tf.layers.Layer {
      static readonly className = "MaskedMean";

      constructor(options: Options) {
        super(options);
        this.supportsMasking = true;
      }

      override computeOutputShape([batch, , width]: (number | null)[]): (number | null)[] {
        return [batch, width];
      }

      /** What comes after it has no axis of time, and so no mask. */
      override computeMask(): Tensor {
        return null as unknown as Tensor;
      }

      override call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown> = {}): Tensor {
        const x = onlyInput(inputs);
        const keep = onlyInput(kwargs.mask as Tensor | Tensor[] | null | undefined);
        return tf.tidy(() => {
          if (!keep) return x.mean(1);
          const [batch, time] = x.shape;
          const weights = keep.toFloat().reshape([batch, time, 1]);
          // A text of nothing but padding has a mean of zeros.
          return x.mul(weights).sum(1).div(weights.sum(1).maximum(1));
        });
      }
    },
);

/** Makes the class known, for saved models. */
export const registerMaskedMean = (): void => void maskedMeanClass();

/**
 * The mean over the tokens that the mask of the layers before it leaves: `[batch, time, width]` to `[batch, width]`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { maskedMean } from "@nn30/shared";
 *
 * const layer = maskedMean();
 * const x = tf.tensor3d([[[1], [3], [100]]]);
 * const mask = tf.tensor2d([[1, 1, 0]]);
 * assert.deepEqual((layer.apply(x, { mask }) as tf.Tensor).arraySync(), [[2]]);
 * ```
 */
export function maskedMean(options: { readonly name?: string } = {}): layers.Layer {
  return new (maskedMeanClass())({ ...options });
}
