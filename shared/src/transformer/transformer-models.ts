import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-node";
import { requireCount } from "../arguments/count.js";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { Random } from "../random/random.js";
import { apply } from "./layer-class.js";
import { layerNorm } from "./layer-norm.js";
import { maskedMean } from "./masked-mean.js";
import { addPositions, type PositionKind } from "./positions.js";
import { transformerBlock } from "./transformer-block.js";

/** What {@link gpt} and {@link transformerEncoder} have in common. */
export interface TransformerOptions {
  /** Number of different tokens: inputs are whole numbers from 0 below it. */
  readonly vocabulary: number;
  /** The longest sequence. */
  readonly context: number;
  /** Numbers that stand for a token. Default: 64. */
  readonly width?: number;
  /** Attention heads of a block. Default: 4. */
  readonly heads?: number;
  /** Number of blocks. Default: 2. */
  readonly blocks?: number;
  /** Hidden neurons of a block. Default: 4 times the width. */
  readonly hidden?: number;
  /** How tokens are told where they stand. Default: `"learned"`. */
  readonly positions?: PositionKind | "none";
  /** Dropout on the embeddings and on what each half of a block adds. Default: 0. */
  readonly dropout?: number;
  /** Seeds the initial weights. Default: 1. */
  readonly seed?: number;
}

/** Options of {@link gpt}. */
export interface GptOptions extends TransformerOptions {
  /** Whether a token sees only itself and those before it. False is for showing what goes wrong. Default: true. */
  readonly causal?: boolean;
}

/** Options of {@link transformerEncoder}. */
export interface TransformerEncoderOptions extends TransformerOptions {
  /** Number of classes that the output tells apart. Default: `vocabulary`. */
  readonly outputs?: number;
  /** `"mean"`: one answer for a sequence, from the mean of its tokens. Default: one for each token. */
  readonly pool?: "mean";
  /** Whether token 0 is padding, at which no token looks and which no mean counts. Default: false. */
  readonly padding?: boolean;
}

/**
 * A GPT: embeddings, positions, blocks with a causal mask, and the probabilities of the next token at every place.
 *
 * Input `[batch, time]`, int32, `time` up to `context`; output `[batch, time, vocabulary]`. Not compiled. The names of
 * its layers: `tokens`, `positions`, `block1_…` (see {@link transformerBlock}), `norm`, `next`.
 *
 * @throws RangeError for sizes that are not whole numbers from 1, or a width that `heads` does not divide.
 *
 * Source: A. Radford and others, "Language models are unsupervised multitask learners" (2019), with ReLU for GELU and
 * output weights of their own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { gpt } from "@nn30/shared";
 *
 * const model = gpt({ vocabulary: 83, context: 16, width: 32, heads: 2, blocks: 1 });
 * const next = model.predict(tf.tensor2d([[7, 1, 4]], [1, 3], "int32")) as tf.Tensor;
 * assert.deepEqual(next.shape, [1, 3, 83]);
 * ```
 */
export function gpt(options: GptOptions): LayersModel {
  const tf = lazyTensorflow();
  const { causal = true, vocabulary } = options;
  const { input, output } = trunk("gpt", options, causal, false);
  const next = tf.layers.dense({ name: "next", units: vocabulary, activation: "softmax", ...head(options) });
  return tf.model({ inputs: input, outputs: apply(next, output), name: "gpt" });
}

/**
 * A transformer encoder, as in BERT: every token sees all others. It gives the probabilities of `outputs` classes, for
 * each token or, with `pool`, for the whole sequence.
 *
 * Input `[batch, time]`, int32, `time` up to `context`; output `[batch, time, outputs]`, or `[batch, outputs]` with
 * `pool`. Not compiled. The names of its layers: `tokens`, `positions`, `block1_…` (see {@link transformerBlock}),
 * `norm`, `mean`, `classes`.
 *
 * @throws RangeError for sizes that are not whole numbers from 1, or a width that `heads` does not divide.
 *
 * Source: J. Devlin and others, "BERT: Pre-training of deep bidirectional transformers for language understanding"
 * (2018), with the norm in front of each half and ReLU for GELU.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { transformerEncoder } from "@nn30/shared";
 *
 * const model = transformerEncoder({ vocabulary: 10, context: 8, width: 16, outputs: 2, pool: "mean", padding: true });
 * const short = model.predict(tf.tensor2d([[5, 7]], [1, 2], "int32")) as tf.Tensor;
 * const padded = model.predict(tf.tensor2d([[5, 7, 0, 0]], [1, 4], "int32")) as tf.Tensor;
 * assert.ok(short.sub(padded).abs().max().dataSync()[0] < 1e-6); // padding changes nothing
 * ```
 */
export function transformerEncoder(options: TransformerEncoderOptions): LayersModel {
  const tf = lazyTensorflow();
  const { outputs = options.vocabulary, pool, padding = false } = options;
  const { input, output } = trunk("transformerEncoder", options, false, padding);
  const pooled = pool === "mean" ? apply(maskedMean({ name: "mean" }), output) : output;
  const classes = tf.layers.dense({ name: "classes", units: outputs, activation: "softmax", ...head(options) });
  return tf.model({ inputs: input, outputs: apply(classes, pooled), name: "transformer_encoder" });
}

/** Embeddings, positions, blocks and the last norm. */
function trunk(caller: string, options: TransformerOptions, causal: boolean, padding: boolean) {
  const tf = lazyTensorflow();
  const { vocabulary, context, width = 64, heads = 4, blocks = 2, positions = "learned", dropout = 0 } = options;
  const { seed = 1, hidden = 4 * width } = options;
  for (const [name, value] of Object.entries({ vocabulary, context, width, heads, blocks, hidden })) {
    requireCount(caller, name, value);
  }
  if (width % heads !== 0) {
    throw new RangeError(`${caller}: expected heads to divide the width ${width} but got ${heads} heads`);
  }
  const seedOf = (part: string) => new Random(seed).fork(part).integer(2 ** 31);
  const input = tf.input({ shape: [null], dtype: "int32", name: "ids" });
  const embedding = tf.layers.embedding({
    name: "tokens",
    inputDim: vocabulary,
    outputDim: width,
    maskZero: padding,
    embeddingsInitializer: tf.initializers.randomNormal({ stddev: spread, seed: seedOf("tokens") }),
  });
  let x: SymbolicTensor = apply(embedding, input);
  if (positions !== "none") {
    x = apply(addPositions({ name: "positions", context, kind: positions, spread, seed: seedOf("positions") }), x);
  }
  if (dropout > 0) x = apply(tf.layers.dropout({ rate: dropout, name: "dropout" }), x);
  for (let block = 1; block <= blocks; block++) {
    const outputGain = 1 / Math.sqrt(2 * blocks);
    x = transformerBlock(x, { name: `block${block}`, heads, hidden, causal, dropout, outputGain, seed });
  }
  return { input, output: apply(layerNorm({ name: "norm" }), x) };
}

/** Standard deviation of embeddings before training. */
const spread = 0.5;

/** Small first weights of the last layer: at first all tokens are about equally likely. */
function head({ seed = 1, width = 64 }: TransformerOptions) {
  const stddev = 0.1 / Math.sqrt(width);
  const initializer = lazyTensorflow().initializers.randomNormal({
    stddev,
    seed: new Random(seed).fork("head").integer(2 ** 31),
  });
  return { kernelInitializer: initializer };
}
