import type { Tensor } from "@tensorflow/tfjs-node";
import type { KernelInputs } from "../patches.js";
import type { NativeBackend } from "../tensorflow-backend.js";

const kernels = ["SparseSoftmaxCrossEntropyWithLogits", "SoftmaxCrossEntropyWithLogits"] as const;
const registered = new WeakSet<NativeBackend>();

/**
 * Cross-entropy between targets and the softmax of logits, one number for each example, as one operation that yields
 * the gradient as well. Neither the softmax nor its logarithm is rounded in between, so nothing has to be clipped.
 *
 * @param logits - `[count, classes]`.
 * @param targets - `[count]`, int32 class numbers; or `[count, classes]`, float32 distributions.
 * @returns `[count]`, in nats.
 */
export function softmaxCrossEntropy(native: NativeBackend, logits: Tensor, targets: Tensor): Tensor {
  register(native);
  const kernel = targets.rank === 1 ? kernels[0] : kernels[1];
  return native.tf.engine().runKernel<Tensor[]>(kernel, { logits, targets })[0];
}

function register(native: NativeBackend): void {
  if (registered.has(native)) return;
  const { tf } = native;
  for (const kernelName of kernels) {
    const labels = kernelName === kernels[0] ? [native.type("Tlabels", "TF_INT32")] : [];
    tf.registerKernel({
      kernelName,
      backendName: "tensorflow",
      kernelFunc: ({ inputs }) => {
        const { logits, targets } = inputs as KernelInputs;
        return native.runAll(kernelName, [native.float32, ...labels], [logits, targets], 2);
      },
    });
    tf.registerGradient({
      kernelName,
      outputsToSave: [false, true],
      gradFunc: (dy, [slope]) => ({
        logits: () => slope.mul((dy as Tensor[])[0].expandDims(1)),
        targets: () => {
          throw new Error("softmaxCrossEntropy: the gradient with respect to the targets is not defined");
        },
      }),
    });
  }
  registered.add(native);
}
