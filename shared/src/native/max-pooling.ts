import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-node";
import { onednnLabel, works } from "./onednn.js";
import type { KernelInputs, Patches } from "./patches.js";
import type { OperationAttribute } from "./operation-attributes.js";
import type { NativeBackend } from "./tensorflow-backend.js";

/** The attributes of tfjs's kernels MaxPool and MaxPoolGrad. */
interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: "valid" | "same" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * Max pooling and its gradient through oneDNN. The general MaxPoolGrad searches each window again, one value at a time,
 * and is the dearest operation of a small convolutional network's training step; oneDNN's forward pass notes where each
 * maximum stood, so that its gradient only has to look there. Of equal values the first in the window gets the gradient,
 * as in TensorFlow.
 *
 * The notes live as long as the data of the pooled tensor: tfjs has no place for a kernel's second output where the
 * operation has one. Without them (a tensor that was pooled before the switch) the forward pass runs again.
 */
export function patchMaxPooling(patches: Patches): void {
  const { native } = patches;
  const { tf } = native;
  if (!works(() => isExact(native))) return;
  const notesOf = new WeakMap<object, Tensor>();
  patches.method(
    tf.backend(),
    "disposeData",
    (stock) =>
      function (this: TensorFlow.KernelBackend, dataId: object, force?: boolean): boolean {
        const isGone = stock.call(this, dataId, force);
        if (isGone) notesOf.get(dataId)?.dispose();
        return isGone;
      },
  );
  patches.kernel("MaxPool", (stock) => (call) => {
    const { x } = call.inputs as KernelInputs;
    const isRecorded = tf.engine().state.gradientDepth > 0;
    const attributes = oneDnnAttributes(native, x, call.attrs as unknown as PoolAttributes, isRecorded);
    if (!attributes) return stock!(call);
    const [y, notes] = native.runAll("_MklNativeMaxPool", attributes, [x], 2);
    if (isRecorded) notesOf.set(y.dataId, tf.keep(notes));
    else notes.dispose();
    return y;
  });
  patches.kernel("MaxPoolGrad", (stock) => (call) => {
    const { dy, input, output } = call.inputs as KernelInputs;
    const attributes = oneDnnAttributes(native, input, call.attrs as unknown as PoolAttributes, true);
    if (!attributes) return stock!(call);
    return gradient(native, attributes, input, dy, output, notesOf.get(output.dataId));
  });
  patches.replacements.push(
    { what: "max pooling", stock: "MaxPool", native: "oneDNN MaxPool" },
    { what: "gradient of max pooling", stock: "MaxPoolGrad", native: "oneDNN MaxPoolGrad" },
  );
}

function gradient(
  native: NativeBackend,
  attributes: OperationAttribute[],
  x: TensorInfo,
  dy: TensorInfo,
  output?: TensorInfo,
  notes?: Tensor,
): Tensor {
  if (output && notes && !notes.isDisposed) {
    return native.run("_MklNativeMaxPoolGrad", attributes, [x, output, dy, notes]);
  }
  const again = native.runAll("_MklNativeMaxPool", attributes, [x], 2);
  const dx = native.run("_MklNativeMaxPoolGrad", attributes, [x, again[0], dy, again[1]]);
  native.tf.dispose(again);
  return dx;
}

/** The operation's attributes, or undefined for what only the general kernels do. */
function oneDnnAttributes(
  native: NativeBackend,
  x: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
  notes: boolean,
): OperationAttribute[] | undefined {
  const shape = x.shape as [number, number, number, number];
  const info = native.tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const padding = info.padInfo.type;
  if (x.dtype !== "float32" || (padding !== "VALID" && padding !== "SAME")) return undefined;
  return [
    native.float32,
    native.int("ksize", [1, info.filterHeight, info.filterWidth, 1]),
    native.int("strides", [1, info.strideHeight, info.strideWidth, 1]),
    native.string("padding", padding),
    native.string("data_format", "NHWC"),
    native.bool("workspace_enabled", notes),
    onednnLabel(native),
  ];
}

/** Tries windows that overlap, end early, and hold equal values. */
function isExact(native: NativeBackend): boolean {
  const { tf } = native;
  return tf.tidy(() => {
    const x = tf.tensor4d([1, 1, 3, 0, 0, 2, 2, 2, 2, 5, 5, 1], [1, 3, 4, 1]);
    const attributes = oneDnnAttributes(native, x, { filterSize: 2, strides: 1, pad: "valid" }, true)!;
    const [y] = native.runAll("_MklNativeMaxPool", attributes, [x], 2);
    const dx = gradient(native, attributes, x, tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]));
    const expected = [0, 0, 5, 0, 0, 1, 0, 0, 0, 9, 6, 0];
    return tf.util.arraysEqual(y.dataSync(), [2, 3, 3, 5, 5, 5]) && tf.util.arraysEqual(dx.dataSync(), expected);
  });
}
