import type { Random } from "../random/random.js";
import { type Activation, activations } from "./activation.js";
import { Backpropagation } from "./backpropagation.js";
import { type Cost, quadraticCost } from "./cost.js";
import { forEachOutput } from "./each-output.js";
import { checkTargets, countInputs, type Examples, targetRows } from "./examples.js";
import { type TrainingHistory, type TrainingOptions, trainNetwork } from "./gradient-descent.js";
import { type Initializer, initializers } from "./initializer.js";
import { Layer } from "./layer.js";
import { SparseRows } from "./sparse-rows.js";

/** The derivatives of the cost of one example, layer by layer. */
export interface Gradients {
  /** ∂C/∂w_jk, `[outputs, inputs]` for each layer. */
  readonly weights: readonly Float64Array[];
  /** ∂C/∂b_j, `[outputs]` for each layer. */
  readonly biases: readonly Float64Array[];
}

/**
 * A fully connected network that learns by mini-batch stochastic gradient descent: the network of the first three
 * chapters of Nielsen's book, in float64. Its output neurons are sigmoids; its hidden neurons are, too, unless another
 * activation is asked for.
 *
 * Source: M. Nielsen, "Neural Networks and Deep Learning", chapters 1 to 3.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Network, Random } from "@nn30/shared";
 *
 * const xor = { inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0] };
 * const random = new Random(1);
 * const network = new Network([2, 3, 1], { random });
 * const before = network.cost(xor);
 * network.train(xor, { epochs: 2_000, batchSize: 4, learningRate: 3, random });
 * assert.ok(network.cost(xor) < before / 10);
 * assert.equal(Math.round(network.feedforward([0, 1])[0]), 1);
 * ```
 */
export class Network {
  /** The layers after the input, first hidden layer first. */
  readonly layers: readonly Layer[];
  /** What training makes small. */
  readonly costFunction: Cost;
  /** What hidden neurons make of their weighted inputs. */
  readonly hiddenActivation: Activation;
  #single: Backpropagation | undefined;

