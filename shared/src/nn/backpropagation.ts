import { type Activation, activations } from "./activation.js";
import type { Cost } from "./cost.js";
import type { Layer } from "./layer.js";
import { sigmoid } from "./sigmoid.js";
import { SparseRows } from "./sparse-rows.js";

/**
 * The forward and backward pass through hidden layers of one activation function and a sigmoid output layer, with room
 * for the activations and errors of a mini-batch. The room is made once, so that nothing is allocated while training.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1 to BP4.
 */
export class Backpropagation {
  /** By layer: activations a `[examples, outputs]`, in a form in which they can be the input of the next layer. */
  readonly activations: readonly SparseRows[];
  /** By layer: errors δ = ∂C/∂z `[examples, outputs]`. */
  readonly errors: readonly Float64Array[];

  constructor(
    readonly layers: readonly Layer[],
    capacity: number,
    readonly hidden: Activation = activations.sigmoid,
  ) {
    this.activations = layers.map((layer) => SparseRows.full(capacity, layer.outputs));
    this.errors = layers.map((layer) => new Float64Array(capacity * layer.outputs));
  }

  /** Activations of the output layer `[examples, outputs]`. */
  get outputs(): Float64Array {
    return this.activations[this.activations.length - 1].values;
  }

  /** Feeds row `row` of the inputs forward as example number `example`: z = w a + b and its activation, layer after layer. */
  forward(inputs: SparseRows, row: number, example: number): void {
    for (let l = 0; l < this.layers.length; l++) {
      const layer = this.layers[l];
      const a = this.activations[l].values;
      const start = example * layer.outputs;
      if (l === 0) layer.weightedInputs(inputs, row, a, start);
      else layer.weightedInputs(this.activations[l - 1], example, a, start);
      const value = l === this.layers.length - 1 ? sigmoid : this.hidden.value;
      for (let j = start; j < start + layer.outputs; j++) a[j] = value(a[j]);
    }
  }

  /**
   * Finds the errors of example number `example`, which has been fed forward, from the output layer back to the first.
   * Its target is row `row` of `targets` `[count, outputs]`.
   */
  backward(cost: Cost, targets: Float64Array, row: number, example: number): void {
    const last = this.layers.length - 1;
    const { outputs } = this.layers[last];
    const { slope } = this.hidden;
    for (let j = 0; j < outputs; j++) {
      const at = example * outputs + j;
      this.errors[last][at] = cost.outputError(this.outputs[at], targets[row * outputs + j]);
    }
    for (let l = last; l > 0; l--) {
      const layer = this.layers[l];
      const error = this.errors[l - 1];
      const a = this.activations[l - 1].values;
      const start = example * layer.inputs;
      layer.propagateBack(this.errors[l], example * layer.outputs, error, start);
      for (let k = start; k < start + layer.inputs; k++) error[k] *= slope(a[k]);
    }
  }
}
