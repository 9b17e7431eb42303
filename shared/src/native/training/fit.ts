import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs-node";
import { requireCount } from "../../arguments/count.js";
import { StatusLine } from "../../display/status-line.js";
import { Random } from "../../random/random.js";
import { type NativeBackend, nativeBackend } from "../tensorflow-backend.js";
import { type ExampleTensors, exampleTensors, type ModelExamples } from "./examples.js";
import { Objective } from "./objective.js";
import { RunningMeans } from "./running-mean.js";

/** How to train. */
export interface FitOptions {
  /** How often to go through all examples. Default: 1. */
  readonly epochs?: number;
  /** Examples to a step; the last batch of an epoch may be smaller. Default: 32. */
  readonly batchSize?: number;
  /** Where the order of the examples comes from, or false for the order given. Default: `new Random(1)`. */
  readonly shuffle?: Random | false;
  /** Examples to measure the model on after every epoch. Default: none. */
  readonly validation?: ModelExamples;
  /**
   * Called after every epoch, counted from 1, with its entry of the history. Training ends when it returns `"stop"`; it
   * may set `model.optimizer`'s learning rate for the next epoch.
   */
  readonly onEpochEnd?: (epoch: number, values: Readonly<Record<string, number>>) => FitSignal | Promise<FitSignal>;
  /** Whether a line shows how far training is. Default: yes, unless a notebook is being verified. */
  readonly progress?: boolean;
}

/** What `onEpochEnd` may return. */
export type FitSignal = "stop" | undefined | void;

/**
 * The course of a training: an entry for each epoch under `loss`, `seconds`, the names of the metrics (`accuracy`) and,
 * where there are validation examples, `validationLoss` and `validationAccuracy`.
 */
export interface FitHistory extends Record<string, number[]> {
  /** Mean over the examples, as the weights were when each was seen. */
  loss: number[];
  /** Seconds of training, without validation. */
  seconds: number[];
}

/**
 * Trains a compiled model, as `model.fit` does, without its overhead: the examples are held once, every batch is picked
 * out of them by TensorFlow, class numbers need no one-hot rows, the cross-entropy is computed from the logits, and no
 * value is read before the end of an epoch.
 *
 * The weights after each step are those of `model.fit` for the same order of the examples, but for rounding; with
 * cross-entropy also but for `model.fit`'s clipping of probabilities to [10⁻⁷, 1 − 10⁻⁷]. The history has exact means
 * over the examples.
 *
 * @param model - A compiled model with one input and one output.
 * @param data - `x` of shape `[count, …]` and `y`; see {@link ModelExamples}.
 * @throws TypeError for a model that is not compiled, has several inputs or outputs, or is stateful; RangeError for
 *   examples that do not fit it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { fit, nativeAdam, Random } from "@nn30/shared";
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1], activation: "softmax" })] });
 * model.compile({ optimizer: nativeAdam(0.5), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
 *
 * const x = Float32Array.of(-2, -1, 1, 2);
 * const y = Uint8Array.of(0, 0, 1, 1);
 * const shuffle = new Random(1);
 * fit(model, { x, y }, { epochs: 20, batchSize: 2, shuffle }).then((history) => {
 *   assert.equal(history.accuracy.at(-1), 1);
 *   assert.ok(history.loss.at(-1)! < history.loss[0]);
 * });
 * ```
 */
