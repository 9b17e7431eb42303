import type { Layer } from "./layer.js";
import type { SparseRows } from "./sparse-rows.js";

/**
 * One step of mini-batch gradient descent on a layer: w ← κ w − (η/m) Σ δ xᵀ and b ← b − (η/m) Σ δ over the m examples,
 * where κ = 1 − ηλ/n is what weight decay leaves of a weight. With momentum μ, those changes are added to velocities that
 * keep the share μ from one step to the next: v ← μ v − (1 − κ) w − (η/m) Σ δ xᵀ, then w ← w + v.
 *
 * The sum of outer products is never formed. Examples are first gathered by input: for every input the examples in which
 * it is not zero. Then each input's weights are read and written once for all of those, and the weights of inputs that
 * are zero in the whole mini-batch (a blank margin of pixels) are not touched at all, unless they decay or still move.
 */
export class DescentStep {
  /** How many examples of this mini-batch have input k. */
  readonly #gathered: Uint32Array;
  /** For input k, from `k * batchSize` on: where the errors of those examples begin. */
  readonly #errorStart: Uint32Array;
  /** For input k, from `k * batchSize` on: (η/m) times the values of those examples. */
  readonly #scaled: Float64Array;
  /** With momentum: the velocities of weights and biases. */
  readonly #velocity: { readonly kernel: Float64Array; readonly biases: Float64Array } | undefined;

  constructor(
    readonly layer: Layer,
    readonly batchSize: number,
    readonly momentum = 0,
  ) {
    this.#gathered = new Uint32Array(layer.inputs);
    this.#errorStart = new Uint32Array(layer.inputs * batchSize);
    this.#scaled = new Float64Array(layer.inputs * batchSize);
    if (momentum > 0) {
      const { kernel, biases } = layer;
      this.#velocity = { kernel: new Float64Array(kernel.length), biases: new Float64Array(biases.length) };
    }
  }

  /** Adds one example: its input is row `row`, and it is number `example` of the mini-batch. `rate` is η/m. */
  gather(rows: SparseRows, row: number, example: number, rate: number): void {
    const { columns, values, starts } = rows;
    const gathered = this.#gathered;
    const errorStart = this.#errorStart;
    const scaled = this.#scaled;
    const start = example * this.layer.outputs;
    const end = starts[row + 1];
    for (let i = starts[row]; i < end; i++) {
      const k = columns[i];
      const at = k * this.batchSize + gathered[k]++;
      errorStart[at] = start;
      scaled[at] = rate * values[i];
    }
  }

  /**
   * Takes the step for the `count` examples gathered, whose errors δ are `error` `[count, outputs]`, and starts anew.
   * `keep` is κ, the share of every weight that weight decay leaves.
   */
  take(error: Float64Array, count: number, rate: number, keep = 1): void {
    const velocity = this.#velocity;
    if (velocity === undefined) {
      if (keep !== 1) scale(this.layer.kernel, keep);
      this.#descend(this.layer.kernel, this.layer.biases, error, count, rate);
      return;
    }
    const { kernel, biases } = this.layer;
    for (let i = 0; i < kernel.length; i++) {
      velocity.kernel[i] = this.momentum * velocity.kernel[i] - (1 - keep) * kernel[i];
    }
    scale(velocity.biases, this.momentum);
    this.#descend(velocity.kernel, velocity.biases, error, count, rate);
    for (let i = 0; i < kernel.length; i++) kernel[i] += velocity.kernel[i];
    for (let j = 0; j < biases.length; j++) biases[j] += velocity.biases[j];
  }

  /** Takes (η/m) Σ δ xᵀ from `kernel` and (η/m) Σ δ from `biases`. */
  #descend(kernel: Float64Array, biases: Float64Array, error: Float64Array, count: number, rate: number): void {
    const { inputs, outputs } = this.layer;
    const gathered = this.#gathered;
    const errorStart = this.#errorStart;
    const scaled = this.#scaled;
    for (let k = 0; k < inputs; k++) {
      if (gathered[k] === 0) continue;
      const w = k * outputs;
      let i = k * this.batchSize;
      const end = i + gathered[k];
      gathered[k] = 0;
      // Four, two, one: each weight is read and written once for several examples.
      for (; i + 3 < end; i += 4) {
        const x0 = scaled[i];
        const x1 = scaled[i + 1];
        const x2 = scaled[i + 2];
        const x3 = scaled[i + 3];
        const e0 = errorStart[i];
        const e1 = errorStart[i + 1];
        const e2 = errorStart[i + 2];
        const e3 = errorStart[i + 3];
        for (let j = 0; j < outputs; j++) {
          kernel[w + j] -= x0 * error[e0 + j] + x1 * error[e1 + j] + x2 * error[e2 + j] + x3 * error[e3 + j];
        }
      }
      for (; i + 1 < end; i += 2) {
        const x0 = scaled[i];
        const x1 = scaled[i + 1];
        const e0 = errorStart[i];
        const e1 = errorStart[i + 1];
        for (let j = 0; j < outputs; j++) kernel[w + j] -= x0 * error[e0 + j] + x1 * error[e1 + j];
      }
      if (i < end) {
        const x = scaled[i];
        const e = errorStart[i];
        for (let j = 0; j < outputs; j++) kernel[w + j] -= x * error[e + j];
      }
    }
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < outputs; j++) biases[j] -= rate * error[i * outputs + j];
    }
  }
}

function scale(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= by;
}
