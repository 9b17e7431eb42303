import { requireCount } from "../arguments/count.js";
import type { Random } from "../random/random.js";
import { BatchPass } from "./batch-pass.js";
import { checkTargets, countInputs, type Examples, targetRows } from "./examples.js";
import type { Network } from "./network.js";
import { SparseRows } from "./sparse-rows.js";

/** How to train. */
export interface TrainingOptions {
  /** How often to go through all examples. */
  readonly epochs: number;
  /** m: examples to a step. The last mini-batch of an epoch is smaller where m does not divide their number. */
  readonly batchSize: number;
  /** η: how far a step goes along the negative gradient. A function gives it anew for every epoch, from its history. */
  readonly learningRate: number | ((epoch: number, history: TrainingHistory) => number);
  /** λ of L2 regularisation: every step shrinks every weight, not the biases, by ηλ/n, with n examples. 0 by default. */
  readonly l2?: number;
  /** μ: the share of its velocity that a weight keeps from step to step, in [0, 1). 0 by default: no velocities. */
  readonly momentum?: number;
  /** Where the order of the examples comes from. */
  readonly random: Random;
  /** Called after every epoch, counted from 1; what it returns is recorded under its names. */
  readonly evaluate?: (epoch: number) => Record<string, number>;
  /** Called after every epoch and its evaluation; training ends where it returns true. See {@link earlyStopping}. */
  readonly stop?: (history: TrainingHistory) => boolean;
}

/** The course of a training; every list has an entry for each epoch. */
export interface TrainingHistory {
  /** Seconds of the epoch, without `evaluate`. */
  readonly seconds: number[];
  /** What `evaluate` returned, by name. */
  readonly metrics: Record<string, number[]>;
}

/** Trains a network by mini-batch stochastic gradient descent. See {@link Network.train}. */
export function trainNetwork(network: Network, examples: Examples, options: TrainingOptions): TrainingHistory {
  const { epochs, batchSize, l2 = 0, momentum = 0, random, evaluate, stop } = options;
  requireCount("Network.train", "epochs", epochs);
  requireCount("Network.train", "batchSize", batchSize);
  if (typeof options.learningRate === "number") checkRate(options.learningRate);
  if (!(l2 >= 0 && l2 < Infinity)) throw new RangeError(`Network.train: expected l2 (λ) to be 0 or more but got ${l2}`);
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`Network.train: expected momentum in [0, 1) but got ${momentum}`);
  }
  const count = countInputs("Network.train", examples.inputs, network.inputSize);
  checkTargets("Network.train", examples, count, network.outputSize);
  const inputs = SparseRows.from(examples.inputs, network.inputSize, examples.scale);
  const targets = targetRows(examples, count, network.outputSize);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const history: TrainingHistory = { seconds: [], metrics: {} };
  const passOptions = { capacity: Math.min(batchSize, count), training: true, momentum };

  return BatchPass.lend(network.layers, network.hiddenActivation, passOptions, (pass) => {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const learningRate = checkRate(
        typeof options.learningRate === "number" ? options.learningRate : options.learningRate(epoch, history),
      );
      const keep = decay(learningRate, l2, count);
      const start = performance.now();
      random.shuffle(order);
      // Between epochs the network's weights are the ones that count: `evaluate` reads them, and may change them.
      pass.readWeights();
      for (let first = 0; first < count; first += batchSize) {
        const size = Math.min(batchSize, count - first);
        // All errors of the mini-batch are found before any weight moves.
        pass.forward(inputs, order, first, size);
        pass.backward(network.costFunction, targets, order, first, size);
        pass.descend(size, learningRate / size, keep);
      }
      pass.writeWeights();
      history.seconds.push((performance.now() - start) / 1000);
      if (evaluate) record(history, epoch, evaluate(epoch));
      if (stop?.(history)) break;
    }
    return history;
  });
}

/** What a step of weight decay leaves of a weight: 1 − ηλ/n. */
function decay(learningRate: number, l2: number, count: number): number {
  const keep = 1 - (learningRate * l2) / count;
  if (keep >= 0) return keep;
  throw new RangeError(
    `Network.train: expected learningRate × l2 to be at most the number of examples but got ` +
      `${learningRate} × ${l2} for ${count}: a step would turn every weight's sign; take a smaller l2 (λ)`,
  );
}

function checkRate(learningRate: number): number {
  if (learningRate > 0 && learningRate < Infinity) return learningRate;
  throw new RangeError(`Network.train: expected learningRate to be positive but got ${learningRate}`);
}

function record(history: TrainingHistory, epoch: number, measured: Record<string, number>): void {
  for (const [name, value] of Object.entries(measured)) (history.metrics[name] ??= []).push(value);
  for (const [name, values] of Object.entries(history.metrics)) {
    if (values.length !== epoch) {
      throw new TypeError(`Network.train: expected evaluate to return ${name} after every epoch, or never`);
    }
  }
}