export async function fit(model: LayersModel, data: ModelExamples, options: FitOptions = {}): Promise<FitHistory> {
  const native = nativeBackend("fit");
  const { tf } = native;
  const { epochs = 1, batchSize = 32, shuffle = new Random(1), validation, onEpochEnd } = options;
  requireCount("fit", "epochs", epochs);
  requireCount("fit", "batchSize", batchSize);
  requireTrainable(model);
  const objective = new Objective(native, model);
  const status = new StatusLine(options.progress);
  const history: FitHistory = { loss: [], seconds: [] };
  const examples = exampleTensors(tf, model, objective.isCrossEntropy, data, "data");
  let held: ExampleTensors | undefined;
  try {
    held = validation && exampleTensors(tf, model, objective.isCrossEntropy, validation, "validation");
    const order = Int32Array.from({ length: examples.count }, (_, i) => i);
    model.stopTraining = false;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const start = performance.now();
      const means = new RunningMeans(tf);
      if (shuffle) shuffle.shuffle(order);
      const trained = await overBatches(examples.count, batchSize, means, (first, size) => {
        status.update(() => `epoch ${epoch} of ${epochs}: ${first + size} of ${examples.count} examples`);
        return trainOn(native, model, objective, examples, shuffle ? order.subarray(first, first + size) : first, size);
      });
      const seconds = (performance.now() - start) / 1000;
      const values = named(objective.names, trained, (name) => name);
      if (held) {
        const measured = await measure(native, objective, held, batchSize);
        Object.assign(
          values,
          named(objective.names, measured, (name) => `validation${name[0].toUpperCase()}${name.slice(1)}`),
        );
      }
      values.seconds = seconds;
      for (const [name, value] of Object.entries(values)) (history[name] ??= []).push(value);
      if ((await onEpochEnd?.(epoch, values)) === "stop" || model.stopTraining) break;
    }
  } finally {
    status.clear();
    examples.dispose();
    held?.dispose();
  }
  return history;
}

/** One step of the optimizer; the batch's loss and metrics. */
function trainOn(
  { tf }: NativeBackend,
  model: LayersModel,
  objective: Objective,
  { x, y }: ExampleTensors,
  rows: Int32Array | number,
  size: number,
): Tensor[] {
  let output: Tensor | undefined;
  try {
    return tf.tidy(() => {
      const indices = typeof rows === "number" ? undefined : tf.tensor1d(rows, "int32");
      const pick = (all: Tensor) => (indices ? tf.gather(all, indices) : sliceRows(all, rows as number, size));
      const [inputs, targets] = [pick(x), pick(y)];
      const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
      const loss = model.optimizer.minimize(
        () => {
          // Kept beyond the gradients, so that the metrics need no second pass.
          output = tf.keep(objective.output(inputs, true));
          return objective.penalisedLoss(output, targets);
        },
        true,
        variables,
      )!;
      return [loss, ...objective.metrics(output!, targets)];
    });
  } finally {
    output?.dispose();
  }
}

/** Loss and metrics of the model as it is, over all examples. */
function measure({ tf }: NativeBackend, objective: Objective, { x, y, count }: ExampleTensors, batchSize: number) {
  return overBatches(count, Math.max(batchSize, 128), new RunningMeans(tf), (first, size) =>
    tf.tidy(() => {
      const targets = sliceRows(y, first, size);
      const output = objective.output(sliceRows(x, first, size), false);
      return [objective.loss(output, targets), ...objective.metrics(output, targets)];
    }),
  );
}

async function overBatches(
  count: number,
  batchSize: number,
  means: RunningMeans,
  run: (first: number, size: number) => Tensor[],
): Promise<number[]> {
  try {
    let last = performance.now();
    for (let first = 0; first < count; first += batchSize) {
      const size = Math.min(batchSize, count - first);
      means.add(run(first, size), size);
      if (performance.now() - last < 100) continue;
      await new Promise(setImmediate); // lets a notebook's kernel answer, and show the line
      last = performance.now();
    }
    return await means.take();
  } finally {
    means.dispose();
  }
}

function sliceRows(all: Tensor, first: number, size: number): Tensor {
  return all.slice([first], [size]);
}

function named(names: readonly string[], values: readonly number[], rename: (name: string) => string) {
  return Object.fromEntries(names.map((name, i) => [rename(name), values[i]])) as Record<string, number>;
}

function requireTrainable(model: LayersModel): void {
  if (!(model.optimizer as unknown)) {
    throw new TypeError("fit: expected a compiled model; call model.compile({ optimizer, loss }) before it");
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new TypeError(
      `fit: expected a model with one input and one output but it has ${model.inputs.length} and ` +
        `${model.outputs.length}; use model.fit`,
    );
  }
  if (model.stateful) throw new TypeError("fit: expected a model without states between batches; use model.fit");
}
