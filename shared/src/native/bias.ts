import type { Tensor } from "@tensorflow/tfjs-node";
import type { KernelInputs, Patches } from "./patches.js";

/**
 * The gradient of a sum where one summand is a bias, that is, a vector added to every row: BiasAddGrad instead of the
 * general Sum, and no Reshape where the shapes already agree.
 */
export function patchBiasGradient(patches: Patches): void {
  const { tf } = patches.native;
  const attributes = [patches.native.float32, patches.native.string("data_format", "NHWC")];
  patches.kernel(
    "BiasAddGrad",
    () =>
      ({ inputs }) =>
        patches.native.run("BiasAddGrad", attributes, [(inputs as KernelInputs).dy]),
  );
  patches.gradient({
    kernelName: "BiasAddGrad",
    inputsToSave: ["dy"],
    gradFunc: (ddy, [dy]) => ({ dy: () => tf.broadcastTo(ddy as Tensor, dy.shape) }),
  });
  const summand = (dy: Tensor, shape: number[], general: () => Tensor): Tensor => {
    // A clone, since the caller may dispose of what it gets: the data are shared.
    if (tf.util.arraysEqual(dy.shape, shape)) return dy.clone();
    const channels = dy.shape[dy.rank - 1];
    const isBias =
      dy.rank > 1 && shape.length > 0 && shape.at(-1) === channels && tf.util.sizeFromShape(shape) === channels;
    if (!isBias || dy.dtype !== "float32") return general();
    const sum: Tensor = tf.engine().runKernel("BiasAddGrad", { dy });
    return shape.length === 1 ? sum : sum.reshape(shape);
  };
  const stock = tf.getGradient("Add");
  patches.gradient({
    kernelName: "Add",
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved, attrs) => {
      const general = stock.gradFunc(dy, saved, attrs);
      const [a, b] = saved;
      return {
        a: () => summand(dy as Tensor, a.shape, general.a),
        b: () => summand(dy as Tensor, b.shape, general.b),
      };
    },
  });
  patches.replacements.push({ what: "gradient of a bias", stock: "Sum, Reshape", native: "BiasAddGrad" });
}