  /**
   * @param sizes - Neurons by layer, inputs first: `[784, 30, 10]`.
   * @param options - `random`: where weights and biases come from; `cost`: quadratic by default; `activation` of the
   *   hidden neurons: sigmoid by default; `initializer` of all layers: standard normal by default.
   * @throws RangeError unless there are at least two sizes, all of them whole and positive.
   */
  constructor(
    readonly sizes: readonly number[],
    options: { random: Random; cost?: Cost; activation?: Activation; initializer?: Initializer },
  ) {
    if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
      throw new RangeError(`Network: expected at least two positive layer sizes but got [${sizes.join(", ")}]`);
    }
    const { random, initializer = initializers.standardNormal } = options;
    this.layers = sizes.slice(1).map((outputs, l) => new Layer(sizes[l], outputs, random, initializer));
    this.costFunction = options.cost ?? quadraticCost;
    this.hiddenActivation = options.activation ?? activations.sigmoid;
  }

  /** Number of inputs. */
  get inputSize(): number {
    return this.sizes[0];
  }

  /** Number of output neurons. */
  get outputSize(): number {
    return this.sizes[this.sizes.length - 1];
  }

  /** Copies of the weights, layer by layer, each `[outputs, inputs]`. To change one: `layers[l].setWeight(j, k, value)`. */
  get weights(): Float64Array[] {
    return this.layers.map((layer) => layer.weights());
  }

  /** The biases themselves, layer by layer, each `[outputs]`. */
  get biases(): Float64Array[] {
    return this.layers.map((layer) => layer.biases);
  }

  /**
   * The activations of the output neurons, `[outputs]`, for one input `[inputs]`.
   *
   * @throws RangeError when the input has another length.
   */
  feedforward(x: ArrayLike<number>): Float64Array {
    return this.#forward("feedforward", x).outputs.slice();
  }

  /** The activations of every layer for one input `[inputs]`, first hidden layer first. */
  activations(x: ArrayLike<number>): Float64Array[] {
    return this.#forward("activations", x).activations.map((layer) => layer.values.slice());
  }

  /**
   * The output neuron with the largest activation, for each input.
   *
   * @param examples - `inputs` `[count, inputs]` and their `scale`; labels are not looked at.
   * @throws RangeError when the inputs do not fit the network.
   */
  predict(examples: Pick<Examples, "inputs" | "scale">): Uint32Array {
    const predictions = new Uint32Array(countInputs("Network.predict", examples.inputs, this.inputSize));
    forEachOutput(this, examples, predictions.length, (outputs, i) => {
      let best = 0;
      for (let j = 1; j < outputs.length; j++) if (outputs[j] > outputs[best]) best = j;
      predictions[i] = best;
    });
    return predictions;
  }

  /**
   * The fraction of examples, in [0, 1], whose largest output is that of their label.
   *
   * @throws RangeError or TypeError when the examples do not fit the network or have no labels.
   */
  accuracy(examples: Examples): number {
    const { inputs, labels } = examples;
    if (labels === undefined) throw new TypeError("Network.accuracy: expected examples with labels but got none");
    const count = countInputs("Network.accuracy", inputs, this.inputSize);
    checkTargets("Network.accuracy", { inputs, labels }, count, this.outputSize);
    const predictions = this.predict(examples);
    return predictions.reduce((right, digit, i) => right + Number(digit === labels[i]), 0) / count;
  }

  /**
   * The cost C, averaged over the examples.
   *
   * @throws RangeError or TypeError when the examples do not fit the network.
   */
  cost(examples: Examples): number {
    const count = countInputs("Network.cost", examples.inputs, this.inputSize);
    checkTargets("Network.cost", examples, count, this.outputSize);
    const targets = targetRows(examples, count, this.outputSize);
    let sum = 0;
    forEachOutput(this, examples, count, (outputs, i) => {
      for (let j = 0; j < outputs.length; j++) {
        sum += this.costFunction.value(outputs[j], targets[i * outputs.length + j]);
      }
    });
    return sum / count;
  }

  /**
   * The derivatives of the cost of one example with respect to every weight and bias, by backpropagation.
   *
   * @param x - Input `[inputs]`.
   * @param y - Target `[outputs]`.
   * @throws RangeError when a length is wrong.
   */
  gradients(x: ArrayLike<number>, y: ArrayLike<number>): Gradients {
    checkLength("gradients", "y", y, this.outputSize);
    const pass = this.#forward("gradients", x);
    pass.backward(this.costFunction, Float64Array.from(y), 0, 0);
    const weights = this.layers.map((layer, l) => {
      const input = l === 0 ? x : pass.activations[l - 1].values;
      const gradient = new Float64Array(layer.outputs * layer.inputs);
      for (let j = 0; j < layer.outputs; j++) {
        for (let k = 0; k < layer.inputs; k++) gradient[j * layer.inputs + k] = pass.errors[l][j] * input[k];
      }
      return gradient;
    });
    return { weights, biases: pass.errors.map((error) => error.slice()) };
  }

  /**
   * Trains by mini-batch stochastic gradient descent: every epoch goes through all examples once, in a new random order.
   *
   * @returns Seconds of every epoch, and what `evaluate` measured after it.
   * @throws RangeError or TypeError when the examples do not fit the network or an option is out of range.
   */
  train(examples: Examples, options: TrainingOptions): TrainingHistory {
    return trainNetwork(this, examples, options);
  }

  /** A pass with room for one example, made once. */
  #singlePass(): Backpropagation {
    return (this.#single ??= new Backpropagation(this.layers, 1, this.hiddenActivation));
  }

  /** Feeds one input forward. */
  #forward(method: string, x: ArrayLike<number>): Backpropagation {
    checkLength(method, "x", x, this.inputSize);
    const pass = this.#singlePass();
    pass.forward(SparseRows.from(x, this.inputSize), 0, 0);
    return pass;
  }
}

function checkLength(method: string, name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`Network.${method}: expected ${name} of shape [${expected}] but got [${array.length}]`);
  }
}
