import type { Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { customGradient } from "../custom-gradient.js";
import { withOperations } from "./runtime.js";
import type { RecurrentWeights } from "./recurrent-layer.js";

/**
 * An LSTM over a whole sequence in one kernel, TensorFlow's `BlockLSTMV2`, and its gradients in one more,
 * `BlockLSTMGradV2`. Both take the gates in Keras's order: input, forget, candidate, output.
 *
 * Only gradients of first order: the kernel of the gradient has none itself.
 *
 * @param x - `[time, batch, features]`.
 * @param weights - Kernel `[features, 4 · units]`, recurrent kernel `[units, 4 · units]`, bias `[4 · units]` or null.
 * @param h - Output before the first step, `[batch, units]`.
 * @param c - Cell before the first step, `[batch, units]`.
 * @param withCells - Whether the cells are asked for as well.
 * @returns Outputs of all steps `[time, batch, units]`; with cells `[2, time, batch, units]`, outputs first.
 */
export function blockLstm(x: Tensor, weights: RecurrentWeights, h: Tensor, c: Tensor, withCells: boolean): Tensor {
  const tf = lazyTensorflow();
  const [steps, , features] = x.shape;
  const [, units] = h.shape;
  const inputs = [x, weights.kernel, weights.recurrentKernel, h, c, ...(weights.bias === null ? [] : [weights.bias])];
  return customGradient(inputs, (_, save) => {
    const w = tf.concat([weights.kernel, weights.recurrentKernel], 0);
    const noPeephole = tf.zeros([units]);
    const bias = weights.bias ?? tf.zeros([4 * units]);
    const outputs = withOperations((operations) => {
      const attributes = [
        operations.float("cell_clip", -1),
        operations.bool("use_peephole", false),
        operations.float32,
      ];
      const given = [x, c, h, w, noPeephole, noPeephole, noPeephole, bias].map((one) => operations.handle(one));
      return operations
        .run("BlockLSTMV2", attributes, [operations.int64(steps), ...given], 7)
        .map((id) => operations.tensor(id));
    });
    save([x, c, h, w, noPeephole, bias, ...outputs]);
    const cells = outputs[1];
    const hidden = outputs[6];

    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [x, c, h, w, noPeephole, bias, ...outputs] = saved;
        const [dHidden, dCells] = withCells ? tf.unstack(dy) : [dy, tf.zerosLike(outputs[1])];
        const [dx, dc, dh, dw, dBias] = withOperations((operations) => {
          const attributes = [operations.bool("use_peephole", false), operations.float32];
          const given = [x, c, h, w, noPeephole, noPeephole, noPeephole, bias, ...outputs, dCells, dHidden];
          const handles = given.map((one) => operations.handle(one));
          const gradients = operations.run("BlockLSTMGradV2", attributes, [operations.int64(steps), ...handles], 8);
          return [0, 1, 2, 3, 7].map((index) => operations.tensor(gradients[index]));
        });
        const dKernel = tf.slice(dw, [0, 0], [features, 4 * units]);
        const dRecurrentKernel = tf.slice(dw, [features, 0], [units, 4 * units]);
        return [dx, dKernel, dRecurrentKernel, dh, dc, ...(weights.bias === null ? [] : [dBias])];
      });
    return { value: withCells ? tf.stack([hidden, cells]) : hidden, gradFunc };
  });
}
