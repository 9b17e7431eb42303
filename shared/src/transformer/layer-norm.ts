import type { layers, Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { customGradient } from "../native/custom-gradient.js";
import { layerClass, type LayerClass, onlyInput } from "./layer-class.js";

/**
 * Layer normalisation over the last axis: mean 0 and variance 1, then times `gamma`, plus `beta`.
 *
 * The same as `tf.layers.layerNormalization`, with its gradient written out: that layer copies mean, variance, gamma
 * and beta to the size of `x` and leaves the gradient to some forty operations.
 *
 * @param x - `[…, width]`.
 * @param gamma - `[width]`.
 * @param beta - `[width]`.
 * @param epsilon - Added to the variance. Default: 10⁻⁵.
 * @returns A tensor of `x`'s shape.
 *
 * Source: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization" (2016).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { normalizeLayer } from "@nn30/shared";
 *
 * const y = normalizeLayer(tf.tensor2d([[1, 3]]), tf.tensor1d([1, 1]), tf.tensor1d([0, 5]), 0);
 * assert.deepEqual(y.arraySync(), [[-1, 6]]);
 * ```
 */
export function normalizeLayer(x: Tensor, gamma: Tensor1D, beta: Tensor1D, epsilon = 1e-5): Tensor {
  const tf = lazyTensorflow();
  const width = x.shape[x.rank - 1];
  if (gamma.size !== width || beta.size !== width) {
    throw new RangeError(
      `normalizeLayer: expected gamma and beta of shape [${width}] but got [${gamma.shape.join(", ")}] and ` +
        `[${beta.shape.join(", ")}]`,
    );
  }
  const operation = ([rows, gamma, beta]: Tensor[], save: (tensors: Tensor[]) => void) => {
    const centred = rows.sub(rows.mean(1, true));
    const scale = centred.square().mean(1, true).add(epsilon).rsqrt();
    const normal = centred.mul(scale);
    save([normal, scale, gamma]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [normal, scale, gamma] = saved;
        const slope = dy.mul(gamma);
        const along = slope.mul(normal).mean(1, true);
        const dx = slope.sub(slope.mean(1, true)).sub(normal.mul(along)).mul(scale);
        return [dx, dy.mul(normal).sum(0), dy.sum(0)];
      });
    return { value: normal.mul(gamma).add(beta), gradFunc };
  };
  return tf.tidy(() => customGradient([x.reshape([-1, width]), gamma, beta], operation).reshape(x.shape));
}

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. Default: 10⁻⁵. */
  readonly epsilon?: number;
  /** Name of the layer. Default: numbered by TensorFlow.js. */
  readonly name?: string;
}

type Options = LayerNormOptions & Record<string, unknown>;

const layerNormClass = layerClass(
  (tf): LayerClass<Options, layers.Layer> =>
    class LayerNorm extends tf.layers.Layer {
      static readonly className = "LayerNorm";
      readonly #epsilon: number;

      constructor(options: Options) {
        super(options);
        this.#epsilon = options.epsilon ?? 1e-5;
        this.supportsMasking = true;
      }

      override build(inputShape: (number | null)[]): void {
        const width = inputShape.at(-1)!;
        this.addWeight("gamma", [width], "float32", tf.initializers.ones());
        this.addWeight("beta", [width], "float32", tf.initializers.zeros());
        this.built = true;
      }

      override call(inputs: Tensor | Tensor[]): Tensor {
        const [gamma, beta] = this.weights.map((weight) => weight.read() as Tensor1D);
        return normalizeLayer(onlyInput(inputs), gamma, beta, this.#epsilon);
      }

      override getConfig() {
        return { ...super.getConfig(), epsilon: this.#epsilon };
      }
    },
);

/** Makes the class known, for saved models. */
export const registerLayerNorm = (): void => void layerNormClass();

/**
 * {@link normalizeLayer} as a layer, with `gamma` and `beta` as its weights.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { layerNorm } from "@nn30/shared";
 *
 * const y = layerNorm().apply(tf.tensor3d([[[1, 3]]])) as tf.Tensor;
 * assert.ok(Math.abs(y.dataSync()[0] + 1) < 1e-4);
 * ```
 */
export function layerNorm(options: LayerNormOptions = {}): layers.Layer {
  return new (layerNormClass())({ ...options });
}
