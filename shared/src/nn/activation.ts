import { sigmoid } from "./sigmoid.js";

/** What a hidden neuron makes of its weighted input z. */
export interface Activation {
  /** The name under which it appears in records. */
  readonly name: string;
  /** The activation a, from z. */
  readonly value: (z: number) => number;
  /** The slope da/dz, from the activation a. */
  readonly slope: (a: number) => number;
}

/**
 * Activation functions of hidden neurons. Each one's slope is a function of its value, so nothing but the activations
 * has to be kept for the backward pass.
 *
 * - `sigmoid`: σ(z), slope a (1 − a);
 * - `tanh`: slope 1 − a²;
 * - `relu`: max(0, z), slope 1 where a > 0 and 0 elsewhere.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapter 3, "Other models of artificial neuron".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { activations } from "@nn30/shared";
 *
 * assert.equal(activations.sigmoid.slope(0.5), 0.25);
 * assert.equal(activations.tanh.slope(activations.tanh.value(0)), 1);
 * assert.equal(activations.relu.value(-3), 0);
 * ```
 */
export const activations = {
  sigmoid: { name: "sigmoid", value: sigmoid, slope: (a) => a * (1 - a) },
  tanh: { name: "tanh", value: (z) => Math.tanh(z), slope: (a) => 1 - a * a },
  relu: { name: "relu", value: (z) => (z > 0 ? z : 0), slope: (a) => (a > 0 ? 1 : 0) },
} satisfies Record<string, Activation>;
