import type { Random } from "../random/random.js";
import { type Initializer, initializers } from "./initializer.js";
import type { SparseRows } from "./sparse-rows.js";

/**
 * A fully connected layer: every neuron j has a bias b_j and a weight w_jk for every input k.
 *
 * The weights are stored input by input, so that one input that is not zero meets the weights of all neurons side by
 * side in memory. `weight`, `setWeight` and `weights` speak the book's order, neuron first.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapter 2, for the notation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Layer, Random } from "@nn30/shared";
 *
 * const layer = new Layer(3, 2, new Random(1)); // three inputs, two neurons
 * layer.setWeight(1, 0, 0.25);
 * assert.equal(layer.weight(1, 0), 0.25);
 * assert.equal(layer.weights()[3], 0.25); // the second of two rows of three
 * ```
 */
export class Layer {
  /** Weights `[inputs, outputs]`: w_jk at `k * outputs + j`. */
  readonly kernel: Float64Array;
  /** Biases `[outputs]`. */
  readonly biases: Float64Array;

  /** A layer whose biases and then weights, neuron after neuron, are drawn by the initializer. */
  constructor(
    readonly inputs: number,
    readonly outputs: number,
    random: Random,
    initializer: Initializer = initializers.standardNormal,
  ) {
    this.kernel = new Float64Array(inputs * outputs);
    this.biases = Float64Array.from({ length: outputs }, () => initializer.bias(random));
    for (let j = 0; j < outputs; j++) {
      for (let k = 0; k < inputs; k++) this.setWeight(j, k, initializer.weight(random, inputs, outputs));
    }
  }

  /** The weight w_jk from input k to neuron j. */
  weight(j: number, k: number): number {
    return this.kernel[k * this.outputs + j];
  }

  /** Changes the weight w_jk from input k to neuron j. */
  setWeight(j: number, k: number, value: number): void {
    this.kernel[k * this.outputs + j] = value;
  }

  /** A copy of the weights in the book's order, `[outputs, inputs]`. */
  weights(): Float64Array {
    const { inputs, outputs, kernel } = this;
    const weights = new Float64Array(kernel.length);
    for (let j = 0; j < outputs; j++)
      for (let k = 0; k < inputs; k++) weights[j * inputs + k] = kernel[k * outputs + j];
    return weights;
  }

  /** Writes the weighted inputs z = w x + b of one row x to `z[offset …]`. */
  weightedInputs(rows: SparseRows, row: number, z: Float64Array, offset: number): void {
    const { outputs, kernel, biases } = this;
    const { columns, values } = rows;
    const end = rows.starts[row + 1];
    for (let j = 0; j < outputs; j++) z[offset + j] = biases[j];
    let i = rows.starts[row];
    // Four inputs at a time: z is then read and written once for four products instead of once for each.
    for (; i + 3 < end; i += 4) {
      const x0 = values[i];
      const x1 = values[i + 1];
      const x2 = values[i + 2];
      const x3 = values[i + 3];
      const w0 = columns[i] * outputs;
      const w1 = columns[i + 1] * outputs;
      const w2 = columns[i + 2] * outputs;
      const w3 = columns[i + 3] * outputs;
      for (let j = 0; j < outputs; j++) {
        z[offset + j] += x0 * kernel[w0 + j] + x1 * kernel[w1 + j] + x2 * kernel[w2 + j] + x3 * kernel[w3 + j];
      }
    }
    for (; i < end; i++) {
      const x = values[i];
      const w = columns[i] * outputs;
      for (let j = 0; j < outputs; j++) z[offset + j] += x * kernel[w + j];
    }
  }

  /** Writes wᵀδ, what the errors δ of this layer's neurons say about its inputs, to `result[resultOffset …]`. */
  propagateBack(error: Float64Array, offset: number, result: Float64Array, resultOffset: number): void {
    const { inputs, outputs, kernel } = this;
    for (let k = 0; k < inputs; k++) {
      const w = k * outputs;
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum += kernel[w + j] * error[offset + j];
      result[resultOffset + k] = sum;
    }
  }
}
