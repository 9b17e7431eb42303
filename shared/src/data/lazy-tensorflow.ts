import type * as TensorFlow from "@tensorflow/tfjs-node";

/**
 * TensorFlow.js, loaded at the first call, so that a notebook that never makes a tensor does not wait for it.
 */
export function lazyTensorflow(): typeof TensorFlow {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import statement would load it at once
  return require("@tensorflow/tfjs-node") as typeof TensorFlow;
}
