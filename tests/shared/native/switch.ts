import tf from "@tensorflow/tfjs-node";
import { useNativeKernels } from "@nn30/shared";

/** What a computation gives with stock TensorFlow.js and with the native kernels, on the same inputs. */
export function bothWays(run: () => tf.Tensor[]): { stock: number[][]; native: number[][] } {
  const values = () =>
    tf.tidy(() => {
      const tensors = run();
      return tensors.map((tensor) => [...tensor.dataSync()]);
    });
  const stock = values();
  const kernels = useNativeKernels();
  try {
    return { stock, native: values() };
  } finally {
    kernels.restore();
  }
}

/** The largest difference, relative to the largest value (at least 1). */
export function largestDifference(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) throw new Error(`lengths ${actual.length} and ${expected.length} differ`);
  const scale = Math.max(1, ...expected.map(Math.abs));
  return Math.max(0, ...actual.map((value, i) => Math.abs(value - expected[i]) / scale));
}

/** Tensors that are left over by a step, once earlier ones have made what stays. */
export function leakOf(step: () => void): number {
  step();
  step();
  const before = tf.memory().numTensors;
  step();
  step();
  return tf.memory().numTensors - before;
}
