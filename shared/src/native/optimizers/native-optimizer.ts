import type { Optimizer, Tensor } from "@tensorflow/tfjs-node";
import { nativeBackend, type NativeBackend } from "../tensorflow-backend.js";

/** An optimizer of TensorFlow.js whose learning rate may be changed while it trains. */
export interface NativeOptimizer extends Optimizer {
  /** Read at every step, so that a schedule may set it. */
  learningRate: number;
}

/** The running backend, after a check of the numbers that every optimizer has. */
export function optimizerBackend(caller: string, learningRate: number): NativeBackend {
  if (!(learningRate >= 0 && learningRate < Infinity)) {
    throw new RangeError(`${caller}: expected the learning rate to be a number from 0 but got ${learningRate}`);
  }
  return nativeBackend(caller);
}

/** Checks that a fraction, such as a rate of decay, lies in [0, 1). */
export function requireFraction(caller: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new RangeError(`${caller}: expected ${name} to be in [0, 1) but got ${value}`);
}

/** The scalars of an operation, made for one step. The caller's tidy disposes of them. */
export function scalars(native: NativeBackend, values: readonly number[]): Tensor[] {
  return values.map((value) => native.tf.scalar(value));
}

/** Makes one class for each backend, since tfjs's classes exist only once TensorFlow.js is loaded. */
export function classOf<C>(define: (native: NativeBackend) => C): (native: NativeBackend) => C {
  const classes = new WeakMap<NativeBackend, C>();
  return (native) => {
    let made = classes.get(native);
    if (made === undefined) classes.set(native, (made = define(native)));
    return made;
  };
}
