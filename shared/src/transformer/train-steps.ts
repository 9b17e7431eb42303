import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs-node";
import { StatusLine } from "../display/status-line.js";
import { Objective } from "../native/training/objective.js";
import { type NativeBackend, nativeBackend } from "../native/tensorflow-backend.js";

/** What a model is shown in one step. */
export interface TokenBatch {
  /** Tokens, row by row: `[rows, time]`. */
  readonly x: Int32Array;
  /** What the model should say, one class number for each token. */
  readonly y: Int32Array;
  /** Places in `y` that count, from 0; default: all. Masked tokens, for example. */
  readonly at?: Int32Array;
}

/** How to train. */
export interface StepOptions {
  /** Number of steps. */
  readonly steps: number;
  /** Rows of a batch. */
  readonly rows: number;
  /** What is shown in a step, counted from 0. */
  readonly batch: (step: number) => TokenBatch;
  /** Learning rate, or what it is in a step; see {@link warmupCosine}. Default: the optimizer's. */
  readonly learningRate?: number | ((step: number) => number);
  /** Steps to an entry of the history. Default: 10. */
  readonly every?: number;
  /** Whether a line shows how far training is. Default: yes, unless a notebook is being verified. */
  readonly progress?: boolean;
}

/** The course of a training in steps. */
export interface StepHistory {
  /** Mean loss of each `every` steps, in nats a token, as the weights were when each batch was seen. */
  readonly loss: number[];
  /** Seconds of the whole training. */
  readonly seconds: number;
}

/**
 * Trains a compiled model with one answer for each token on batches that are made as they are needed: windows of a
 * text, with or without masked tokens. The loss is the cross-entropy, computed from the logits, over the places that
 * count.
 *
 * @param model - Compiled with `"sparseCategoricalCrossentropy"`; ends in a softmax, `[batch, time, classes]`.
 * @throws TypeError for a model that is not compiled so; RangeError for batches whose lengths do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { gpt, nativeAdam, trainSteps } from "@nn30/shared";
 *
 * const model = gpt({ vocabulary: 3, context: 4, width: 8, heads: 1, blocks: 1 });
 * model.compile({ optimizer: nativeAdam(0.02), loss: "sparseCategoricalCrossentropy" });
 * const batch = () => ({ x: Int32Array.of(0, 1, 2, 0), y: Int32Array.of(1, 2, 0, 1) }); // 0, 1, 2, 0, 1, …
 * trainSteps(model, { steps: 40, rows: 1, batch, progress: false }).then(({ loss }) => {
 *   assert.ok(loss.at(-1)! < 0.1 && loss[0] > 0.5);
 * });
 * ```
 */
export async function trainSteps(model: LayersModel, options: StepOptions): Promise<StepHistory> {
  const native = nativeBackend("trainSteps");
  const { tf } = native;
  const { steps, rows, batch, learningRate, every = 10 } = options;
  if (!(model.optimizer as unknown)) {
    throw new TypeError("trainSteps: expected a compiled model; call model.compile({ optimizer, loss }) before it");
  }
  const objective = new Objective(native, model);
  if (!objective.isCrossEntropy) {
    throw new TypeError(
      `trainSteps: expected a model that ends in a softmax, compiled with "sparseCategoricalCrossentropy"`,
    );
  }
  const optimizer = model.optimizer as unknown as { learningRate: number };
  const status = new StatusLine(options.progress);
  const loss: number[] = [];
  const start = performance.now();
  let sum: Tensor | undefined;
  try {
    let last = start;
    for (let step = 0; step < steps; step++) {
      if (learningRate !== undefined) {
        optimizer.learningRate = typeof learningRate === "number" ? learningRate : learningRate(step);
      }
      const now = trainOn(native, model, objective, rows, batch(step));
      const added: Tensor = sum ? tf.tidy(() => now.add(sum!)) : now.clone();
      tf.dispose([now, ...(sum ? [sum] : [])]);
      sum = added;
      const within = (step % every) + 1;
      if (within === every || step === steps - 1) {
        loss.push((await sum.data())[0] / within);
        sum.dispose();
        sum = undefined;
        status.update(() => `step ${step + 1} of ${steps}: ${loss.at(-1)!.toFixed(3)} nats a token`);
      }
      if (performance.now() - last < 100) continue;
      await new Promise(setImmediate); // lets a notebook's kernel answer, and show the line
      last = performance.now();
    }
  } finally {
    sum?.dispose();
    status.clear();
  }
  return { loss, seconds: (performance.now() - start) / 1000 };
}

/** One step of the optimizer; the batch's loss. */
function trainOn(
  { tf }: NativeBackend,
  model: LayersModel,
  objective: Objective,
  rows: number,
  { x, y, at }: TokenBatch,
): Tensor {
  if (x.length === 0 || x.length % rows !== 0 || y.length !== x.length) {
    throw new RangeError(
      `trainSteps: expected x and y of one length, a multiple of ${rows} rows, but got ${x.length} and ${y.length}`,
    );
  }
  return tf.tidy(() => {
    const inputs = tf.tensor2d(x, [rows, x.length / rows], "int32");
    const places = at && tf.tensor1d(at, "int32");
    const targets = places
      ? tf.tensor1d(
          at.map((place) => y[place]),
          "int32",
        )
      : tf.tensor1d(y, "int32");
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    return model.optimizer.minimize(
      () => {
        const logits = objective.output(inputs, true);
        const each = logits.reshape([-1, logits.shape.at(-1)!]);
        return objective.loss(places ? tf.gather(each, places) : each, targets);
      },
      true,
      variables,
    )!;
  });
}

/**
 * A learning rate that rises evenly over the first steps and then falls along half a cosine to a last rate.
 *
 * @param peak - The highest rate.
 * @param steps - Number of steps of the training.
 * @param warmup - Steps of the rise. Default: a tenth of `steps`.
 * @param last - The rate at the end. Default: 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { warmupCosine } from "@nn30/shared";
 *
 * const rate = warmupCosine(0.01, 100, 10);
 * assert.deepEqual([rate(4), rate(9)], [0.005, 0.01]);
 * assert.ok(rate(99) < 1e-4);
 * ```
 */
export function warmupCosine(
  peak: number,
  steps: number,
  warmup = Math.ceil(steps / 10),
  last = 0,
): (step: number) => number {
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const way = (step - warmup) / Math.max(1, steps - warmup);
    return last + ((peak - last) / 2) * (1 + Math.cos(Math.PI * Math.min(1, way)));
  };
}
