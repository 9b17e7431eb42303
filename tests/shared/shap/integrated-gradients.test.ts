import { integratedGradients } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { describe, expect, it } from "vitest";
import { leakOf } from "../native/switch.js";

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

/** f = 2a² + 3ab − b, whose gradient is (4a + 3b, 3a − 1). */
const quadratic = (inputs: tf.Tensor) => {
  const [a, b] = tf.split(inputs, 2, 1);
  return a.square().mul(2).add(a.mul(b).mul(3)).sub(b);
};

describe("integratedGradients", () => {
  it.each(["midpoint", "trapezoid"] as const)("is exact for a quadratic, with one step of the %s rule", (rule) => {
    // From (1, −1) to (3, 2): the gradient at the middle (2, 0.5) is (9.5, 5), times the way (2, 3).
    const found = integratedGradients(quadratic, [3, 2], { baseline: [1, -1], steps: 1, rule });
    expect(apart(found.values, [19, 15])).toBeLessThan(1e-5);
    expect([found.base, found.output]).toEqual([2 - 3 + 1, 18 + 18 - 2]);
    expect(Math.abs(found.residual)).toBeLessThan(1e-5);
  });

  it("shows its error as the residual, which falls with the square of the steps", () => {
    // f = a⁴ from 0 to 1: the midpoint rule of n steps gives 1 − 1/(2n²) to first order, the trapezoid rule 1 + 1/n².
    const fourth = (inputs: tf.Tensor) => inputs.pow(4);
    const residual = (steps: number, rule: "midpoint" | "trapezoid") =>
      integratedGradients(fourth, [1], { steps, rule }).residual;
    expect(residual(10, "midpoint")).toBeCloseTo(1 / 200, 4);
    expect(residual(10, "trapezoid")).toBeCloseTo(-1 / 100, 4);
    expect(residual(10, "midpoint") / residual(20, "midpoint")).toBeCloseTo(4, 1);
  });

  it("gives the same whatever the size of a batch, and for inputs of any shape", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [4, 4, 1],
          filters: 3,
          kernelSize: 3,
          activation: "tanh",
          kernelInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 2 }),
        }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.randomNormal({ stddev: 0.5, seed: 3 }) }),
      ],
    });
    const second = (inputs: tf.Tensor) => (model.apply(inputs) as tf.Tensor).slice([0, 1], [-1, 1]);
    const x = Float32Array.from({ length: 16 }, (_, i) => ((i * 5) % 7) / 6);
    const found = [3, 64].map((batchSize) =>
      integratedGradients(second, x, { shape: [4, 4, 1], batchSize, steps: 40 }),
    );
    expect(apart(found[0].values, found[1].values)).toBeLessThan(1e-6);
    const [output] = second(tf.tensor(x, [1, 4, 4, 1])).dataSync();
    expect(Math.abs(found[0].output - output)).toBeLessThan(1e-6);
    expect(Math.abs(found[0].residual)).toBeLessThan(1e-3);
    expect(leakOf(() => void integratedGradients(second, x, { shape: [4, 4, 1] }))).toBe(0);
  });

  const square = (inputs: tf.Tensor) => inputs.square().sum(1);
  it.each([
    [() => integratedGradients(square, [1, 2], { steps: 0 }), "expected steps to be a positive whole number but got 0"],
    [
      () => integratedGradients(square, [1, 2], { baseline: [0] }),
      "expected a baseline of 2 values, as x has, but got 1",
    ],
    [() => integratedGradients(square, [1, 2], { shape: [3] }), "expected a shape for 2 values but got [3]"],
    [
      () => integratedGradients((inputs) => inputs, [1, 2]),
      "one number for each of 50 inputs but its output has shape [50, 2]; pick the output to explain",
    ],
    [
      () => integratedGradients((inputs) => inputs.sum(1).sqrt(), [-1, -2]),
      "the gradient of input 0 is not finite on the path",
    ],
  ])("refuses what does not fit: %#", (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
