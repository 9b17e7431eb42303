/**
 * A layer in linear memory. `planMemory` in shared/src/nn/memory-plan.ts decides on the addresses, and `LayerMemory` writes
 * these fields in this order, each of four bytes. An address counts bytes from the beginning of the memory.
 *
 * A matrix with a column for every neuron has rows of `rowBytes`: `outputs` numbers in float64, then more up to a whole
 * number of blocks. Nobody looks at what is calculated in those.
 */
@unmanaged
export class Layer {
  inputs!: usize;
  outputs!: usize;
  /** Most examples of a mini-batch. */
  capacity!: usize;
  /** From the weights of one input to those of the next, and from one example to the next. */
  rowBytes!: usize;
  /** Address of the weights `[inputs, outputs]`. */
  kernel!: usize;
  /** Address of the biases `[outputs]`. */
  biases!: usize;
  /** Addresses of the velocities of both; used with momentum only. */
  kernelVelocity!: usize;
  biasVelocity!: usize;
  /** Addresses of the index of every example's first stored input, and of the index after its last, in u32. */
  starts!: usize;
  ends!: usize;
  /** Addresses of the stored inputs: the number k of an input in u16, and its value in float64. */
  columns!: usize;
  values!: usize;
  /** Address of the weighted inputs z `[examples, outputs]`, which JavaScript turns into activations where they are. */
  activations!: usize;
  /** Address of the errors δ `[examples, outputs]`. */
  errors!: usize;
  /** Address of the errors of the layer before, and bytes from one example to the next. */
  errorsBefore!: usize;
  rowBytesBefore!: usize;
  /** Address of the number of examples that have input k, in u32 `[inputs]`: 0 between two steps. */
  gathered!: usize;
  /** Address of those examples `[inputs, capacity]`, an `Entry` each. */
  entries!: usize;
}

/** Rows are worked on in blocks of eight numbers: four vectors of two, few enough to stay in registers. */
export const BLOCK: usize = 64;

/** x₀ w₀ + x₁ w₁ + x₂ w₂ + x₃ w₃, added from left to right, for the two numbers at each address. */
export function sumOfFour(x0: v128, w0: usize, x1: v128, w1: usize, x2: v128, w2: usize, x3: v128, w3: usize): v128 {
  const two = f64x2.add(f64x2.mul(x0, v128.load(w0)), f64x2.mul(x1, v128.load(w1)));
  return f64x2.add(f64x2.add(two, f64x2.mul(x2, v128.load(w2))), f64x2.mul(x3, v128.load(w3)));
}
