import { nativeGru, nativeLstm } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { describe, expect, it } from "vitest";
import { kinds, outputs } from "./layers.js";

type Options = Parameters<typeof nativeLstm>[0];

describe.each(kinds)("$name", ({ name, native, states }) => {
  it.each<[Options, string]>([
    [{ units: 2, recurrentActivation: "hardSigmoid" }, 'expected recurrentActivation "sigmoid" but got "hardSigmoid"'],
    [{ units: 2, activation: "relu" }, 'expected activation "tanh" but got "relu"'],
    [{ units: 2, recurrentDropout: 0.2 }, "expected recurrentDropout 0 but got 0.2"],
    [{ units: 2, kernelRegularizer: "l1l2" }, 'expected kernelRegularizer to be left out but got "l1l2"'],
    [{ units: 2, biasConstraint: "nonNeg" }, 'expected biasConstraint to be left out but got "nonNeg"'],
    [{ units: 2, unroll: true } as Options, "expected unroll false but got true"],
    [{ units: 2, resetAfter: true } as Options, "expected resetAfter false but got true"],
    [{ units: 2, implementation: 1 } as Options, "expected implementation to be left out but got 1"],
    [{ units: 2, dropout: 1 }, "expected dropout in [0, 1) but got 1"],
    [{ units: 0 }, "expected units to be a whole number from 1 but got 0"],
    [{} as Options, "expected units to be a whole number from 1 but got undefined"],
  ])("refuses %j", (options, message) => {
    expect(() => native(options)).toThrow(`${name}: ${message}`);
  });

  it("takes what it refuses otherwise when it is the value that it has", () => {
    const options = { units: 2, activation: "tanh", recurrentActivation: "sigmoid", recurrentDropout: 0 } as const;
    expect(native(options).getConfig()).toMatchObject({ ...options, implementation: "native" });
  });

  it("says what does not fit in a call", () => {
    const layer = native({ units: 2 });
    layer.build([3, 4, 1]);
    const x = tf.zeros([3, 4, 1]);
    const state = (units: number) => Array.from({ length: states }, () => tf.zeros([3, units]));
    expect(() => outputs(layer, x, { mask: tf.ones([3, 5]) })).toThrow(
      `${name}: expected a mask of shape [3, 4] but got [3, 5]`,
    );
    expect(() => outputs(layer, x, { initialState: state(3) })).toThrow(
      `${name}: expected initial state 0 of shape [3, 2] but got [3, 3]`,
    );
    expect(() => outputs(layer, x, { initialState: [...state(2), tf.zeros([3, 2])] })).toThrow(
      `${name}: expected ${states} initial states but got ${states + 1}`,
    );
    expect(() => outputs(layer, tf.zeros([3, 0, 1]))).toThrow(`${name}: expected at least one time step`);
  });

  it("says that it needs TensorFlow, when it is made and when it is applied", async () => {
    const layer = native({ units: 2 });
    layer.build([1, 3, 1]);
    await tf.setBackend("cpu");
    try {
      const message = `${name}: expected the backend "tensorflow" but TensorFlow.js runs on "cpu"; call tf.setBackend("tensorflow")`;
      expect(() => native({ units: 2 })).toThrow(message);
      expect(() => outputs(layer, tf.zeros([1, 3, 1]))).toThrow(message);
    } finally {
      await tf.setBackend("tensorflow");
    }
  });
});

it("leaves the options that it is given as they are, and numbers layers as TensorFlow.js does", () => {
  const options = Object.freeze({ units: 2 });
  const number = (layer: tf.layers.Layer) => Number(/\d+$/.exec(layer.name)?.[0]);
  for (const [make, stock] of [
    [nativeLstm, tf.layers.lstm],
    [nativeGru, tf.layers.gru],
  ] as const) {
    const first = number(make(options));
    expect(number(make(options))).toBe(first + 1);
    expect(number(stock({ units: 2 }))).toBe(first + 2);
  }
});
