import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { type OperationAttribute, OperationAttributes } from "./operation-attributes.js";

/** What this package uses of tfjs-node's backend. */
interface NodeBackend {
  readonly binding: object;
  executeSingleOutput(name: string, attributes: OperationAttribute[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(name: string, attributes: OperationAttribute[], inputs: TensorInfo[], count: number): Tensor[];
  applyActivation(input: Tensor, activation: string): Tensor;
}

/** TensorFlow's own operations, by name, for code that tfjs has no function for. */
export class NativeBackend extends OperationAttributes {
  readonly #backend: NodeBackend;

  constructor(
    readonly tf: typeof TensorFlow,
    backend: NodeBackend,
  ) {
    super(backend.binding);
    this.#backend = backend;
  }

  /** Runs an operation that has one output. Nothing is recorded for gradients: that is the caller's part. */
  run(operation: string, attributes: OperationAttribute[], inputs: TensorInfo[]): Tensor {
    return this.#backend.executeSingleOutput(operation, attributes, inputs);
  }

  /** Runs an operation that has several outputs, or none. */
  runAll(operation: string, attributes: OperationAttribute[], inputs: TensorInfo[], outputs: number): Tensor[] {
    return this.#backend.executeMultipleOutputs(operation, attributes, inputs, outputs);
  }
}

const wrapped = new WeakMap<object, NativeBackend>();

/** Whether TensorFlow.js computes with TensorFlow itself now. */
export function isTensorflowBackend(): boolean {
  return lazyTensorflow().getBackend() === "tensorflow";
}

/**
 * TensorFlow.js, after a check that it computes with TensorFlow itself.
 *
 * @param caller - Name of the function that needs it, for the error.
 * @param counterpart - What does the same on every backend, if anything does.
 * @throws Error when another backend is active.
 */
export function requireTensorflow(caller: string, counterpart?: string): typeof TensorFlow {
  const tf = lazyTensorflow();
  if (!isTensorflowBackend()) {
    throw new Error(
      `${caller}: expected the backend "tensorflow" but TensorFlow.js runs on ${JSON.stringify(tf.getBackend())}; ` +
        `call tf.setBackend("tensorflow") before it` +
        (counterpart === undefined ? "" : `, or use ${counterpart}, which runs on every backend`),
    );
  }
  return tf;
}

/**
 * The running TensorFlow backend.
 *
 * @param caller - Name of the function that needs it, for the error.
 * @throws Error when TensorFlow.js runs on another backend.
 */
export function nativeBackend(caller: string): NativeBackend {
  const tf = requireTensorflow(caller);
  const backend = tf.backend() as unknown as NodeBackend;
  let native = wrapped.get(backend);
  if (!native) wrapped.set(backend, (native = new NativeBackend(tf, backend)));
  return native;
}
