/**
 * Examples to learn from: an input and either a class or a target each.
 *
 * `LabelledImages` is one. Numbers of one's own are another: `{ inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0] }`.
 */
export interface Examples {
  /** `[count, inputs]`, row-major. */
  readonly inputs: ArrayLike<number>;
  /** What inputs are multiplied by; 1 if absent. */
  readonly scale?: number;
  /** `[count]` class numbers: the target is 1 for that output neuron and 0 for the others. */
  readonly labels?: ArrayLike<number>;
  /** `[count, outputs]` targets, row-major; they come before `labels` where both are given. */
  readonly targets?: ArrayLike<number>;
}

/**
 * The number of inputs, once it is sure that they fit a network.
 *
 * @throws RangeError when they are not rows of `inputSize` numbers.
 */
export function countInputs(caller: string, inputs: ArrayLike<number>, inputSize: number): number {
  const count = inputs.length / inputSize;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(
      `${caller}: expected inputs of shape [count, ${inputSize}] with count ≥ 1 but got ${inputs.length} numbers`,
    );
  }
  return count;
}

/**
 * Makes sure that the labels or targets fit the inputs and the network.
 *
 * @throws RangeError or TypeError that says what does not fit.
 */
export function checkTargets(caller: string, examples: Examples, count: number, outputSize: number): void {
  const { labels, targets } = examples;
  if (targets !== undefined) {
    if (targets.length === count * outputSize) return;
    throw new RangeError(
      `${caller}: expected targets of shape [${count}, ${outputSize}] but got ${targets.length} numbers`,
    );
  }
  if (labels === undefined) throw new TypeError(`${caller}: expected examples with labels or targets but got neither`);
  if (labels.length !== count) {
    throw new RangeError(`${caller}: expected labels of shape [${count}] but got [${labels.length}]`);
  }
  for (let i = 0; i < count; i++) {
    if (!Number.isInteger(labels[i]) || labels[i] < 0 || labels[i] >= outputSize) {
      throw new RangeError(
        `${caller}: expected labels[${i}] to be a class number in 0 … ${outputSize - 1} but got ${labels[i]}`,
      );
    }
  }
}

/** Targets `[count, outputs]`: those given, or a one at each label. */
export function targetRows(examples: Examples, count: number, outputSize: number): Float64Array {
  if (examples.targets !== undefined) return Float64Array.from(examples.targets);
  const rows = new Float64Array(count * outputSize);
  const labels = examples.labels ?? [];
  for (let i = 0; i < count; i++) rows[i * outputSize + labels[i]] = 1;
  return rows;
}
