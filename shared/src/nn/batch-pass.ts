import type { Activation } from "./activation.js";
import type { Cost } from "./cost.js";
import { type Kernels, withKernels } from "./kernels.js";
import type { Layer } from "./layer.js";
import { LayerMemory } from "./layer-memory.js";
import { planMemory } from "./memory-plan.js";
import { sigmoid } from "./sigmoid.js";
import type { SparseRows } from "./sparse-rows.js";

/** What a {@link BatchPass} is lent for. */
export interface BatchPassOptions {
  /** Most examples of a mini-batch. */
  readonly capacity: number;
  /** Whether weights are to be changed, and not only used. */
  readonly training: boolean;
  /** μ: the share of its velocity that a weight keeps from step to step. 0 by default: no velocities. */
  readonly momentum?: number;
}

/**
 * The forward pass, the backward pass and the step of gradient descent for a whole mini-batch, by compiled kernels that
 * have their own copy of the weights.
 *
 * Every number is the result of the same operations in the same order as in {@link Backpropagation}, to the last bit: the
 * kernels work on two neurons at a time, never on two terms of one sum. Activation functions and costs, which anybody can
 * write, are called from here.
 */
export class BatchPass {
  private constructor(
    readonly kernels: Kernels,
    readonly layers: readonly LayerMemory[],
    readonly hidden: Activation,
    readonly momentum: number,
  ) {}

  /** Lends a pass through these layers for the time of a call. It begins with the layers' weights. */
  static lend<Result>(
    layers: readonly Layer[],
    hidden: Activation,
    { capacity, training, momentum = 0 }: BatchPassOptions,
    use: (pass: BatchPass) => Result,
  ): Result {
    const plan = planMemory(layers, { capacity, training, momentum: momentum > 0 });
    return withKernels(plan.bytes, (kernels) => {
      const memories = layers.map((layer, l) => new LayerMemory(layer, kernels.memory.buffer, plan.layers[l]));
      const pass = new BatchPass(kernels, memories, hidden, momentum);
      pass.readWeights();
      return use(pass);
    });
  }

  /** Copies weights and biases from the network. */
  readWeights(): void {
    for (const layer of this.layers) layer.readWeights();
  }

  /** Copies them back to the network. */
  writeWeights(): void {
    for (const layer of this.layers) layer.writeWeights();
  }

  /** Activations of the output layer `[outputs]` for example number `example`; the next mini-batch changes them. */
  outputs(example: number): Float64Array {
    const { layer, activations, stride } = this.layers[this.layers.length - 1];
    return activations.subarray(example * stride, example * stride + layer.outputs);
  }

  /** Feeds rows `order[first]`, `order[first + 1]`, …, `count` of them, forward. */
  forward(rows: SparseRows, order: ArrayLike<number>, first: number, count: number): void {
    this.layers[0].readInputs(rows, order, first, count);
    for (let l = 0; l < this.layers.length; l++) {
      const { layer, address, activations, stride } = this.layers[l];
      this.kernels.weightedInputs(address, count);
      const value = l === this.layers.length - 1 ? sigmoid : this.hidden.value;
      for (let example = 0; example < count; example++) {
        const end = example * stride + layer.outputs;
        for (let j = example * stride; j < end; j++) activations[j] = value(activations[j]);
      }
    }
  }

  /** Finds the errors of the mini-batch that was fed forward. `targets` `[rows, outputs]` are those of all rows. */
  backward(cost: Cost, targets: Float64Array, order: ArrayLike<number>, first: number, count: number): void {
    const last = this.layers.length - 1;
    const { layer, activations, errors, stride } = this.layers[last];
    for (let example = 0; example < count; example++) {
      const target = order[first + example] * layer.outputs;
      for (let j = 0; j < layer.outputs; j++) {
        const at = example * stride + j;
        errors[at] = cost.outputError(activations[at], targets[target + j]);
      }
    }
    for (let l = last; l > 0; l--) {
      this.kernels.propagateBack(this.layers[l].address, count);
      this.#timesSlope(this.layers[l - 1], count);
    }
  }

  /**
   * Takes a step of gradient descent for the `count` examples whose errors were found. `rate` is η/m, and `keep` the share
   * of every weight that weight decay leaves.
   */
  descend(count: number, rate: number, keep: number): void {
    for (const { address } of this.layers) this.kernels.descend(address, count, rate, keep, this.momentum);
  }

  /** Makes Σ_j w_jk δ_j of the layer after into errors. */
  #timesSlope({ layer, activations, errors, stride }: LayerMemory, count: number): void {
    const { slope } = this.hidden;
    for (let example = 0; example < count; example++) {
      const end = example * stride + layer.outputs;
      for (let j = example * stride; j < end; j++) errors[j] *= slope(activations[j]);
    }
  }
}
