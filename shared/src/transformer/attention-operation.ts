import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { customGradient } from "../native/custom-gradient.js";
import { type AttentionMask, attentionWeights } from "./scaled-dot-product.js";

/** The weights of multi-head attention. */
export interface AttentionParameters {
  /** `[width, 3 · width]`: queries of all heads, keys, values. */
  readonly qkvKernel: Tensor;
  readonly qkvBias: Tensor;
  /** `[width, width]`. */
  readonly outputKernel: Tensor;
  readonly outputBias: Tensor;
}

/**
 * Multi-head attention with its gradient written out. TensorFlow.js would record each of its fifteen operations, keep
 * what every one of them might need, and walk back through some fifty: on batches of a few hundred tokens that takes
 * longer than the arithmetic.
 *
 * @param x - `[batch, time, width]`.
 * @param onWeights - Is shown how much each token looks at each: `[batch, heads, time, time]`.
 * @returns `[batch, time, width]`.
 */
export function attend(
  x: Tensor,
  { qkvKernel, qkvBias, outputKernel, outputBias }: AttentionParameters,
  heads: number,
  mask: AttentionMask,
  onWeights: (weights: Tensor) => void,
): Tensor {
  const tf = lazyTensorflow();
  const [batch, time, width] = x.shape;
  const depth = width / heads;
  const rows = [batch * time, width];
  const asHeads = (flat: Tensor) => flat.reshape([batch, time, heads, depth]).transpose([0, 2, 1, 3]);
  const inputs = [x.reshape(rows), qkvKernel, qkvBias, outputKernel, outputBias];
  const answer = customGradient(inputs, ([x, qkvKernel, qkvBias, outputKernel, outputBias], save) => {
    // One product for queries, keys and values of all heads.
    const qkv = tf.matMul(x, qkvKernel).add(qkvBias);
    const [q, k, v] = tf.unstack(qkv.reshape([batch, time, 3, heads, depth]).transpose([2, 0, 3, 1, 4]));
    const weights = attentionWeights(q, k, mask);
    onWeights(weights);
    const answers = tf.matMul(weights, v);
    const mixed = answers.transpose([0, 2, 1, 3]).reshape(rows);
    save([x, qkvKernel, outputKernel, q, k, v, weights, answers, mixed]);

    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [x, qkvKernel, outputKernel, q, k, v, weights, answers, mixed] = saved;
        const dAnswers = asHeads(tf.matMul(dy, outputKernel, false, true));
        const dWeights = tf.matMul(dAnswers, v, false, true);
        // The softmax: each weight's slope less their mean under the weights, which is dAnswers · answers.
        const mean = dAnswers.mul(answers).sum(-1, true);
        const dScores = weights.mul(dWeights.sub(mean)).mul(1 / Math.sqrt(depth));
        const dHeads = tf.stack([
          tf.matMul(dScores, k),
          tf.matMul(dScores, q, true),
          tf.matMul(weights, dAnswers, true),
        ]);
        const dQkv = dHeads.transpose([1, 3, 0, 2, 4]).reshape([batch * time, 3 * width]);
        return [
          tf.matMul(dQkv, qkvKernel, false, true),
          tf.matMul(x, dQkv, true),
          dQkv.sum(0),
          tf.matMul(mixed, dy, true),
          dy.sum(0),
        ];
      });
    return { value: tf.matMul(mixed, outputKernel).add(outputBias), gradFunc };
  });
  return answer.reshape(x.shape);
}
