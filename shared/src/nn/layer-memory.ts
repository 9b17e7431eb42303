import type { Layer } from "./layer.js";
import { LAYER_FIELDS, type PlannedLayer } from "./memory-plan.js";
import type { SparseRows } from "./sparse-rows.js";

/** A layer and a mini-batch's part of it in the kernels' memory. */
export class LayerMemory {
  /** Where kernels find it. */
  readonly address: number;
  /** Numbers from one row of `[rows, outputs]` to the next: more than `outputs`, see {@link planMemory}. */
  readonly stride: number;
  /** Weighted inputs, then activations `[capacity, outputs]`. */
  readonly activations: Float64Array;
  /** Errors δ `[capacity, outputs]`; empty unless the network is trained. */
  readonly errors: Float64Array;
  readonly #kernel: Float64Array;
  readonly #biases: Float64Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #columns: Uint16Array;
  readonly #values: Float64Array;

  constructor(
    readonly layer: Layer,
    buffer: ArrayBuffer,
    { address, fields }: PlannedLayer,
  ) {
    const { capacity, inputs, outputs } = fields;
    this.address = address;
    this.stride = fields.rowBytes / 8;
    new Uint32Array(buffer, address, LAYER_FIELDS.length).set(LAYER_FIELDS.map((name) => fields[name]));
    const strideBefore = fields.rowBytesBefore / 8;
    const stored = capacity * (strideBefore || inputs);
    this.activations = new Float64Array(buffer, fields.activations, capacity * this.stride);
    this.errors = new Float64Array(buffer, fields.errors, fields.errors === 0 ? 0 : capacity * this.stride);
    this.#kernel = new Float64Array(buffer, fields.kernel, inputs * this.stride);
    this.#biases = new Float64Array(buffer, fields.biases, outputs);
    this.#starts = new Uint32Array(buffer, fields.starts, capacity);
    this.#ends = new Uint32Array(buffer, fields.ends, capacity);
    this.#columns = new Uint16Array(buffer, fields.columns, stored);
    this.#values = new Float64Array(buffer, fields.values, stored);
    if (strideBefore > 0) this.#storeAll(strideBefore);
  }

  /** Copies the layer's weights and biases into the memory. */
  readWeights(): void {
    const { inputs, outputs, kernel, biases } = this.layer;
    for (let k = 0; k < inputs; k++) {
      for (let j = 0; j < outputs; j++) this.#kernel[k * this.stride + j] = kernel[k * outputs + j];
    }
    this.#biases.set(biases);
  }

  /** Copies them back. */
  writeWeights(): void {
    const { inputs, outputs, kernel, biases } = this.layer;
    for (let k = 0; k < inputs; k++) {
      for (let j = 0; j < outputs; j++) kernel[k * outputs + j] = this.#kernel[k * this.stride + j];
    }
    biases.set(this.#biases);
  }

  /** Makes rows `order[first]`, `order[first + 1]`, …, `count` of them, the inputs of this layer. */
  readInputs(rows: SparseRows, order: ArrayLike<number>, first: number, count: number): void {
    let at = 0;
    for (let example = 0; example < count; example++) {
      const row = order[first + example];
      const start = rows.starts[row];
      const end = rows.starts[row + 1];
      this.#columns.set(rows.columns.subarray(start, end), at);
      this.#values.set(rows.values.subarray(start, end), at);
      this.#starts[example] = at;
      at += end - start;
      this.#ends[example] = at;
    }
  }

  /** The inputs are activations of a layer before, all of them, zero or not. */
  #storeAll(stride: number): void {
    for (let i = 0; i < this.#columns.length; i++) this.#columns[i] = i % stride;
    for (let example = 0; example < this.#starts.length; example++) {
      this.#starts[example] = example * stride;
      this.#ends[example] = example * stride + this.layer.inputs;
    }
  }
}
