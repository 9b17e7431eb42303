import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { LayersModel, Tensor } from "@tensorflow/tfjs-node";

/** Examples to train on: inputs and targets, one row each. */
export interface ModelExamples {
  /** A tensor `[count, …]`, or its values as float32 in that order; the model's input shape says which. */
  readonly x: Tensor | Float32Array;
  /**
   * Targets: a tensor, or float32 values in the shape of the model's output. For cross-entropy also class numbers
   * `[count]`, as a tensor or an array of whole numbers, whichever of the two losses the model was compiled with.
   */
  readonly y: Tensor | Float32Array | Int32Array | Uint8Array;
}

/** Examples as tensors. */
export interface ExampleTensors {
  readonly count: number;
  readonly x: Tensor;
  readonly y: Tensor;
  /** Frees what was made here, not what the caller gave. */
  dispose(): void;
}

/** Brings examples into the form that the loop works on, checking that they fit the model. */
export function exampleTensors(
  tf: typeof TensorFlow,
  model: LayersModel,
  isCrossEntropy: boolean,
  { x, y }: ModelExamples,
  name: string,
): ExampleTensors {
  const inputShape = model.inputs[0].shape.slice(1);
  const outputShape = model.outputs[0].shape.slice(1) as number[];
  const made: Tensor[] = [];
  const own = (tensor: Tensor): Tensor => {
    made.push(tensor);
    return tensor;
  };
  try {
    const inputs = x instanceof Float32Array ? own(fromValues(tf, x, inputShape, `${name}.x`)) : x;
    const matches =
      inputs.rank === inputShape.length + 1 && inputShape.every((n, i) => n === null || n === inputs.shape[i + 1]);
    if (!matches) {
      throw new RangeError(
        `fit: expected ${name}.x of shape [count, ${inputShape.map((n) => n ?? "any").join(", ")}] but got [${inputs.shape.join(", ")}]`,
      );
    }
    const count = inputs.shape[0];
    if (count === 0) throw new RangeError(`fit: expected ${name} to have at least one example but it has none`);
    const targets = tf.tidy(() => {
      const given = y instanceof tf.Tensor ? y : fromTargets(tf, y, isCrossEntropy, outputShape, count, name);
      return tf.keep(targetTensor(given, isCrossEntropy, outputShape, name));
    });
    own(targets);
    if (targets.shape[0] !== count) {
      throw new RangeError(
        `fit: expected ${name}.y to have ${count} rows, as ${name}.x has, but got ${targets.shape[0]}`,
      );
    }
    if (isCrossEntropy && targets.rank === outputShape.length) requireClasses(tf, targets, outputShape.at(-1)!, name);
    return { count, x: inputs, y: targets, dispose: () => tf.dispose(made) };
  } catch (failure) {
    tf.dispose(made);
    throw failure;
  }
}

function fromValues(tf: typeof TensorFlow, values: Float32Array, shape: (number | null)[], name: string): Tensor {
  if (shape.some((n) => n === null)) {
    throw new TypeError(`fit: the model's input shape [${shape.join(", ")}] is open; pass ${name} as a tensor`);
  }
  const size = shape.reduce<number>((product, n) => product * n!, 1);
  if (values.length % size !== 0) {
    throw new RangeError(`fit: expected the length of ${name} to be a multiple of ${size} but got ${values.length}`);
  }
  return tf.tensor(values, [values.length / size, ...(shape as number[])]);
}

function fromTargets(
  tf: typeof TensorFlow,
  values: Float32Array | Int32Array | Uint8Array,
  isCrossEntropy: boolean,
  outputShape: number[],
  count: number,
  name: string,
): Tensor {
  if (isCrossEntropy && !(values instanceof Float32Array)) {
    const positions = outputShape.slice(0, -1);
    const size = positions.reduce((product, n) => product * n, 1);
    if (values.length !== count * size) {
      throw new RangeError(
        `fit: expected ${name}.y to have ${count * size} class numbers, for ${count} rows of ${name}.x, but got ${values.length}`,
      );
    }
    return tf.tensor(Int32Array.from(values), [count, ...positions], "int32");
  }
  return fromValues(tf, Float32Array.from(values), outputShape, `${name}.y`);
}

/** Targets as the objective takes them: int32 class numbers without a last axis of 1, or values in the output's shape. */
function targetTensor(y: Tensor, isCrossEntropy: boolean, outputShape: number[], name: string): Tensor {
  const rank = outputShape.length + 1;
  const agrees = (shape: number[], from: number[]) => shape.every((n, i) => from[i] === null || n === from[i]);
  if (y.rank === rank && agrees(y.shape.slice(1), outputShape)) return y.clone();
  if (isCrossEntropy) {
    const positions = outputShape.slice(0, -1);
    const squeezed = y.rank === rank && y.shape.at(-1) === 1 ? y.squeeze([rank - 1]) : y;
    if (squeezed.rank === rank - 1 && agrees(squeezed.shape.slice(1), positions)) return squeezed.toInt();
  } else if (y.rank === 1 && rank === 2 && outputShape[0] === 1) {
    return y.expandDims(1);
  }
  const classes = isCrossEntropy ? " or class numbers [count]" : "";
  throw new RangeError(
    `fit: expected ${name}.y of shape [count, ${outputShape.join(", ")}]${classes} but got [${y.shape.join(", ")}]`,
  );
}

/** TensorFlow would notice a wrong class number too, but in the middle of a step. */
function requireClasses(tf: typeof TensorFlow, y: Tensor, classes: number, name: string): void {
  const [low, high] = tf.tidy(() => [y.min().dataSync()[0], y.max().dataSync()[0]]);
  if (low < 0 || high >= classes) {
    throw new RangeError(
      `fit: expected the class numbers in ${name}.y to be whole numbers in 0 … ${classes - 1} but they reach from ${low} to ${high}`,
    );
  }
}
