import type { GradConfig, KernelConfig, KernelFunc, TensorInfo } from "@tensorflow/tfjs-node";
import type { NativeBackend } from "./tensorflow-backend.js";

/** Inputs of a kernel that has no optional ones. */
export type KernelInputs = Record<string, TensorInfo>;

/** A change of the running TensorFlow.js, for the table that says what was switched on. */
export interface Replacement {
  /** What is computed, such as "gradient of ReLU". */
  readonly what: string;
  /** What TensorFlow.js runs for it. */
  readonly stock: string;
  /** What runs now. */
  readonly native: string;
}

/** Changes of kernels, gradients and layers of the running TensorFlow.js that can all be taken back. */
export class Patches {
  readonly replacements: Replacement[] = [];
  readonly #undo: (() => void)[] = [];

  constructor(readonly native: NativeBackend) {}

  /** Sets the gradient of a kernel; the one that it replaces is returned. */
  gradient(config: GradConfig): GradConfig | undefined {
    const { tf } = this.native;
    const stock = tf.getGradient(config.kernelName) as GradConfig | undefined;
    if (stock) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
    this.#undo.push(() => {
      tf.unregisterGradient(config.kernelName);
      if (stock) tf.registerGradient(stock);
    });
    return stock;
  }

  /** Sets the code of a kernel of the TensorFlow backend, given the code that it replaces. */
  kernel(kernelName: string, make: (stock: KernelFunc | undefined) => KernelFunc): void {
    const { tf } = this.native;
    const backendName = "tensorflow";
    const stock = tf.getKernel(kernelName, backendName) as KernelConfig | undefined;
    if (stock) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: make(stock?.kernelFunc) });
    this.#undo.push(() => {
      tf.unregisterKernel(kernelName, backendName);
      if (stock) tf.registerKernel(stock);
    });
  }

  /** Sets a method of all objects of one class, given the method that it replaces. */
  method<C extends object, N extends keyof C>(prototype: C, name: N, make: (stock: C[N]) => C[N]): void {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    const value = make(prototype[name]);
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true, enumerable: false });
    this.#undo.push(() => {
      if (own) Object.defineProperty(prototype, name, own);
      else Reflect.deleteProperty(prototype, name);
    });
  }

  /** Takes everything back, the last change first. */
  restore(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }
}
