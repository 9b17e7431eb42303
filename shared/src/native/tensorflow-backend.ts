import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";

/** One attribute of a TensorFlow operation, as the binding takes it. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** What this package uses of tfjs-node's backend. */
interface NodeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeSingleOutput(name: string, attributes: OperationAttribute[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(name: string, attributes: OperationAttribute[], inputs: TensorInfo[], count: number): Tensor[];
  applyActivation(input: Tensor, activation: string): Tensor;
}

/** TensorFlow's own operations, by name, for code that tfjs has no function for. */
export class NativeBackend {
  /** `T = float32`, which nearly every operation asks for. */
  readonly float32: OperationAttribute;
  readonly #backend: NodeBackend;

  constructor(
    readonly tf: typeof TensorFlow,
    backend: NodeBackend,
  ) {
    this.#backend = backend;
    this.float32 = this.type("T", "TF_FLOAT");
  }

  /** Runs an operation that has one output. Nothing is recorded for gradients: that is the caller's part. */
  run(operation: string, attributes: OperationAttribute[], inputs: TensorInfo[]): Tensor {
    return this.#backend.executeSingleOutput(operation, attributes, inputs);
  }

  /** Runs an operation that has several outputs, or none. */
  runAll(operation: string, attributes: OperationAttribute[], inputs: TensorInfo[], outputs: number): Tensor[] {
    return this.#backend.executeMultipleOutputs(operation, attributes, inputs, outputs);
  }

  /** An attribute that names an element type, such as `TF_FLOAT`. */
  type(name: string, value: "TF_FLOAT" | "TF_INT32" | "TF_BOOL"): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_TYPE", this.#backend.binding[value]);
  }

  /** An attribute that is a whole number or a list of them. */
  int(name: string, value: number | readonly number[]): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_INT", value);
  }

  float(name: string, value: number): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_FLOAT", value);
  }

  bool(name: string, value: boolean): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_BOOL", value);
  }

  string(name: string, value: string): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_STRING", value);
  }

  shape(name: string, value: readonly number[]): OperationAttribute {
    return this.#attribute(name, "TF_ATTR_SHAPE", value);
  }

  #attribute(name: string, type: string, value: OperationAttribute["value"]): OperationAttribute {
    return { name, type: this.#backend.binding[type], value };
  }
}

const wrapped = new WeakMap<object, NativeBackend>();

/**
 * The running TensorFlow backend.
 *
 * @param caller - Name of the function that needs it, for the error.
 * @throws Error when TensorFlow.js runs on another backend.
 */
export function nativeBackend(caller: string): NativeBackend {
  const tf = lazyTensorflow();
  const name = tf.getBackend();
  if (name !== "tensorflow") {
    throw new Error(
      `${caller}: expected the backend "tensorflow" but TensorFlow.js runs on ${JSON.stringify(name)}; ` +
        `call tf.setBackend("tensorflow") before it`,
    );
  }
  const backend = tf.backend() as unknown as NodeBackend;
  let native = wrapped.get(backend);
  if (!native) wrapped.set(backend, (native = new NativeBackend(tf, backend)));
  return native;
}
