import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";

/** Which tokens a token may look at. */
export interface AttentionMask {
  /** Only itself and those before it. Default: false. */
  readonly causal?: boolean;
  /** Which tokens may be looked at, for example all but padding: `[batch, time]`, 1 or true for yes. Default: all. */
  readonly keep?: Tensor;
}

/** What is added to the score of a token that must not be seen: its share of the softmax is exactly 0. */
const never = -1e9;

/**
 * What a causal mask adds to the scores: 0 on and below the diagonal, −10⁹ above it.
 *
 * @param time - Number of tokens.
 * @returns `[time, time]`; row `t` belongs to the token that looks.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { causalMask } from "@nn30/shared";
 *
 * assert.deepEqual(causalMask(2).arraySync(), [[0, -1e9], [0, 0]]);
 * ```
 */
export function causalMask(time: number): Tensor2D {
  const values = new Float32Array(time * time);
  for (let t = 0; t < time; t++) values.fill(never, t * time + t + 1, (t + 1) * time);
  return lazyTensorflow().tensor2d(values, [time, time]);
}

/**
 * How much of its attention each token gives to each: softmax(q kᵀ / √depth), after the mask.
 *
 * @param q - Queries, `[batch, heads, time, depth]`.
 * @param k - Keys, of the same shape.
 * @returns `[batch, heads, time, time]`; every row, that of a token that looks, adds up to 1.
 * @throws RangeError where the shapes do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { attentionWeights } from "@nn30/shared";
 *
 * const tokens = tf.tensor4d([1, 1, 1, 1], [1, 1, 2, 2]); // two equal tokens
 * assert.deepEqual(attentionWeights(tokens, tokens).arraySync(), [[[[0.5, 0.5], [0.5, 0.5]]]]);
 * assert.deepEqual(attentionWeights(tokens, tokens, { causal: true }).arraySync(), [[[[1, 0], [0.5, 0.5]]]]);
 * ```
 */
export function attentionWeights(q: Tensor, k: Tensor, mask: AttentionMask = {}): Tensor {
  const tf = lazyTensorflow();
  if (q.rank !== 4 || q.shape.join() !== k.shape.join()) {
    throw new RangeError(
      `attentionWeights: expected q and k of one shape [batch, heads, time, depth] but got [${q.shape.join(", ")}] ` +
        `and [${k.shape.join(", ")}]`,
    );
  }
  const [batch, , time, depth] = q.shape;
  return tf.tidy(() => {
    // The queries have fewer numbers than the scores, so they are what is scaled.
    let scores = tf.matMul(q.mul(1 / Math.sqrt(depth)), k, false, true);
    if (mask.causal) scores = scores.add(causalMask(time));
    if (mask.keep) {
      if (mask.keep.size !== batch * time) {
        throw new RangeError(
          `attentionWeights: expected keep of shape [${batch}, ${time}] but got [${mask.keep.shape.join(", ")}]`,
        );
      }
      scores = scores.add(mask.keep.toFloat().sub(1).mul(-never).reshape([batch, 1, 1, time]));
    }
    return tf.softmax(scores);
  });
}

/**
 * Scaled dot-product attention: every token's answer is the mean of all values, weighted by how well its query agrees
 * with their keys.
 *
 * @param q - Queries, `[batch, heads, time, depth]`.
 * @param k - Keys, of the same shape.
 * @param v - Values, `[batch, heads, time, any depth]`.
 * @returns `[batch, heads, time, depth of v]`.
 *
 * Source: A. Vaswani and others, "Attention is all you need" (2017), equation 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { scaledDotProductAttention } from "@nn30/shared";
 *
 * const alike = tf.ones([1, 1, 2, 3]);
 * const values = tf.tensor4d([2, 4], [1, 1, 2, 1]);
 * assert.deepEqual([...scaledDotProductAttention(alike, alike, values).dataSync()], [3, 3]);
 * ```
 */
export function scaledDotProductAttention(q: Tensor, k: Tensor, v: Tensor, mask: AttentionMask = {}): Tensor {
  const tf = lazyTensorflow();
  return tf.tidy(() => tf.matMul(attentionWeights(q, k, mask), v));
}
