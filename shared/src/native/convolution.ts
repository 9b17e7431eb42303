import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { type Kwargs, type LayerInternals, layerPrototype } from "./layer-internals.js";
import { onednnLabel, works } from "./onednn.js";
import type { KernelInputs, Patches } from "./patches.js";
import type { OperationAttribute } from "./operation-attributes.js";
import type { NativeBackend } from "./tensorflow-backend.js";

/** What a `tf.layers.conv2d` holds. */
interface Conv2dLayer extends LayerInternals {
  readonly strides: [number, number];
  readonly dilationRate: [number, number];
  readonly padding: "valid" | "same" | "causal";
  readonly dataFormat: "channelsLast" | "channelsFirst";
  readonly activation: { apply(x: Tensor): Tensor };
  readonly kernel: { read(): Tensor4D };
  readonly bias: { read(): Tensor } | null;
}

/** Attributes of the kernel below. */
interface ConvolutionAttributes {
  readonly strides: [number, number];
  readonly padding: "valid" | "same";
}

const kernelName = "Conv2DWithBias";

/**
 * The layer `tf.layers.conv2d`, with the bias added inside oneDNN's convolution instead of in a second pass over the
 * result. Dilated, causal and channels-first convolutions, and those without a bias, stay as they are.
 */
export function patchConvolution(patches: Patches): void {
  const { native } = patches;
  const { tf } = native;
  if (!works(() => isExact(native))) return;
  patches.kernel(kernelName, () => ({ inputs, attrs }) => {
    const { x, filter, bias } = inputs as KernelInputs;
    return native.run("_MklNativeConv2DWithBias", attributesOf(native, attrs as unknown as ConvolutionAttributes), [
      x,
      filter,
      bias,
    ]);
  });
  const bias = [native.float32, native.string("data_format", "NHWC")];
  patches.gradient({
    kernelName,
    inputsToSave: ["x", "filter"],
    gradFunc: (dz, [x, filter], attrs) => {
      const dy = dz as Tensor;
      const { strides, padding: pad } = attrs as unknown as ConvolutionAttributes;
      const common = { strides, pad, dataFormat: "NHWC" };
      return {
        x: () => tf.engine().runKernel("Conv2DBackpropInput", { dy, filter }, { ...common, inputShape: x.shape }),
        filter: () =>
          tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, { ...common, filterShape: filter.shape }),
        bias: () => native.run("BiasAddGrad", bias, [dy]),
      };
    },
  });
  patches.method(
    layerPrototype<Conv2dLayer>(tf, "Conv2D"),
    "call",
    (stock) =>
      function (this: Conv2dLayer, inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const isCovered =
          this.bias !== null &&
          this.dataFormat === "channelsLast" &&
          this.padding !== "causal" &&
          this.dilationRate.every((rate) => rate === 1) &&
          x.rank === 4 &&
          x.dtype === "float32";
        if (!isCovered) return stock.call(this, inputs, kwargs);
        return tf.tidy(() => {
          const z: Tensor = tf
            .engine()
            .runKernel(
              kernelName,
              { x, filter: this.kernel.read(), bias: this.bias!.read() },
              { strides: this.strides, padding: this.padding },
            );
          return this.activation.apply(z);
        });
      },
  );
  patches.replacements.push({
    what: "bias of tf.layers.conv2d",
    stock: "Conv2D, Add",
    native: "oneDNN Conv2DWithBias",
  });
}

function attributesOf(native: NativeBackend, { strides, padding }: ConvolutionAttributes): OperationAttribute[] {
  return [
    native.float32,
    native.int("strides", [1, ...strides, 1]),
    native.string("padding", padding.toUpperCase()),
    native.string("data_format", "NHWC"),
    native.int("dilations", [1, 1, 1, 1]),
    onednnLabel(native),
  ];
}

function isExact(native: NativeBackend): boolean {
  const { tf } = native;
  return tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const filter = tf.tensor4d([1, 0, 0, -1], [2, 2, 1, 1]);
    const attributes = attributesOf(native, { strides: [1, 1], padding: "valid" });
    const z = native.run("_MklNativeConv2DWithBias", attributes, [x, filter, tf.tensor1d([10])]);
    return tf.util.arraysEqual(z.dataSync(), [6, 6, 6, 6]);
  });
}
