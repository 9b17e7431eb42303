import type { LayersModel, Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";

/** What one attention layer looked at. */
export interface AttentionMap {
  /** The layer's name. */
  readonly layer: string;
  /** `[batch][head][token that looks][token that is looked at]`; every row adds up to 1. */
  readonly weights: number[][][][];
}

let recorder: AttentionMap[] | undefined;

/** Keeps the weights of a layer while {@link attentionMaps} runs. */
export function recordMap(layer: string, weights: Tensor): void {
  recorder?.push({ layer, weights: weights.arraySync() as number[][][][] });
}

/**
 * What the heads of all attention layers look at, for some inputs.
 *
 * @param model - A model with layers of {@link multiHeadAttention}.
 * @param x - Its input, a batch.
 * @returns One entry for each of these layers, in the order in which they run.
 * @throws RangeError for a model without such a layer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { attentionMaps, gpt } from "@nn30/shared";
 *
 * const model = gpt({ vocabulary: 5, context: 4, width: 8, heads: 2, blocks: 1 });
 * const [{ layer, weights }] = attentionMaps(model, tf.tensor2d([[0, 3, 1]], [1, 3], "int32"));
 * assert.equal(layer, "block1_attention");
 * assert.deepEqual(weights[0][1][0], [1, 0, 0]); // the first token of a GPT sees only itself
 * ```
 */
export function attentionMaps(model: LayersModel, x: Tensor): AttentionMap[] {
  const tf = lazyTensorflow();
  const maps: AttentionMap[] = [];
  recorder = maps;
  try {
    tf.tidy(() => void model.apply(x, { training: false }));
  } finally {
    recorder = undefined;
  }
  if (maps.length === 0) throw new RangeError("attentionMaps: expected a model with a multiHeadAttention layer");
  return maps;
}
