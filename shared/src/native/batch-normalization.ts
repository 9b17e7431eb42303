import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import { type Kwargs, type LayerInternals, layerPrototype } from "./layer-internals.js";
import type { KernelInputs, Patches } from "./patches.js";
import type { NativeBackend } from "./tensorflow-backend.js";

/** A weight of a layer. */
interface Weight {
  read(): Tensor1D;
  write(value: Tensor): void;
}

/** What a `tf.layers.batchNormalization` holds. */
interface BatchNormalizationLayer extends LayerInternals {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: Weight | null;
  readonly beta: Weight | null;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

const kernelName = "FusedBatchNormTraining";

/**
 * The training pass of `tf.layers.batchNormalization` over the last axis, for inputs of rank 2 and 4: mean, variance,
 * normalisation and their gradients as one operation each.
 */
export function patchBatchNormalization(patches: Patches): void {
  const { native } = patches;
  const { tf } = native;
  patches.kernel(kernelName, () => ({ inputs, attrs }) => {
    const { x, gamma, beta } = inputs as KernelInputs;
    const { epsilon } = attrs as unknown as { epsilon: number };
    // The two empty vectors stand for mean and variance, which only inference takes from outside.
    const none = tf.tensor1d([]);
    const outputs = native.runAll("FusedBatchNormV3", attributes(native, epsilon), [x, gamma, beta, none, none], 6);
    none.dispose();
    return outputs;
  });
  patches.gradient({
    kernelName,
    inputsToSave: ["x", "gamma"],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, [x, gamma, ...reserved], attrs) => {
      const { epsilon } = attrs as unknown as { epsilon: number };
      const inputs = [(dy as Tensor[])[0], x, gamma, ...reserved];
      const gradients = native.runAll("FusedBatchNormGradV3", attributes(native, epsilon), inputs, 5);
      return { x: () => gradients[0], gamma: () => gradients[1], beta: () => gradients[2] };
    },
  });
  patches.method(
    layerPrototype<BatchNormalizationLayer>(tf, "BatchNormalization"),
    "call",
    (stock) =>
      function (this: BatchNormalizationLayer, inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const isCovered =
          kwargs.training === true &&
          this.gamma !== null &&
          this.beta !== null &&
          (x.rank === 2 || x.rank === 4) &&
          (this.axis === -1 || this.axis === x.rank - 1) &&
          x.dtype === "float32";
        if (!isCovered) return stock.call(this, inputs, kwargs);
        return tf.tidy(() => {
          const images = x.rank === 4 ? x : x.reshape([x.shape[0], 1, 1, x.shape[1]!]);
          const [y, mean, variance] = tf
            .engine()
            .runKernel<Tensor[]>(
              kernelName,
              { x: images, gamma: this.gamma!.read(), beta: this.beta!.read() },
              { epsilon: this.epsilon },
            );
          // TensorFlow divides the variance that it reports by n − 1, the layer's running average is of that by n.
          const n = x.size / x.shape[x.rank - 1];
          update(native, this.movingMean, mean, this.momentum);
          update(native, this.movingVariance, variance.mul(Math.max(n - 1, 1) / n), this.momentum);
          return x.rank === 4 ? y : y.reshape(x.shape);
        });
      },
  );
  patches.replacements.push({
    what: "tf.layers.batchNormalization in training",
    stock: "moments and about 40 operations",
    native: "FusedBatchNormV3, FusedBatchNormGradV3",
  });
}

function attributes(native: NativeBackend, epsilon: number) {
  return [
    native.float32,
    native.type("U", "TF_FLOAT"),
    native.float("epsilon", epsilon),
    native.string("data_format", "NHWC"),
    native.bool("is_training", true),
  ];
}

function update(native: NativeBackend, average: Weight, value: Tensor, momentum: number): void {
  native.tf.tidy(() => {
    const old = average.read();
    average.write(old.sub(old.sub(value).mul(1 - momentum)));
  });
}
