import { classOf, type NativeOptimizer, optimizerBackend, requireFraction, scalars } from "./native-optimizer.js";
import { type Gradients, OptimizerSlots, type OptimizerVariable, type OptimizerWeights } from "./slots.js";

const momentumClass = classOf((native) => {
  const { tf } = native;
  return class NativeMomentum extends tf.MomentumOptimizer implements NativeOptimizer {
    declare learningRate: number;
    readonly #slots = new OptimizerSlots(native, () => {
      return [{ suffix: "momentum", list: (this as unknown as { accumulations: OptimizerVariable[] }).accumulations }];
    });

    override applyGradients(gradients: Gradients): void {
      const { momentum, useNesterov } = this as unknown as { momentum: number; useNesterov: boolean };
      const attributes = [native.float32, native.bool("use_locking", false), native.bool("use_nesterov", useNesterov)];
      tf.tidy(() => {
        const [rate, decay] = scalars(native, [this.learningRate, momentum]);
        this.#slots.step(gradients, (handles, gradient) => {
          native.runAll("ResourceApplyMomentum", attributes, [...handles, rate, gradient, decay], 0);
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
      this.c.dispose(); // tfjs's momentum forgets this one
      this.#slots.dispose();
    }
  };
});

/**
 * Gradient descent with momentum, as `tf.train.momentum`, with each variable's step as one operation of TensorFlow
 * (ResourceApplyMomentum).
 *
 * @param learningRate - η; may be changed later through the result's `learningRate`.
 * @param momentum - μ, the part of the last step that is kept. Default: 0.9.
 * @param useNesterov - Look ahead along the momentum. Default: false.
 * @throws RangeError for numbers out of range; Error unless the backend is "tensorflow".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeMomentum } from "@nn30/shared";
 *
 * const x = tf.variable(tf.scalar(1));
 * const optimizer = nativeMomentum(0.25, 0.5);
 * for (let step = 0; step < 2; step++) optimizer.minimize(() => x.square().asScalar());
 * assert.equal(x.dataSync()[0], 0); // 1 → 0.5, then − 0.25 · (1 + 0.5 · 2)
 * optimizer.dispose();
 * ```
 */
export function nativeMomentum(learningRate: number, momentum = 0.9, useNesterov = false): NativeOptimizer {
  const native = optimizerBackend("nativeMomentum", learningRate);
  requireFraction("nativeMomentum", "momentum", momentum);
  return new (momentumClass(native))(learningRate, momentum, useNesterov);
}
