import type { Tensor } from "@tensorflow/tfjs-node";
import type { OperationAttribute } from "../operation-attributes.js";
import type { NativeBackend } from "../tensorflow-backend.js";

/**
 * The name that makes TensorFlow give every handle a variable of its own, which goes when its handle does.
 *
 * Source: `ResourceHandle::ANONYMOUS_NAME` in tensorflow/core/framework/resource_handle.h.
 */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** A float32 variable that lives in TensorFlow, so that an operation can change it in place. */
export class ResourceVariable {
  /** What operations take for the variable. */
  readonly handle: Tensor;
  readonly #native: NativeBackend;
  readonly #dtype: OperationAttribute;

  /** @param value - Its first value. Shared, not copied, until the variable changes. */
  constructor(native: NativeBackend, value: Tensor) {
    this.#native = native;
    this.#dtype = native.type("dtype", "TF_FLOAT");
    const attributes = [
      this.#dtype,
      native.shape("shape", value.shape),
      native.string("container", ""),
      native.string("shared_name", anonymous),
    ];
    // Kept: the variable outlives the tidy in which the optimizer's first step makes it.
    this.handle = native.tf.keep(native.run("VarHandleOp", attributes, []));
    this.assign(value);
  }

  /** Gives it another value of the same shape. */
  assign(value: Tensor): void {
    this.#native.runAll("AssignVariableOp", [this.#dtype], [this.handle, value], 0);
  }

  /** The value now. The caller disposes of the tensor. */
  read(): Tensor {
    return this.#native.run("ReadVariableOp", [this.#dtype], [this.handle]);
  }

  dispose(): void {
    this.handle.dispose();
  }
}
