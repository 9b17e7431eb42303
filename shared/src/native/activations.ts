import type { GradConfig, Tensor } from "@tensorflow/tfjs-node";
import type { KernelInputs, Patches } from "./patches.js";

/** An activation whose gradient TensorFlow computes from its output in one pass. */
interface Activation {
  readonly kernel: "Relu" | "Relu6" | "Tanh" | "Sigmoid";
  readonly stock: string;
  /** TensorFlow's order of the gradient kernel's inputs. */
  readonly inputs: readonly ("dy" | "y")[];
  /** How the gradient changes with y, times ddy; undefined where it does not (the slope is constant but for a kink). */
  readonly curvature?: (y: Tensor, dy: Tensor, ddy: Tensor) => Tensor;
}

const activations: readonly Activation[] = [
  { kernel: "Relu", stock: "IsNan, Greater, Fill, Select, Cast, Mul", inputs: ["dy", "y"] },
  { kernel: "Relu6", stock: "LessEqual, IsNan, Greater, Fill, Select, Mul, Cast, Mul", inputs: ["dy", "y"] },
  {
    kernel: "Tanh",
    stock: "Square, Sub, Mul",
    inputs: ["y", "dy"],
    curvature: (y, dy, ddy) => y.mul(dy).mul(ddy).mul(-2),
  },
  {
    kernel: "Sigmoid",
    stock: "Sub, Mul, Mul",
    inputs: ["y", "dy"],
    curvature: (y, dy, ddy) => y.mul(-2).add(1).mul(dy).mul(ddy),
  },
];

/**
 * Gradients of ReLU, ReLU6, tanh and the logistic function through TensorFlow's own gradient kernels. They have
 * gradients themselves, so that second derivatives stay possible.
 *
 * Equal to TensorFlow.js but for two points, where they are as in Python: at exactly 6 the slope of ReLU6 is 0, and a
 * NaN that enters ReLU or ReLU6 gets no gradient.
 */
export function patchActivations(patches: Patches): void {
  const { tf } = patches.native;
  for (const { kernel, stock, inputs, curvature } of activations) {
    const gradient = `${kernel}Grad`;
    const runGradient = (dy: Tensor, y: Tensor): Tensor => tf.engine().runKernel(gradient, { dy, y });
    patches.kernel(gradient, () => ({ inputs: given }) => {
      const { float32 } = patches.native;
      return patches.native.run(
        gradient,
        [float32],
        inputs.map((name) => (given as KernelInputs)[name]),
      );
    });
    patches.gradient({
      kernelName: gradient,
      inputsToSave: ["dy", "y"],
      gradFunc: (ddy, [dy, y]) => ({
        dy: () => runGradient(ddy as Tensor, y),
        y: () => (curvature ? curvature(y, dy, ddy as Tensor) : tf.zerosLike(y)),
      }),
    });
    const config: GradConfig = {
      kernelName: kernel,
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => runGradient(dy as Tensor, y.dtype === "float32" ? y : y.toFloat()) }),
    };
    patches.gradient(config);
    patches.replacements.push({ what: `gradient of ${kernel}`, stock, native: gradient });
  }
}
