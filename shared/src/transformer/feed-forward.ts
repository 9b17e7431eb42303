import type { layers, Tensor } from "@tensorflow/tfjs-node";
import { requireCount } from "../arguments/count.js";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { customGradient } from "../native/custom-gradient.js";
import { layerClass, type LayerClass, onlyInput } from "./layer-class.js";

/** Options of {@link feedForward}. */
export interface FeedForwardOptions {
  /** Neurons of the hidden layer. */
  readonly hidden: number;
  /** Factor on the initial weights of the output, for stacks of many blocks. Default: 1. */
  readonly outputGain?: number;
  /** Seeds the initial weights. Default: 1. */
  readonly seed?: number;
  /** Name of the layer. Default: numbered by TensorFlow.js. */
  readonly name?: string;
}

type Options = FeedForwardOptions & Record<string, unknown>;

/** relu(x w₁ + b₁) w₂ + b₂ for rows x, with its gradient written out. */
function twoLayers(x: Tensor, parameters: Tensor[]): Tensor {
  const tf = lazyTensorflow();
  const width = x.shape.at(-1)!;
  const operation = ([x, w1, b1, w2, b2]: Tensor[], save: (tensors: Tensor[]) => void) => {
    const hidden = tf.matMul(x, w1).add(b1).relu();
    save([x, w1, w2, hidden]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [x, w1, w2, hidden] = saved;
        const dHidden = tf.matMul(dy, w2, false, true).mul(hidden.step());
        return [
          tf.matMul(dHidden, w1, false, true),
          tf.matMul(x, dHidden, true),
          dHidden.sum(0),
          tf.matMul(hidden, dy, true),
          dy.sum(0),
        ];
      });
    return { value: tf.matMul(hidden, w2).add(b2), gradFunc };
  };
  return tf.tidy(() => customGradient([x.reshape([-1, width]), ...parameters], operation).reshape(x.shape));
}

const feedForwardClass = layerClass(
  (tf): LayerClass<Options, layers.Layer> =>
    class FeedForward extends tf.layers.Layer {
      static readonly className = "FeedForward";
      readonly #options: Required<Omit<FeedForwardOptions, "name">>;

      constructor(options: Options) {
        super(options);
        const { hidden, outputGain = 1, seed = 1 } = options;
        this.#options = { hidden, outputGain, seed };
        this.supportsMasking = true;
      }

      override build(inputShape: (number | null)[]): void {
        const width = inputShape.at(-1)!;
        const { hidden, outputGain, seed } = this.#options;
        const normal = (stddev: number, one: number) => tf.initializers.randomNormal({ stddev, seed: seed + one });
        this.addWeight("hidden_kernel", [width, hidden], "float32", normal(Math.sqrt(2 / width), 0));
        this.addWeight("hidden_bias", [hidden], "float32", tf.initializers.zeros());
        this.addWeight("output_kernel", [hidden, width], "float32", normal(outputGain / Math.sqrt(hidden), 1));
        this.addWeight("output_bias", [width], "float32", tf.initializers.zeros());
        this.built = true;
      }

      override call(inputs: Tensor | Tensor[]): Tensor {
        return twoLayers(
          onlyInput(inputs),
          this.weights.map((weight) => weight.read()),
        );
      }

      override getConfig() {
        return { ...super.getConfig(), ...this.#options };
      }
    },
);

/** Makes the class known, for saved models. */
export const registerFeedForward = (): void => void feedForwardClass();

/**
 * The network that a transformer block applies to every token by itself: a hidden layer of ReLUs and a linear output as
 * wide as the input. The same as two `tf.layers.dense`, in fewer operations.
 *
 * Input and output `[…, width]`. Weights `hidden_kernel [width, hidden]`, `hidden_bias`, `output_kernel [hidden, width]`,
 * `output_bias`; initial weights by He's rule for the hidden layer.
 *
 * @throws RangeError for a number of hidden neurons that is not a whole number from 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { feedForward } from "@nn30/shared";
 *
 * const layer = feedForward({ hidden: 6 });
 * const y = layer.apply(tf.ones([1, 2, 3])) as tf.Tensor3D;
 * assert.deepEqual(y.arraySync()[0][0], y.arraySync()[0][1]); // equal tokens, equal answers
 * ```
 */
export function feedForward(options: FeedForwardOptions): layers.Layer {
  const { hidden } = options;
  requireCount("feedForward", "hidden", hidden);
  return new (feedForwardClass())({ ...options });
}
