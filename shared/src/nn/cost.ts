/** What a network is trained to make small. It is a sum over output neurons, so it is given for one of them. */
export interface Cost {
  /** The name under which it appears in records. */
  readonly name: string;
  /** The neuron's share of the cost of one example, from its activation a and its target y. */
  readonly value: (a: number, y: number) => number;
  /** The neuron's error δ = ∂C/∂z for a sigmoid neuron, from its activation a and its target y. */
  readonly outputError: (a: number, y: number) => number;
}

/**
 * The quadratic cost C = ½ ‖a − y‖², with output error δ = (a − y) a (1 − a): the last two factors are σ′(z).
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapters 1 and 2 (equation BP1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quadraticCost } from "@nn30/shared";
 *
 * assert.equal(quadraticCost.value(0.5, 1), 0.125);
 * assert.equal(quadraticCost.outputError(0.5, 1), -0.125);
 * ```
 */
export const quadraticCost: Cost = {
  name: "quadratic",
  value: (a, y) => 0.5 * (a - y) * (a - y),
  outputError: (a, y) => (a - y) * a * (1 - a),
};

/**
 * The cross-entropy cost C = −Σ (y ln a + (1 − y) ln(1 − a)), with output error δ = a − y: σ′(z) cancels, so a neuron
 * that is badly wrong learns fast. 0 ln 0 counts as 0.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapter 3, "The cross-entropy cost function".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { crossEntropyCost } from "@nn30/shared";
 *
 * assert.equal(crossEntropyCost.value(0.5, 1), Math.log(2));
 * assert.equal(crossEntropyCost.value(1, 1), 0);
 * assert.equal(crossEntropyCost.outputError(0.75, 1), -0.25);
 * ```
 */
export const crossEntropyCost: Cost = {
  name: "cross-entropy",
  value: (a, y) => 0 - (y === 0 ? 0 : y * Math.log(a)) - (y === 1 ? 0 : (1 - y) * Math.log1p(-a)),
  outputError: (a, y) => a - y,
};
