import { nativeGru, nativeLstm } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";

/** A recurrent layer with the methods that the declarations of TensorFlow.js leave out of `Layer`. */
export type RecurrentLayer = tf.layers.Layer & {
  call(inputs: tf.Tensor, options: object): tf.Tensor | tf.Tensor[];
  resetStates(): void;
};

type Options = Parameters<typeof nativeLstm>[0];

/** A native layer and its counterpart. */
export interface Kind {
  readonly name: string;
  readonly native: (options: Options) => RecurrentLayer;
  readonly stock: (options: Options) => RecurrentLayer;
  readonly states: number;
}

const sigmoid = { recurrentActivation: "sigmoid" } as const;

export const kinds: Kind[] = [
  {
    name: "nativeLstm",
    native: (options) => nativeLstm(options),
    stock: (options) => tf.layers.lstm({ ...options, ...sigmoid }),
    states: 2,
  },
  {
    name: "nativeGru",
    native: (options) => nativeGru(options),
    stock: (options) => tf.layers.gru({ ...options, ...sigmoid }),
    states: 1,
  },
];

/** Tensors that TensorFlow.js counts, and all that TensorFlow itself holds for it. */
export function tensorCounts(): [number, number] {
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  return [tf.memory().numTensors, binding.getNumOfTensors()];
}

/** A layer's outputs as a list. */
export function outputs(layer: RecurrentLayer, x: tf.Tensor, options: object = {}): tf.Tensor[] {
  const result = layer.call(x, options);
  return Array.isArray(result) ? result : [result];
}

/** Largest absolute difference of two lists of tensors, which it disposes. */
export function difference(a: tf.Tensor[], b: tf.Tensor[]): number {
  if (a.length !== b.length) throw new Error(`expected as many tensors: ${a.length} and ${b.length}`);
  const largest = tf.tidy(() =>
    a.map((one, index) => {
      if (one.shape.join() !== b[index].shape.join()) {
        throw new Error(`output ${index}: shapes [${one.shape.join()}] and [${b[index].shape.join()}]`);
      }
      return one.sub(b[index]).abs().max().dataSync()[0];
    }),
  );
  tf.dispose([a, b]);
  return largest.every((value) => value >= 0) ? Math.max(...largest) : NaN;
}

/** Gives both layers the same weights, drawn anew, biases included. */
export function sameWeights(a: tf.layers.Layer, b: tf.layers.Layer, seed: number): void {
  tf.tidy(() => {
    const weights = a.getWeights().map((one, index) => tf.randomNormal(one.shape, 0, 0.7, "float32", seed + index));
    a.setWeights(weights);
    b.setWeights(weights);
  });
}

/** The gradients of a random weighting of all outputs, with respect to input, initial states and weights. */
export function gradients(
  layer: RecurrentLayer,
  x: tf.Tensor,
  initialState: tf.Tensor[],
  options: object,
  seed: number,
): tf.Tensor[] {
  const loss = (x: tf.Tensor, initialState: tf.Tensor[]): tf.Scalar =>
    tf.addN(
      outputs(layer, x, { ...options, ...(initialState.length > 0 ? { initialState } : {}) }).map((one, index) =>
        one.mul(tf.randomNormal(one.shape, 0, 1, "float32", seed + index)).sum(),
      ),
    );
  const ofInputs = tf.grads((x: tf.Tensor, ...states: tf.Tensor[]) => loss(x, states))([x, ...initialState]);
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(() => loss(x, initialState), variables);
  value.dispose();
  return [...ofInputs, ...variables.map((variable) => grads[variable.name])];
}
