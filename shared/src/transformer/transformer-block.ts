import type { SymbolicTensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { Random } from "../random/random.js";
import { feedForward } from "./feed-forward.js";
import { apply } from "./layer-class.js";
import { layerNorm } from "./layer-norm.js";
import { multiHeadAttention } from "./multi-head-attention.js";

/** Options of {@link transformerBlock}. */
export interface TransformerBlockOptions {
  /** Prefix of the layers' names; has to be another for every block of a model. */
  readonly name: string;
  /** Attention heads. Default: 4. */
  readonly heads?: number;
  /** Neurons of the block's hidden layer. Default: 4 times the width. */
  readonly hidden?: number;
  /** Whether a token sees only itself and those before it. Default: false. */
  readonly causal?: boolean;
  /** Dropout on what each half adds. Default: 0. */
  readonly dropout?: number;
  /** Factor on the initial weights of what each half adds; 1/√(2 · blocks) keeps a deep stack's sums small. Default: 1. */
  readonly outputGain?: number;
  /** Seeds the initial weights. Default: 1. */
  readonly seed?: number;
}

/**
 * A transformer block in its pre-norm form: attention mixes the tokens, then a small network of two layers works on
 * each by itself. Each half sees a normalised copy and adds its answer to what it was given:
 * x + attention(norm(x)), then the same with the network, whose hidden neurons are ReLUs.
 *
 * The layers are called `<name>_norm1`, `<name>_attention`, `<name>_norm2`, `<name>_network`.
 *
 * @param x - `[batch, time, width]`.
 * @returns A tensor of the same shape.
 *
 * Sources: A. Vaswani and others, "Attention is all you need" (2017); the norm in front as in A. Radford and others,
 * "Language models are unsupervised multitask learners" (2019).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { transformerBlock } from "@nn30/shared";
 *
 * const x = tf.input({ shape: [null, 16] });
 * const model = tf.model({ inputs: x, outputs: transformerBlock(x, { name: "block", heads: 2 }) });
 * assert.equal(model.countParams(), 12 * 16 ** 2 + 13 * 16);
 * ```
 */
export function transformerBlock(x: SymbolicTensor, options: TransformerBlockOptions): SymbolicTensor {
  const tf = lazyTensorflow();
  const width = x.shape[x.rank - 1]!;
  const { name, heads = 4, hidden = 4 * width, causal, dropout = 0, outputGain = 1, seed = 1 } = options;
  const seedOf = (part: string) => new Random(seed).fork(`${name} ${part}`).integer(2 ** 31);
  const dropped = (y: SymbolicTensor, half: string) =>
    dropout > 0 ? apply(tf.layers.dropout({ rate: dropout, name: `${name}_dropout_${half}` }), y) : y;
  const plus = (y: SymbolicTensor, half: string) =>
    tf.layers.add({ name: `${name}_add_${half}` }).apply([x, dropped(y, half)]) as SymbolicTensor;

  const attention = multiHeadAttention({ name: `${name}_attention`, heads, causal, outputGain, seed: seedOf("qkv") });
  x = plus(apply(attention, apply(layerNorm({ name: `${name}_norm1` }), x)), "attention");
  const network = feedForward({ name: `${name}_network`, hidden, outputGain, seed: seedOf("network") });
  return plus(apply(network, apply(layerNorm({ name: `${name}_norm2` }), x)), "network");
}
