import { median } from "../metrics/summarize.js";
import { type Examples, targetRows } from "./examples.js";
import type { Gradients, Network } from "./network.js";

/**
 * The state of health of every layer, measured on a few examples without changing the network. Layers are counted from
 * 1, the first hidden layer; every name below ends in the layer's number.
 *
 * - `gradientNorm`: ‖∂C/∂w‖, the Euclidean norm of the gradient of the mean cost over all the examples;
 * - `weightNorm`: ‖w‖;
 * - `updateRatio`: η ‖∂C/∂w‖ / ‖w‖ for mini-batches of `batchSize`, median over them: the share of themselves by which a
 *   step changes the weights;
 * - `saturation`: the fraction of activations on which the slope of the activation function is below a tenth of its
 *   largest (for ReLU: where the neuron is off).
 *
 * Weight decay and momentum are not counted in.
 *
 * Source for what is worth watching: A. Karpathy, "Neural Networks: Zero to Hero", makemore part 3, on activations and gradients.
 *
 * @param examples - A few hundred suffice: `validation.take(200)`.
 * @returns `{ gradientNorm1, weightNorm1, updateRatio1, saturation1, gradientNorm2, … }`, for the history of a training.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { layerDiagnostics, Network, Random } from "@nn30/shared";
 *
 * const xor = { inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0] };
 * const network = new Network([2, 3, 1], { random: new Random(1) });
 * const { weightNorm1, updateRatio2 } = layerDiagnostics(network, xor, { batchSize: 2, learningRate: 3 });
 * assert.equal(weightNorm1, Math.hypot(...network.weights[0]));
 * assert.ok(updateRatio2 > 0);
 * ```
 */
export function layerDiagnostics(
  network: Network,
  examples: Examples,
  options: { readonly batchSize: number; readonly learningRate: number },
): Record<string, number> {
  const { inputSize, outputSize, layers } = network;
  const { batchSize, learningRate } = options;
  const count = Math.floor(examples.inputs.length / inputSize);
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > count) {
    throw new RangeError(
      `layerDiagnostics: expected batchSize in 1 … ${count}, the number of examples, but got ${batchSize}`,
    );
  }
  const targets = targetRows(examples, count, outputSize);
  const weightNorms = network.weights.map(norm);
  const whole = layers.map(({ kernel }) => new Float64Array(kernel.length));
  const ratios: number[][] = layers.map(() => []);
  const saturated = layers.map(() => 0);

  for (let first = 0; first + batchSize <= count; first += batchSize) {
    const batch = layers.map(({ kernel }) => new Float64Array(kernel.length));
    for (let i = first; i < first + batchSize; i++) {
      const x = scaledRow(examples, i, inputSize);
      add(batch, network.gradients(x, targets.subarray(i * outputSize, (i + 1) * outputSize)));
      network.activations(x).forEach((a, l) => (saturated[l] += share(a, isSaturated(network, l))));
    }
    batch.forEach((sum, l) => ratios[l].push((learningRate * norm(sum)) / batchSize / weightNorms[l]));
    batch.forEach((sum, l) => sum.forEach((g, i) => (whole[l][i] += g)));
  }
  const used = count - (count % batchSize);
  return Object.fromEntries(
    layers.flatMap((_, l) => [
      [`gradientNorm${l + 1}`, norm(whole[l]) / used],
      [`weightNorm${l + 1}`, weightNorms[l]],
      [`updateRatio${l + 1}`, median(ratios[l])],
      [`saturation${l + 1}`, saturated[l] / used],
    ]),
  );
}

/** Whether an activation of layer l lies where the slope is below a tenth of its largest. */
function isSaturated(network: Network, l: number): (a: number) => boolean {
  const output = l === network.layers.length - 1;
  const { name, slope } = network.hiddenActivation;
  if (output || name === "sigmoid") return (a) => a * (1 - a) < 0.025;
  return (a) => slope(a) < 0.1;
}

function scaledRow({ inputs, scale = 1 }: Examples, row: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, k) => inputs[row * width + k] * scale);
}

function add(sums: Float64Array[], gradients: Gradients): void {
  gradients.weights.forEach((gradient, l) => gradient.forEach((g, i) => (sums[l][i] += g)));
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function share(values: Float64Array, matches: (value: number) => boolean): number {
  return values.reduce((sum, value) => sum + Number(matches(value)), 0) / values.length;
}
