import type { layers, Tensor } from "@tensorflow/tfjs-node";
import { requireCount } from "../arguments/count.js";
import { layerClass, type LayerClass, onlyInput } from "./layer-class.js";

/**
 * Sines and cosines of the position, in waves from 2π to nearly 20,000π tokens long: the `width` numbers by which a
 * transformer without learned positions knows where a token stands.
 *
 * Number 2i of position p is sin(p / 10,000^(2i/width)), number 2i + 1 the cosine of the same.
 *
 * @param count - Number of positions, from 0.
 * @param width - Numbers for each of them.
 * @returns `[count, width]`, row by row.
 *
 * Source: A. Vaswani and others, "Attention is all you need" (2017), section 3.5.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sinusoidalPositions } from "@nn30/shared";
 *
 * const positions = sinusoidalPositions(2, 4);
 * assert.deepEqual([...positions.subarray(0, 4)], [0, 1, 0, 1]);
 * assert.ok(Math.abs(positions[4] - Math.sin(1)) < 1e-7 && Math.abs(positions[6] - Math.sin(0.01)) < 1e-7);
 * ```
 */
export function sinusoidalPositions(count: number, width: number): Float32Array {
  return Float32Array.from({ length: count * width }, (_, at) => {
    const [p, i] = [Math.floor(at / width), at % width];
    const angle = p / 10_000 ** ((i - (i % 2)) / width);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

/** How a transformer is told where a token stands. */
export type PositionKind = "learned" | "sinusoidal";

/** Options of {@link addPositions}. */
export interface AddPositionsOptions {
  /** The longest sequence. */
  readonly context: number;
  /** Default: `"learned"`. */
  readonly kind?: PositionKind;
  /** Standard deviation of learned positions before training. Default: 0.02. */
  readonly spread?: number;
  /** Seeds learned positions. Default: 1. */
  readonly seed?: number;
  /** Name of the layer. Default: numbered by TensorFlow.js. */
  readonly name?: string;
}

type Options = AddPositionsOptions & Record<string, unknown>;

const positionsClass = layerClass(
  (tf): LayerClass<Options, layers.Layer> =>
    class AddPositions extends tf.layers.Layer {
      static readonly className = "AddPositions";
      readonly #options: Required<Omit<AddPositionsOptions, "name">>;

      constructor(options: Options) {
        super(options);
        const { context, kind = "learned", spread = 0.02, seed = 1 } = options;
        this.#options = { context, kind, spread, seed };
        this.supportsMasking = true;
      }

      override build(inputShape: (number | null)[]): void {
        const { context, kind, spread, seed } = this.#options;
        const normal = tf.initializers.randomNormal({ stddev: spread, seed });
        if (kind === "learned") this.addWeight("positions", [context, inputShape.at(-1)!], "float32", normal);
        this.built = true;
      }

      override call(inputs: Tensor | Tensor[]): Tensor {
        const x = onlyInput(inputs);
        const [, time, width] = x.shape;
        const { context, kind } = this.#options;
        if (time > context) {
          throw new RangeError(`addPositions: expected at most ${context} tokens, the context, but got ${time}`);
        }
        return tf.tidy(() => {
          const positions =
            kind === "learned"
              ? this.weights[0].read().slice([0, 0], [time, width])
              : tf.tensor2d(sinusoidalPositions(time, width), [time, width]);
          return tf.add(x, positions);
        });
      }

      override getConfig() {
        return { ...super.getConfig(), ...this.#options };
      }
    },
);

/** Makes the class known, for saved models. */
export const registerAddPositions = (): void => void positionsClass();

/**
 * Adds to every token a vector that says where it stands, learned or of sines and cosines.
 *
 * Input and output `[batch, time, width]`, with `time` up to `context`.
 *
 * @throws RangeError for a context that is not a whole number from 1 and, when it is applied, for more tokens than that.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { addPositions } from "@nn30/shared";
 *
 * const layer = addPositions({ context: 8, kind: "sinusoidal" });
 * const placed = layer.apply(tf.zeros([1, 2, 4])) as tf.Tensor3D;
 * assert.deepEqual(placed.arraySync()[0][0], [0, 1, 0, 1]);
 * ```
 */
export function addPositions(options: AddPositionsOptions): layers.Layer {
  const { context } = options;
  requireCount("addPositions", "context", context);
  return new (positionsClass())({ ...options });
}
