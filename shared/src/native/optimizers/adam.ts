import { classOf, type NativeOptimizer, optimizerBackend, requireFraction, scalars } from "./native-optimizer.js";
import { type Gradients, OptimizerSlots, type OptimizerVariable, type OptimizerWeights } from "./slots.js";

const adamClass = classOf((native) => {
  const { tf } = native;
  return class NativeAdam extends tf.AdamOptimizer implements NativeOptimizer {
    declare learningRate: number;
    readonly #slots = new OptimizerSlots(native, () => {
      const lists = this as unknown as Record<
        "accumulatedFirstMoment" | "accumulatedSecondMoment",
        OptimizerVariable[]
      >;
      return [
        { suffix: "m", list: lists.accumulatedFirstMoment },
        { suffix: "v", list: lists.accumulatedSecondMoment },
      ];
    });
    readonly #attributes = [native.float32, native.bool("use_locking", false), native.bool("use_nesterov", false)];

    override applyGradients(gradients: Gradients): void {
      const step = this.iterations + 1;
      // The operation computes 1 − β in single precision: the correction has to be that of the same numbers.
      const correction = Math.sqrt(1 - Math.fround(this.beta2) ** step);
      const rate = (this.learningRate * correction) / (1 - Math.fround(this.beta1) ** step);
      // It adds epsilon to the uncorrected √v, tfjs to the corrected one: scaled, the two agree.
      const epsilon = this.epsilon * correction;
      // Powers of 0 tell it that the correction is done.
      tf.tidy(() => {
        const settings = scalars(native, [0, 0, rate, this.beta1, this.beta2, epsilon]);
        this.#slots.step(gradients, (handles, gradient) => {
          native.runAll("ResourceApplyAdam", this.#attributes, [...handles, ...settings, gradient], 0);
        });
      });
      this.incrementIterations();
    }

    override getWeights(): Promise<OptimizerWeights> {
      this.#slots.writeBack();
      return super.getWeights();
    }

    override setWeights(weights: OptimizerWeights): Promise<void> {
      return this.#slots.replace(() => super.setWeights(weights));
    }

    override dispose(): void {
      super.dispose();
      this.#slots.dispose();
    }
  };
});

/**
 * Adam, as `tf.train.adam`, with each variable's step as one operation of TensorFlow (ResourceApplyAdam) instead of about
 * twelve. For `model.compile({ optimizer })` and for `optimizer.minimize`; a model saved with its optimizer loads in
 * plain TensorFlow.js.
 *
 * The steps are those of `tf.train.adam` but for rounding. Its first steps are off by up to 7·10⁻⁶ of their length, since
 * it rounds β₂ once and 1 − β₂ another time; ours are not.
 *
 * @param learningRate - η; may be changed later through the result's `learningRate`. Default: 0.001.
 * @param beta1 - Decay of the first moments. Default: 0.9.
 * @param beta2 - Decay of the second moments. Default: 0.999.
 * @param epsilon - Added to √v̂. Default: 1e-7.
 * @throws RangeError for numbers out of range; Error unless the backend is "tensorflow".
 *
 * Source: D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization" (2015).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeAdam } from "@nn30/shared";
 *
 * const x = tf.variable(tf.scalar(3));
 * const optimizer = nativeAdam(0.5);
 * optimizer.minimize(() => x.square().asScalar());
 * assert.ok(Math.abs(x.dataSync()[0] - 2.5) < 1e-6); // Adam's first step is as long as the learning rate
 * optimizer.dispose();
 * ```
 */
export function nativeAdam(learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7): NativeOptimizer {
  const native = optimizerBackend("nativeAdam", learningRate);
  requireFraction("nativeAdam", "beta1", beta1);
  requireFraction("nativeAdam", "beta2", beta2);
  return new (adamClass(native))(learningRate, beta1, beta2, epsilon);
}
