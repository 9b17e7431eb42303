import type { Tensor } from "@tensorflow/tfjs-node";
import { requireCount } from "../arguments/count.js";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";
import { type Explanation, explanation } from "./explanation.js";

/** A differentiable model with one output: from inputs `[batch, …]` to one number each, `[batch]` or `[batch, 1]`. */
export type DifferentiableModel = (inputs: Tensor) => Tensor;

/** Options of {@link integratedGradients}. */
export interface IntegratedGradientsOptions {
  /** The input at which the path begins, as long as the explained one. Default: zeros. */
  readonly baseline?: ArrayLike<number>;
  /** Shape of one input, such as `[28, 28, 1]`. Default: `[x.length]`. */
  readonly shape?: readonly number[];
  /** Parts into which the path is divided. Default: 50. */
  readonly steps?: number;
  /** Where a part's gradient is taken: at its middle, or as the mean of its two ends. Default: "midpoint". */
  readonly rule?: "midpoint" | "trapezoid";
  /** Points of the path that the model is given at once. Default: 64. */
  readonly batchSize?: number;
}

/**
 * Integrated gradients: every input's share is its change from the baseline times the mean of the output's gradient along
 * the straight path, φᵢ = (xᵢ − x′ᵢ) ∫₀¹ ∂f(x′ + α(x − x′))/∂xᵢ dα.
 *
 * With the integral exact, the shares sum to f(x) − f(x′). The sum over `steps` parts misses it by what is returned as
 * `residual`: look at it, and take more steps where it is not small.
 *
 * @param model - See {@link DifferentiableModel}. For a classifier, pick the class's output; take its logit rather than its
 *   probability, whose gradient vanishes where the classifier is sure.
 * @param x - The input to explain.
 * @returns One value an input, in single precision but for the sum over the path. No tensor is left behind.
 * @throws RangeError when shapes, lengths or steps do not fit, or a gradient is not finite.
 *
 * Source: M. Sundararajan, A. Taly and Q. Yan, "Axiomatic attribution for deep networks", ICML 2017.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { integratedGradients } from "@nn30/shared";
 *
 * // f = Σx² from 0: each input's share is its own square.
 * const { values, residual } = integratedGradients((x) => x.square().sum(1), [1, 2, 3]);
 * assert.ok([1, 4, 9].every((square, i) => Math.abs(values[i] - square) < 1e-5) && Math.abs(residual) < 1e-5);
 * ```
 */
export function integratedGradients(
  model: DifferentiableModel,
  x: ArrayLike<number>,
  options: IntegratedGradientsOptions = {},
): Explanation {
  const where = "integratedGradients";
  const { steps = 50, rule = "midpoint", batchSize = 64, shape = [x.length] } = options;
  const baseline = options.baseline ?? new Float32Array(x.length);
  requireCount(where, "steps", steps);
  requireCount(where, "batchSize", batchSize);
  if (baseline.length !== x.length) {
    throw new RangeError(`${where}: expected a baseline of ${x.length} values, as x has, but got ${baseline.length}`);
  }
  if (shape.reduce((product, side) => product * side, 1) !== x.length) {
    throw new RangeError(`${where}: expected a shape for ${x.length} values but got [${shape.join(", ")}]`);
  }
  const tf = lazyTensorflow();
  const places = placesOf(steps, rule);
  const mean = new Float64Array(x.length);
  for (let first = 0; first < places.length; first += batchSize) {
    const part = places.slice(first, first + batchSize);
    const gradients = tf.tidy(() => {
      const points = tf.tensor(alongPath(x, baseline, part), [part.length, ...shape]);
      return tf
        .grad((inputs: Tensor) => outputsOf(where, model, inputs).sum())(points)
        .dataSync();
    });
    for (let i = 0; i < gradients.length; i++) {
      mean[i % x.length] += part[Math.floor(i / x.length)].weight * gradients[i];
    }
  }
  const wrong = mean.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new RangeError(`${where}: the gradient of input ${wrong} is not finite on the path (${mean[wrong]})`);
  const [base, output] = tf.tidy(() => {
    const ends = tf.tensor(alongPath(x, baseline, [{ at: 0 }, { at: 1 }]), [2, ...shape]);
    return outputsOf(where, model, ends).dataSync();
  });
  return explanation(
    mean.map((value, i) => (x[i] - baseline[i]) * value),
    base,
    output,
  );
}

interface Place {
  /** Share of the way from baseline to input. */
  readonly at: number;
  readonly weight: number;
}

function placesOf(steps: number, rule: "midpoint" | "trapezoid"): Place[] {
  if (rule === "midpoint")
    return Array.from({ length: steps }, (_, k) => ({ at: (k + 0.5) / steps, weight: 1 / steps }));
  return Array.from({ length: steps + 1 }, (_, k) => ({
    at: k / steps,
    weight: (k === 0 || k === steps ? 0.5 : 1) / steps,
  }));
}

/** The inputs at these places of the path, one after the other. */
function alongPath(
  x: ArrayLike<number>,
  baseline: ArrayLike<number>,
  places: readonly Pick<Place, "at">[],
): Float32Array {
  const points = new Float32Array(places.length * x.length);
  places.forEach(({ at }, place) => {
    for (let i = 0; i < x.length; i++) points[place * x.length + i] = (1 - at) * baseline[i] + at * x[i];
  });
  return points;
}

function outputsOf(where: string, model: DifferentiableModel, inputs: Tensor): Tensor {
  const outputs = model(inputs);
  if (outputs.size !== inputs.shape[0]) {
    throw new RangeError(
      `${where}: expected the model to give one number for each of ${inputs.shape[0]} inputs but its output has shape ` +
        `[${outputs.shape.join(", ")}]; pick the output to explain`,
    );
  }
  return outputs.reshape([outputs.size]);
}
