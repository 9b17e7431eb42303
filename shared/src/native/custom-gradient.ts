import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";

/** What an operation gives, and how a gradient goes back through it: one tensor for each input. */
interface Differentiable {
  readonly value: Tensor;
  readonly gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[];
}

/**
 * An operation whose gradient is written out.
 *
 * @param inputs - What it has a gradient for.
 * @param forward - Computes it from them; `gradFunc` is given what was saved, in that order.
 */
export function customGradient(
  inputs: readonly Tensor[],
  forward: (inputs: Tensor[], save: (tensors: Tensor[]) => void) => Differentiable,
): Tensor {
  const operation = lazyTensorflow().customGrad((...args) => {
    // TensorFlow.js appends the function that saves to the tensors that it is given back.
    const save = args[inputs.length] as unknown as (tensors: Tensor[]) => void;
    return forward((args as Tensor[]).slice(0, inputs.length), save);
  });
  return operation(...inputs);
}
