import { Random } from "./random.js";

const original = Math.random;

/**
 * Makes everything random in this process repeatable: replaces `Math.random` by a generator with the given seed.
 *
 * TensorFlow.js draws the seeds of its own generators from `Math.random`, so this covers the default initializers of
 * layers, the shuffling of `model.fit`, dropout, and `tf.randomNormal`, `randomUniform`, `truncatedNormal`,
 * `randomGamma` and `randomStandardNormal`. Called again, it starts over, so that a cell that begins with it gives the
 * same numbers each time it runs.
 *
 * Two things in TensorFlow.js take no seed from `Math.random`:
 * - `tf.multinomial` without a seed is always random (its fraction of a seed is cut to 0, which TensorFlow takes for
 *   "none"), and with one it continues a stream of its own. Take the largest of logits plus Gumbel noise instead, which
 *   samples the same distribution: see the second example.
 * - `tf.data.Dataset.shuffle` seeds itself by the clock: give it a seed, `shuffle(bufferSize, "1")`.
 *
 * @param seed - A whole number in 0 … 2³² − 1.
 * @returns The generator that now stands behind `Math.random`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { restoreMathRandom, seedEverything } from "@nn30/shared";
 *
 * seedEverything(1);
 * const first = Math.random();
 * seedEverything(1);
 * assert.equal(Math.random(), first);
 * restoreMathRandom();
 * ```
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { seedEverything } from "@nn30/shared";
 *
 * // A repeatable `tf.multinomial(logits, 1)`: one class number a row.
 * const sample = (logits: tf.Tensor2D) =>
 *   tf.tidy(() => tf.argMax(tf.sub(logits, tf.log(tf.neg(tf.log(tf.randomUniform(logits.shape, 1e-7, 1))))), 1));
 *
 * const logits = tf.zeros([20, 4]) as tf.Tensor2D;
 * seedEverything(1);
 * const first = sample(logits).dataSync();
 * seedEverything(1);
 * assert.deepEqual(sample(logits).dataSync(), first);
 * ```
 */
export function seedEverything(seed: number): Random {
  const generator = new Random(seed);
  Math.random = () => generator.uniform();
  return generator;
}

/**
 * Gives `Math.random` back as it was before {@link seedEverything}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { restoreMathRandom, seedEverything } from "@nn30/shared";
 *
 * const before = Math.random;
 * seedEverything(1);
 * assert.notEqual(Math.random, before);
 * restoreMathRandom();
 * assert.equal(Math.random, before);
 * ```
 */
export function restoreMathRandom(): void {
  Math.random = original;
}
