import { nativeGru, nativeLstm } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { describe, expect, it } from "vitest";
import { outputs, type RecurrentLayer } from "./layers.js";

// One unit, weights chosen so that the gates are simple numbers: sigmoid(ln 3) = 3/4, tanh(artanh 4/5) = 4/5.
const ln3 = Math.log(3);
const artanh = Math.atanh(0.8);

function layerWith(layer: tf.layers.Layer, ...weights: [kernel: number[], recurrentKernel: number[], bias: number[]]) {
  layer.build([1, 2, 1]);
  const [kernel, recurrentKernel, bias] = weights;
  layer.setWeights([tf.tensor2d([kernel]), tf.tensor2d([recurrentKernel]), tf.tensor1d(bias)]);
  return layer as RecurrentLayer;
}

describe("a cell with one unit, by hand", () => {
  it("LSTM: gates input, forget, candidate, output", () => {
    // Input gate 3/4, forget gate 1/2, candidate 4/5, output gate 1/4, whatever the input is.
    const layer = layerWith(
      nativeLstm({ units: 1, returnSequences: true, returnState: true }),
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [ln3, 0, artanh, -ln3],
    );
    const [sequence, h, c] = outputs(layer, tf.tensor3d([[[7], [-7]]])).map((one) => [...one.dataSync()]);
    const cells = [0.75 * 0.8, 0.5 * 0.6 + 0.75 * 0.8];
    expect(c[0]).toBeCloseTo(cells[1], 6);
    expect(sequence[0]).toBeCloseTo(0.25 * Math.tanh(cells[0]), 6);
    expect(sequence[1]).toBeCloseTo(0.25 * Math.tanh(cells[1]), 6);
    expect(h[0]).toBe(sequence[1]);
  });

  it("LSTM: input and output before act through their kernels", () => {
    const layer = layerWith(
      nativeLstm({ units: 1, returnSequences: true }),
      [ln3, 0, artanh, -ln3],
      [0, 0, 2, 0],
      [0, 0, 0, 0],
    );
    const [h1, h2] = outputs(layer, tf.tensor3d([[[1], [1]]]))[0].dataSync();
    expect(h1).toBeCloseTo(0.25 * Math.tanh(0.6), 6);
    const c2 = 0.5 * 0.6 + 0.75 * Math.tanh(artanh + 2 * 0.25 * Math.tanh(0.6));
    expect(h2).toBeCloseTo(0.25 * Math.tanh(c2), 6);
  });

  it("GRU: gates update, reset, candidate, the reset before the product", () => {
    // Update gate 3/4, reset gate 1/2; the candidate starts at 4/5.
    const layer = layerWith(nativeGru({ units: 1, returnSequences: true }), [ln3, 0, artanh], [0, 0, 2], [0, 0, 0]);
    const [h1, h2] = outputs(layer, tf.tensor3d([[[1], [1]]]))[0].dataSync();
    expect(h1).toBeCloseTo(0.25 * 0.8, 6);
    expect(h2).toBeCloseTo(0.75 * 0.2 + 0.25 * Math.tanh(artanh + 2 * (0.5 * 0.2)), 6);
  });

  it("a masked step repeats the output before it, and the initial state where there is none", () => {
    const layer = layerWith(nativeGru({ units: 1, returnSequences: true }), [ln3, 0, artanh], [0, 0, 2], [0, 0, 0]);
    const x = tf.tensor3d([[[NaN], [1], [9]]]);
    const mask = tf.tensor2d([[0, 1, 0]], [1, 3], "bool");
    const h = [...outputs(layer, x, { mask, initialState: [tf.tensor2d([[0]])] })[0].dataSync()];
    expect(h[0]).toBe(0);
    expect(h[1]).toBeCloseTo(0.2, 6);
    expect(h[2]).toBe(h[1]);
    expect(outputs(layer, x, { mask: tf.zeros([1, 3]), initialState: [tf.tensor2d([[0.5]])] })[0].dataSync()).toEqual(
      Float32Array.of(0.5, 0.5, 0.5),
    );
  });
});
