import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { Tensor } from "@tensorflow/tfjs-node";

/**
 * Means over all examples of an epoch from the means over its batches. The batches' numbers stay in TensorFlow until the
 * end, so that no batch waits for a value to be read.
 */
export class RunningMeans {
  readonly #tf: typeof TensorFlow;
  readonly #rows: Tensor[] = [];
  readonly #sizes: number[] = [];

  constructor(tf: typeof TensorFlow) {
    this.#tf = tf;
  }

  /** Adds the means of one batch, which are disposed of. */
  add(means: readonly Tensor[], size: number): void {
    this.#rows.push(this.#tf.keep(this.#tf.stack([...means])));
    this.#tf.dispose([...means]);
    this.#sizes.push(size);
  }

  /** The means so far, each batch counted by its number of examples; starts over. */
  async take(): Promise<number[]> {
    const all = this.#tf.stack(this.#rows);
    const values = (await all.array()) as number[][];
    all.dispose();
    const sizes = this.#sizes.slice();
    this.dispose();
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return values[0].map((_, i) => values.reduce((sum, row, batch) => sum + row[i] * (sizes[batch] / total), 0));
  }

  /** Frees what was added. */
  dispose(): void {
    this.#tf.dispose(this.#rows.splice(0));
    this.#sizes.length = 0;
  }
}
