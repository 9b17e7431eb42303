import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { type OperationAttribute, OperationAttributes } from "../operation-attributes.js";

/** A tensor inside TensorFlow that TensorFlow.js does not know: whoever made it has to release it. */
interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What the backend of tfjs-node offers and its declarations keep private. */
interface NodeBackend {
  readonly binding: {
    readonly TF_INT64: number;
    createTensor(shape: number[], dtype: number, values: Int32Array): number;
    deleteTensor(id: number): void;
    executeOp(
      operation: string,
      attributes: readonly OperationAttribute[],
      inputs: readonly number[],
      outputs: number,
    ): Handle[];
  };
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(handle: Handle): Tensor;
}

/**
 * TensorFlow's operations by handle, without a TensorFlow.js tensor for every intermediate result. A recurrent layer
 * makes hundreds of these in a training step, and the bookkeeping of a tensor costs as much as a small operation.
 *
 * Everything made here is released by {@link withOperations} unless it was turned into a tensor.
 */
export class Operations extends OperationAttributes {
  readonly #backend: NodeBackend;
  readonly #made = new Map<number, Handle>();

  constructor(backend: NodeBackend) {
    super(backend.binding);
    this.#backend = backend;
  }

  /** The handle of a tensor, which keeps its owner. */
  handle(tensor: Tensor): number {
    return this.#backend.getInputTensorIds([tensor])[0];
  }

  /** A scalar of int64, a type that TensorFlow.js does not have. Whole numbers from 0 up to 2³¹ − 1. */
  int64(value: number): number {
    const { binding } = this.#backend;
    const id = binding.createTensor([], binding.TF_INT64, Int32Array.of(value, 0));
    this.#made.set(id, { id, shape: [], dtype: binding.TF_INT64 });
    return id;
  }

  /** Runs an operation and gives the handles of its outputs. */
  run(
    operation: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): number[] {
    return this.#backend.binding.executeOp(operation, attributes, inputs, outputs).map((handle) => {
      this.#made.set(handle.id, handle);
      return handle.id;
    });
  }

  /** An output of {@link run} as a tensor, which now owns it. */
  tensor(id: number): Tensor {
    const handle = this.#made.get(id);
    if (handle === undefined)
      throw new Error(`Operations.tensor: the handle ${id} is not one made here, or taken already`);
    this.#made.delete(id);
    return this.#backend.createOutputTensor(handle);
  }

  /** Releases everything that has not become a tensor. */
  release(): void {
    for (const id of this.#made.keys()) this.#backend.binding.deleteTensor(id);
    this.#made.clear();
  }
}

/** Calls `body` with TensorFlow's operations and releases whatever handles it leaves, also when it throws. */
export function withOperations<T>(body: (operations: Operations) => T): T {
  const operations = new Operations(lazyTensorflow().backend() as unknown as NodeBackend);
  try {
    return body(operations);
  } finally {
    operations.release();
  }
}
