import { readFileSync } from "node:fs";
import path from "node:path";

/** The loops of shared/assembly, compiled, and the memory that they work on. `layer` is the address of a layer in it. */
export interface Kernels {
  readonly memory: LinearMemory;
  /** Finds the weighted inputs z of a layer for the first `examples` examples of a mini-batch. */
  weightedInputs(layer: number, examples: number): void;
  /** Finds Σ_j w_jk δ_j, and writes it to the errors of the layer before. */
  propagateBack(layer: number, examples: number): void;
  /** Takes a step of gradient descent. `rate` is η/m, `keep` the share of every weight that weight decay leaves. */
  descend(layer: number, examples: number, rate: number, keep: number, momentum: number): void;
}

/** A WebAssembly.Memory. */
interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; `buffer` is another one from then on. */
  grow(pages: number): number;
}

/** As far as it is used here: the types of Node 20 say nothing about it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const PAGE_BYTES = 1 << 16;
/** All that a 32-bit address reaches, but for the last page. */
const MOST_BYTES = 2 ** 32 - PAGE_BYTES;
/** A memory that has grown beyond this is left to the garbage collector. */
const MOST_KEPT_BYTES = 1 << 26;

let compiled: object | undefined;
/** Kernels that nobody uses now. */
const idle: Kernels[] = [];

/**
 * Lends kernels for the time of a call. Their memory has at least so many bytes, all of them 0.
 *
 * Memories are used again and again, because each of them takes gigabytes of address space, however small it is. There
 * are as many as are in use at once: a second one when predictions are asked for in the middle of a training. What is to
 * outlive the call belongs into JavaScript's own arrays, which the garbage collector looks after.
 *
 * @throws RangeError when so much memory cannot be had.
 */
export function withKernels<Result>(bytes: number, use: (kernels: Kernels) => Result): Result {
  if (bytes > MOST_BYTES) {
    throw new RangeError(
      `Network: expected a mini-batch that fits into 4 GiB with the weights but it needs ` +
        `${(bytes / 2 ** 30).toFixed(1)} GiB; take a smaller batchSize`,
    );
  }
  const kernels = idle.pop() ?? instantiate();
  const { memory } = kernels;
  try {
    // What is added is 0 already.
    new Uint8Array(memory.buffer).fill(0, 0, bytes);
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return use(kernels);
  } finally {
    if (memory.buffer.byteLength <= MOST_KEPT_BYTES) idle.push(kernels);
  }
}

function instantiate(): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(path.join(__dirname, "kernels.wasm")));
  return new WebAssembly.Instance(compiled).exports as Kernels;
}
