import { classOf, type NativeOptimizer, optimizerBackend, requireFraction, scalars } from "./native-optimizer.js";
import { type Gradients, OptimizerSlots, type OptimizerVariable, type OptimizerWeights } from "./slots.js";

const rmsPropClass = classOf((native) => {
  const { tf } = native;
  return class NativeRmsProp extends tf.RMSPropOptimizer implements NativeOptimizer {
    declare learningRate: number;
    readonly #slots = new OptimizerSlots(native, () => {
      const lists = this as unknown as Record<"accumulatedMeanSquares" | "accumulatedMoments", OptimizerVariable[]>;
      return [
        { suffix: "rms", list: lists.accumulatedMeanSquares },
        { suffix: "momentum", list: lists.accumulatedMoments },
      ];
    });
    readonly #attributes = [native.float32, native.bool("use_locking", false)];

    override applyGradients(gradients: Gradients): void {
      tf.tidy(() => {
        const settings = scalars(native, [this.learningRate, this.decay, this.momentum, this.epsilon]);
        this.#slots.step(gradients, (handles, gradient) => {
          native.runAll("ResourceApplyRMSProp", this.#attributes, [...handles, ...settings, gradient], 0);
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
 * RMSProp, as `tf.train.rmsprop`, with each variable's step as one operation of TensorFlow (ResourceApplyRMSProp). Its
 * centred variant is left to TensorFlow.js.
 *
 * @param learningRate - η; may be changed later through the result's `learningRate`.
 * @param decay - Decay of the mean squares. Default: 0.9.
 * @param momentum - μ, the part of the last step that is kept. Default: 0.
 * @param epsilon - Added to the mean squares under the root. Default: 1e-7.
 * @throws RangeError for numbers out of range; Error unless the backend is "tensorflow".
 *
 * Source: T. Tieleman and G. Hinton, "Neural Networks for Machine Learning", lecture 6.5 (2012).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeRmsProp } from "@nn30/shared";
 *
 * const x = tf.variable(tf.scalar(3));
 * const optimizer = nativeRmsProp(0.1, 0.75);
 * optimizer.minimize(() => x.square().asScalar());
 * assert.ok(Math.abs(x.dataSync()[0] - 2.8) < 1e-6); // the first step is η / √(1 − decay)
 * optimizer.dispose();
 * ```
 */
export function nativeRmsProp(learningRate: number, decay = 0.9, momentum = 0, epsilon = 1e-7): NativeOptimizer {
  const native = optimizerBackend("nativeRmsProp", learningRate);
  requireFraction("nativeRmsProp", "decay", decay);
  requireFraction("nativeRmsProp", "momentum", momentum);
  return new (rmsPropClass(native))(learningRate, decay, momentum, epsilon);
}
