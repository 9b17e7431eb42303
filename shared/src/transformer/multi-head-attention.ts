import type { layers, Tensor } from "@tensorflow/tfjs-node";
import { requireCount } from "../arguments/count.js";
import { recordMap } from "./attention-maps.js";
import { attend } from "./attention-operation.js";
import { layerClass, type LayerClass, onlyInput } from "./layer-class.js";

/** Options of {@link multiHeadAttention}. */
export interface MultiHeadAttentionOptions {
  /** How many heads share the width; has to divide it. Default: 1. */
  readonly heads?: number;
  /** Whether a token sees only itself and those before it. Default: false. */
  readonly causal?: boolean;
  /** Seeds the initial weights. Default: 1. */
  readonly seed?: number;
  /** Factor on the initial weights of the output, for stacks of many blocks. Default: 1. */
  readonly outputGain?: number;
  /** Name of the layer. Default: numbered by TensorFlow.js. */
  readonly name?: string;
}

type Options = MultiHeadAttentionOptions & Record<string, unknown>;

const attentionClass = layerClass(
  (tf): LayerClass<Options, layers.Layer> =>
    class MultiHeadAttention extends tf.layers.Layer {
      static readonly className = "MultiHeadAttention";
      readonly #options: Required<Omit<MultiHeadAttentionOptions, "name">>;

      constructor(options: Options) {
        super(options);
        const { heads = 1, causal = false, seed = 1, outputGain = 1 } = options;
        this.#options = { heads, causal, seed, outputGain };
        this.supportsMasking = true;
      }

      override build(inputShape: (number | null)[]): void {
        const width = inputShape.at(-1)!;
        const { seed, outputGain, heads } = this.#options;
        if (width % heads !== 0) {
          throw new RangeError(
            `multiHeadAttention: expected heads to divide the width ${width} but got ${heads} heads`,
          );
        }
        const normal = (gain: number, one: number) =>
          tf.initializers.randomNormal({ stddev: gain / Math.sqrt(width), seed: seed + one });
        const zeros = tf.initializers.zeros();
        this.addWeight("qkv_kernel", [width, 3 * width], "float32", normal(1, 0));
        this.addWeight("qkv_bias", [3 * width], "float32", zeros);
        this.addWeight("output_kernel", [width, width], "float32", normal(outputGain, 1));
        this.addWeight("output_bias", [width], "float32", zeros);
        this.built = true;
      }

      override call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown> = {}): Tensor {
        const x = onlyInput(inputs);
        const { heads, causal } = this.#options;
        const [qkvKernel, qkvBias, outputKernel, outputBias] = this.weights.map((weight) => weight.read());
        const keep = onlyInput(kwargs.mask as Tensor | Tensor[] | null | undefined) ?? undefined;
        return tf.tidy(() =>
          attend(x, { qkvKernel, qkvBias, outputKernel, outputBias }, heads, { causal, keep }, (weights) =>
            recordMap(this.name, weights),
          ),
        );
      }

      override getConfig() {
        return { ...super.getConfig(), ...this.#options };
      }
    },
);

/** Makes the class known, for saved models. */
export const registerMultiHeadAttention = (): void => void attentionClass();

/**
 * Multi-head self-attention as a layer: queries, keys and values by one product, scaled dot-product attention in each
 * head, and a product that mixes the heads' answers.
 *
 * Input and output `[batch, time, width]`. Weights `qkv_kernel [width, 3 · width]`, in its columns first the queries of
 * all heads, then the keys, then the values; `qkv_bias`, `output_kernel [width, width]`, `output_bias`. A mask of the
 * layers before it (`tf.layers.embedding({ maskZero: true })`) hides padding. What the heads look at:
 * {@link attentionMaps}.
 *
 * @throws RangeError, when it is applied, for a width that the number of heads does not divide.
 *
 * Source: A. Vaswani and others, "Attention is all you need" (2017), section 3.2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { multiHeadAttention } from "@nn30/shared";
 *
 * const layer = multiHeadAttention({ heads: 2, causal: true });
 * const x = tf.randomNormal([1, 5, 8]);
 * const changed = tf.concat([x.slice([0, 0, 0], [1, 4, 8]), tf.ones([1, 1, 8])], 1); // another last token
 * const before = (one: tf.Tensor) => (layer.apply(one) as tf.Tensor).slice([0, 0, 0], [1, 4, 8]);
 * assert.deepEqual(before(x).arraySync(), before(changed).arraySync());
 * ```
 */
export function multiHeadAttention(options: MultiHeadAttentionOptions = {}): layers.Layer {
  const { heads = 1 } = options;
  requireCount("multiHeadAttention", "heads", heads);
  return new (attentionClass())({ ...options });
}
