/**
 * Where a recurrent net finds its steps when some are masked.
 *
 * A masked step leaves the state as it is. So it makes no difference to leave it out: each sequence is run over its
 * own unmasked steps only, one after the other, and the output at a masked step is the last one before it. This holds
 * for padding in front, behind, and for gaps alike.
 */
export interface StepOrder {
  /**
   * Number of steps to run: unmasked steps of the sequence that has most; at least one, so that also a batch without
   * any has gradients, which are zero.
   */
  readonly steps: number;
  /**
   * `[steps, batch]`: rows of the input seen as `[batch · time, features]`. A sequence with fewer steps repeats its
   * last one; nothing reads what comes of that.
   */
  readonly inputs: Int32Array;
  /** `[batch, time]`: rows of the states seen as `[(1 + steps) · batch, units]`, of which the first are the initial. */
  readonly outputs: Int32Array;
  /** `[batch]`: the rows of the final states. */
  readonly finals: Int32Array;
}

/**
 * The order of steps under a mask, or undefined when the mask leaves nothing out.
 *
 * @param mask - `[batch, time]`, 0 for each step to leave out.
 * @param backwards - Whether the sequence is run from its end. Its outputs are then in the order in which they are
 *   made, as in Keras.
 */
export function stepOrder(
  mask: ArrayLike<number>,
  batch: number,
  time: number,
  backwards: boolean,
): StepOrder | undefined {
  const unmasked = Array.from({ length: batch }, (_, row) => {
    const rows: number[] = [];
    for (let step = 0; step < time; step++) {
      const source = row * time + (backwards ? time - 1 - step : step);
      if (mask[source] !== 0) rows.push(source);
    }
    return rows;
  });
  if (unmasked.every((rows) => rows.length === time)) return undefined;

  const steps = unmasked.reduce((longest, rows) => Math.max(longest, rows.length), 1);
  const inputs = new Int32Array(steps * batch);
  const outputs = new Int32Array(batch * time);
  const finals = new Int32Array(batch);
  unmasked.forEach((rows, row) => {
    for (let step = 0; step < steps; step++) {
      inputs[step * batch + row] = rows[Math.min(step, rows.length - 1)] ?? row * time;
    }
    let done = 0;
    for (let step = 0; step < time; step++) {
      if (mask[row * time + (backwards ? time - 1 - step : step)] !== 0) done++;
      outputs[row * time + step] = done * batch + row;
    }
    finals[row] = done * batch + row;
  });
  return { steps, inputs, outputs, finals };
}
