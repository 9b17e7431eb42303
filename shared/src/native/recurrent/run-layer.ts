import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import type { CallOptions, RecurrentKind, RecurrentLayer, RecurrentWeights } from "./recurrent-layer.js";
import { type StepOrder, stepOrder } from "./step-order.js";

/** What a layer makes of its inputs. */
interface Result {
  /** `[batch, time, units]`, or `[batch, units]` of the last step. */
  readonly output: Tensor;
  /** States after the last step, each `[batch, units]`; only the outputs unless all were asked for. */
  readonly finals: Tensor[];
}

/** The first `[time, …]` step from the end, without its axis of time. */
function lastStep(sequence: Tensor): Tensor {
  const [steps, batch, units] = sequence.shape;
  return sequence.slice([steps - 1, 0, 0], [1, batch, units]).reshape([batch, units]);
}

/** The states that a layer starts from, checked. */
function initialStates(kind: RecurrentKind, layer: RecurrentLayer, batch: number, given?: Tensor[] | null): Tensor[] {
  const tf = lazyTensorflow();
  const { units, stateSize } = layer.cell;
  const count = Array.isArray(stateSize) ? stateSize.length : 1;
  if (given == null) {
    if (layer.stateful) return layer.states;
    const zeros = tf.zeros([batch, units]);
    return Array.from({ length: count }, () => zeros);
  }
  if (given.length !== count) {
    throw new RangeError(`${kind.caller}: expected ${count} initial states but got ${given.length}`);
  }
  given.forEach((state, index) => {
    if (state.shape.join() !== `${batch},${units}`) {
      throw new RangeError(
        `${kind.caller}: expected initial state ${index} of shape [${batch}, ${units}] ` +
          `but got [${state.shape.join(", ")}]`,
      );
    }
  });
  return given;
}

/** The order of steps under the mask of a call. Reads the mask, one byte a step, which on this backend is a copy. */
function maskedOrder(kind: RecurrentKind, x: Tensor, backwards: boolean, mask: CallOptions["mask"]) {
  const one = Array.isArray(mask) ? mask[0] : mask;
  if (one == null) return undefined;
  const [batch, time] = x.shape;
  if (one.shape.join() !== `${batch},${time}`) {
    throw new RangeError(
      `${kind.caller}: expected a mask of shape [${batch}, ${time}] but got [${one.shape.join(", ")}]`,
    );
  }
  return stepOrder(one.cast("bool").dataSync<"bool">(), batch, time, backwards);
}

type Run = (x: Tensor) => readonly Tensor[];

/** Runs over all steps. */
function runWhole(layer: RecurrentLayer, x: Tensor, run: Run): Result {
  const inTime = x.transpose([1, 0, 2]);
  const sequences = run(layer.goBackwards ? inTime.reverse(0) : inTime);
  return {
    output: layer.returnSequences ? sequences[0].transpose([1, 0, 2]) : lastStep(sequences[0]),
    finals: layer.returnState || layer.stateful ? sequences.map(lastStep) : [],
  };
}

/** Runs over the unmasked steps, and puts the states where the masked ones expect them. */
function runMasked(layer: RecurrentLayer, x: Tensor, order: StepOrder, initial: readonly Tensor[], run: Run): Result {
  const tf = lazyTensorflow();
  const [batch, time, features] = x.shape;
  const { units } = layer.cell;
  const rows = x.reshape([batch * time, features]).gather(tf.tensor1d(order.inputs, "int32"));
  const sequences = run(rows.reshape([order.steps, batch, features]));
  const tables = initial.map((state, index) =>
    index < sequences.length ? tf.concat([state, sequences[index].reshape([order.steps * batch, units])]) : state,
  );
  const finals = () => tables.map((table) => table.gather(tf.tensor1d(order.finals, "int32")));
  const states = layer.returnState || layer.stateful ? finals() : [];
  return {
    output: layer.returnSequences
      ? tables[0].gather(tf.tensor1d(order.outputs, "int32")).reshape([batch, time, units])
      : (states[0] ?? tables[0].gather(tf.tensor1d(order.finals, "int32"))),
    finals: states,
  };
}

/**
 * Runs a recurrent layer on `x`, `[batch, time, features]`: dropout on the input, the sequence, and what the layer
 * returns of it. To be called inside `tf.tidy`.
 *
 * @throws RangeError for an empty sequence, or a mask or initial states that do not fit.
 */
export function runLayer(
  kind: RecurrentKind,
  layer: RecurrentLayer,
  weights: RecurrentWeights,
  x: Tensor,
  options: CallOptions,
): Tensor | Tensor[] {
  const tf = lazyTensorflow();
  const [batch, time, features] = x.shape;
  if (time === 0)
    throw new RangeError(`${kind.caller}: expected at least one time step but got the shape [${x.shape.join(", ")}]`);
  const initial = initialStates(kind, layer, batch, options.initialState);
  const order = maskedOrder(kind, x, layer.goBackwards, options.mask);

  let input = x.dtype === "float32" ? x : x.cast("float32");
  if (options.training === true && layer.cell.dropout > 0) {
    // One draw for all steps of a sequence, as Keras does it.
    input = tf.dropout(input, layer.cell.dropout, [batch, 1, features]);
  }
  const everyState = layer.returnState || layer.stateful;
  const run: Run = (sequence) => kind.run(sequence, weights, initial, everyState);
  const { output, finals } =
    order === undefined ? runWhole(layer, input, run) : runMasked(layer, input, order, initial, run);

  // TensorFlow.js keeps the states of every training batch until they are reset; the gradients here do not need them.
  if (layer.stateful) layer.resetStates(finals, false);
  return layer.returnState ? [output, ...finals] : output;
}
