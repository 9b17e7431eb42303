import type { Tensor } from "@tensorflow/tfjs-node";
import type * as TensorFlow from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";

/** An attribute of a TensorFlow operation, as the binding takes it. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** A tensor inside TensorFlow that TensorFlow.js does not know: whoever made it has to release it. */
interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** What the backend of tfjs-node offers and its declarations keep private. */
interface NodeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_FLOAT: number;
    readonly TF_INT64: number;
    createTensor(shape: number[], dtype: number, values: Int32Array): number;
    deleteTensor(id: number): void;
    executeOp(
      operation: string,
      attributes: readonly Attribute[],
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
export class Operations {
  readonly #backend: NodeBackend;
  readonly #made = new Map<number, Handle>();

  constructor(backend: NodeBackend) {
    this.#backend = backend;
  }

  /** The attribute `T` (or one of another name) for float32. */
  float32(name = "T"): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_TYPE, value: this.#backend.binding.TF_FLOAT };
  }

  bool(name: string, value: boolean): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_BOOL, value };
  }

  int(name: string, value: number): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_INT, value };
  }

  float(name: string, value: number): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_FLOAT, value };
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
  run(operation: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): number[] {
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

/** Whether TensorFlow.js computes with TensorFlow itself now. */
export function isTensorflowBackend(): boolean {
  return lazyTensorflow().getBackend() === "tensorflow";
}

/**
 * TensorFlow.js, after a check that it computes with TensorFlow itself.
 *
 * @param caller - Name of the function for the message.
 * @param counterpart - What does the same on every backend.
 * @throws Error when another backend is active.
 */
export function requireTensorflow(caller: string, counterpart: string): typeof TensorFlow {
  const tf = lazyTensorflow();
  if (!isTensorflowBackend()) {
    throw new Error(
      `${caller}: expected the backend "tensorflow" but "${tf.getBackend()}" is active; ` +
        `call tf.setBackend("tensorflow"), or use ${counterpart}, which runs on every backend`,
    );
  }
  return tf;
}
