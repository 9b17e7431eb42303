import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { customGradient } from "../custom-gradient.js";
import { type Operations, withOperations } from "./runtime.js";
import type { RecurrentWeights } from "./recurrent-layer.js";

/** Weights as `GRUBlockCell` takes them: input and recurrent rows in one matrix, reset before update. */
function blockWeights(kernel: Tensor, recurrentKernel: Tensor, bias: Tensor): Tensor[] {
  const tf = lazyTensorflow();
  const gates = (matrix: Tensor): [Tensor, Tensor] => {
    const [update, reset, candidate] = tf.split(matrix, 3, matrix.rank - 1);
    return [tf.concat([reset, update], matrix.rank - 1), candidate];
  };
  const [gateKernel, candidateKernel] = gates(tf.concat([kernel, recurrentKernel], 0));
  return [gateKernel, candidateKernel, ...gates(bias)];
}

/** The steps of a `[time, …]` tensor. */
function unpack(operations: Operations, sequence: Tensor): number[] {
  const steps = sequence.shape[0];
  const attributes = [operations.float32, operations.int("num", steps), operations.int("axis", 0)];
  return operations.run("Unpack", attributes, [operations.handle(sequence)], steps);
}

/** One `[time, …]` tensor of the steps. */
function pack(operations: Operations, steps: readonly number[]): Tensor {
  const attributes = [operations.float32, operations.int("N", steps.length), operations.int("axis", 0)];
  return operations.tensor(operations.run("Pack", attributes, steps, 1)[0]);
}

/** Runs the cell over all steps: reset gates, update gates, candidates and outputs, each `[time, batch, units]`. */
function forward(x: Tensor, h: Tensor, weights: readonly Tensor[]): Tensor[] {
  return withOperations((operations) => {
    const attributes = [operations.float32];
    const parameters = weights.map((one) => operations.handle(one));
    const outputs: number[][] = [[], [], [], []];
    let previous = operations.handle(h);
    for (const step of unpack(operations, x)) {
      const made = operations.run("GRUBlockCell", attributes, [step, previous, ...parameters], 4);
      made.forEach((id, index) => outputs[index].push(id));
      previous = made[3];
    }
    return outputs.map((steps) => pack(operations, steps));
  });
}

/** Goes back through the steps: gradients of the input, candidates and gates (reset, update) of each step, and of h. */
function backward(
  dHidden: Tensor,
  x: Tensor,
  h: Tensor,
  weights: readonly Tensor[],
  activations: readonly Tensor[],
): Tensor[] {
  return withOperations((operations) => {
    const attributes = [operations.float32];
    const parameters = weights.map((one) => operations.handle(one));
    const inputs = unpack(operations, x);
    const [resets, updates, candidates, outputs] = activations.map((one) => unpack(operations, one));
    const dOutputs = unpack(operations, dHidden);
    const [dInputs, dCandidates, dGates] = [0, 1, 2].map(() => new Array<number>(inputs.length));
    let carried: number | undefined;
    for (let t = inputs.length - 1; t >= 0; t--) {
      const dy =
        carried === undefined ? dOutputs[t] : operations.run("AddV2", attributes, [dOutputs[t], carried], 1)[0];
      const previous = t === 0 ? operations.handle(h) : outputs[t - 1];
      const given = [inputs[t], previous, ...parameters, resets[t], updates[t], candidates[t], dy];
      [dInputs[t], carried, dCandidates[t], dGates[t]] = operations.run("GRUBlockCellGrad", attributes, given, 4);
    }
    return [...[dInputs, dCandidates, dGates].map((steps) => pack(operations, steps)), operations.tensor(carried!)];
  });
}

/**
 * A GRU over a whole sequence with one kernel a step, TensorFlow's `GRUBlockCell`, and two a step for its gradients;
 * the gradients of the weights are products over all steps at once. The reset gate acts on the state before it is
 * multiplied by the recurrent kernel (Keras's `reset_after=False`, the only variant of `tf.layers.gru`).
 *
 * Only gradients of first order: the kernel of the gradient has none itself.
 *
 * @param x - `[time, batch, features]`.
 * @param weights - Kernel `[features, 3 · units]`, recurrent kernel `[units, 3 · units]`, bias `[3 · units]` or null;
 *   gates in the order update, reset, candidate.
 * @param h - Output before the first step, `[batch, units]`.
 * @returns Outputs of all steps, `[time, batch, units]`.
 */
export function blockGru(x: Tensor, weights: RecurrentWeights, h: Tensor): Tensor {
  const tf = lazyTensorflow();
  const [steps, batch, features] = x.shape;
  const [, units] = h.shape;
  const rows = steps * batch;
  const inputs = [x, weights.kernel, weights.recurrentKernel, h, ...(weights.bias === null ? [] : [weights.bias])];
  return customGradient(inputs, (_, save) => {
    const parameters = blockWeights(weights.kernel, weights.recurrentKernel, weights.bias ?? tf.zeros([3 * units]));
    const activations = forward(x, h, parameters);
    save([x, h, ...parameters, ...activations]);

    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [x, h] = saved;
        const [reset, , , hidden] = saved.slice(6);
        const [dx, dCandidates, dGates, dh] = backward(dy, x, h, saved.slice(2, 6), saved.slice(6));
        const previous = tf.concat([h.expandDims(0), hidden.slice([0, 0, 0], [steps - 1, batch, units])], 0);
        const [dReset, dUpdate] = tf.split(dGates.reshape([rows, 2 * units]), 2, 1);
        const dBars = tf.concat([dUpdate, dReset, dCandidates.reshape([rows, units])], 1);
        const dKernel = tf.matMul(x.reshape([rows, features]), dBars, true);
        const flat = previous.reshape([rows, units]);
        const dRecurrentGates = tf.matMul(flat, dBars.slice([0, 0], [rows, 2 * units]), true);
        const dRecurrentCandidate = tf.matMul(
          flat.mul(reset.reshape([rows, units])),
          dCandidates.reshape([rows, units]),
          true,
        );
        const dRecurrentKernel = tf.concat([dRecurrentGates, dRecurrentCandidate], 1);
        return [dx, dKernel, dRecurrentKernel, dh, ...(weights.bias === null ? [] : [dBars.sum(0)])];
      });
    return { value: activations[3], gradFunc };
  });
}
