import type { LayersModel, Scalar, Tensor } from "@tensorflow/tfjs-node";
import type { NativeBackend } from "../tensorflow-backend.js";
import { softmaxCrossEntropy } from "./cross-entropy.js";

type LossFunction = (target: Tensor, output: Tensor) => Tensor;

/** An activation of tfjs-layers. */
interface Activation {
  apply(x: Tensor): Tensor;
  getClassName(): string;
}

/** What a compiled model holds, beyond what its public type tells. */
interface CompiledModel {
  readonly loss: unknown;
  readonly lossFunctions: LossFunction[];
  readonly metricsNames: string[];
  readonly metricsTensors: [LossFunction, number][];
  readonly outputLayers: { activation?: Activation }[];
  calculateLosses(): Scalar[];
}

const crossEntropies: unknown[] = ["categoricalCrossentropy", "sparseCategoricalCrossentropy"];

/** Stands in for a softmax whose work the loss does. */
const linear: Activation = { apply: (x) => x, getClassName: () => "linear" };

/** tfjs's short names, in words. */
const words: Record<string, string> = { acc: "accuracy", mse: "meanSquaredError" };

/** What a compiled model is trained for: its loss and its metrics, as means over a batch. */
export class Objective {
  /** Names of the numbers that a batch yields: `loss`, then the metrics. */
  readonly names: readonly string[];
  /** Whether the loss is the cross-entropy of a softmax, so that the two are computed as one, from the logits. */
  readonly isCrossEntropy: boolean;
  readonly #native: NativeBackend;
  readonly #model: LayersModel;
  readonly #compiled: CompiledModel;

  constructor(native: NativeBackend, model: LayersModel) {
    this.#native = native;
    this.#model = model;
    // A sequential model keeps part of what compile made in the model that it wraps.
    this.#compiled = ((model as { model?: unknown }).model ?? model) as CompiledModel;
    const { loss, outputLayers, metricsNames } = this.#compiled;
    this.isCrossEntropy = crossEntropies.includes(loss) && outputLayers[0].activation?.getClassName() === "softmax";
    this.names = metricsNames.map((name) => words[name] ?? name);
  }

  /** The output of the model (logits, for cross-entropy) for a batch. */
  output(x: Tensor, training: boolean): Tensor {
    const layer = this.#compiled.outputLayers[0];
    const { activation } = layer;
    if (this.isCrossEntropy) layer.activation = linear;
    try {
      return this.#model.apply(x, { training }) as Tensor;
    } finally {
      layer.activation = activation;
    }
  }

  /** What training minimises: the mean loss of a batch and the penalties of the layers' regularizers. */
  penalisedLoss(output: Tensor, y: Tensor): Scalar {
    return this.#compiled.calculateLosses().reduce((sum, penalty) => sum.add(penalty), this.loss(output, y));
  }

  /** The mean loss of a batch, as `model.evaluate` has it. */
  loss(output: Tensor, y: Tensor): Scalar {
    const each = this.isCrossEntropy ? this.#crossEntropy(output, y) : this.#compiled.lossFunctions[0](y, output);
    return each.mean<Scalar>();
  }

  /** The means of the metrics of a batch. */
  metrics(output: Tensor, y: Tensor): Tensor[] {
    const { tf } = this.#native;
    let probabilities: Tensor | undefined;
    let targets: Tensor | undefined;
    return this.#compiled.metricsTensors.map(([metric], i) => {
      if (!this.isCrossEntropy) return metric(y, output).mean();
      if (this.names[i + 1] === "accuracy") {
        const right = y.rank === output.rank ? y.argMax(-1) : y;
        return output.argMax(-1).equal(right).toFloat().mean();
      }
      probabilities ??= tf.softmax(output);
      // The metric was chosen for the targets that the compiled loss is usually given.
      const wantsOneHot = this.#compiled.loss === "categoricalCrossentropy" && y.rank < output.rank;
      targets ??= wantsOneHot ? tf.oneHot(y, output.shape.at(-1)!) : y;
      return metric(targets, probabilities).mean();
    });
  }

  #crossEntropy(logits: Tensor, y: Tensor): Tensor {
    const rows = logits.rank === 2 ? logits : logits.reshape([-1, logits.shape.at(-1)!]);
    if (y.rank < logits.rank) return softmaxCrossEntropy(this.#native, rows, y.rank === 1 ? y : y.flatten());
    return softmaxCrossEntropy(this.#native, rows, (y.rank === 2 ? y : y.reshape(rows.shape)).toFloat());
  }
}
