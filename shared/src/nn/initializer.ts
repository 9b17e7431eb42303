import type { Random } from "../random/random.js";

/** Where the weights and biases of a layer start. */
export interface Initializer {
  /** The name under which it appears in records. */
  readonly name: string;
  /** One weight of a layer with so many inputs and neurons. */
  readonly weight: (random: Random, inputs: number, outputs: number) => number;
  /** One bias. */
  readonly bias: (random: Random) => number;
}

/**
 * Ways to start a layer that has n inputs and m neurons.
 *
 * - `standardNormal`: weights and biases from N(0, 1), as in Nielsen's chapter 1;
 * - `scaledNormal`: weights from N(0, 1/n), biases from N(0, 1), as in his chapter 3 (LeCun's, but for the biases);
 * - `glorotNormal`: weights from N(0, 2/(n + m)), biases 0;
 * - `heNormal`: weights from N(0, 2/n), biases 0, for ReLU.
 *
 * The second argument of N is the variance.
 *
 * Sources: M. Nielsen, "Neural Networks and Deep Learning", chapter 3, "Weight initialization"; X. Glorot and Y. Bengio,
 * AISTATS 2010; K. He et al., ICCV 2015.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { initializers, Network, Random } from "@nn30/shared";
 *
 * const network = new Network([400, 30, 10], { random: new Random(1), initializer: initializers.scaledNormal });
 * const [hidden] = network.weights;
 * const deviation = Math.sqrt(hidden.reduce((sum, w) => sum + w * w, 0) / hidden.length);
 * assert.equal(deviation.toFixed(2), "0.05"); // 1/√400
 * ```
 */
export const initializers = {
  standardNormal: {
    name: "standardNormal",
    weight: (random) => random.normal(),
    bias: (random) => random.normal(),
  },
  scaledNormal: {
    name: "scaledNormal",
    weight: (random, inputs) => random.normal(0, 1 / Math.sqrt(inputs)),
    bias: (random) => random.normal(),
  },
  glorotNormal: {
    name: "glorotNormal",
    weight: (random, inputs, outputs) => random.normal(0, Math.sqrt(2 / (inputs + outputs))),
    bias: () => 0,
  },
  heNormal: {
    name: "heNormal",
    weight: (random, inputs) => random.normal(0, Math.sqrt(2 / inputs)),
    bias: () => 0,
  },
} satisfies Record<string, Initializer>;
