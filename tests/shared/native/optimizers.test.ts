import { nativeAdam, nativeMomentum, type NativeOptimizer, nativeRmsProp } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { afterEach, describe, expect, it } from "vitest";
import { largestDifference, leakOf } from "./switch.js";

interface Pair {
  readonly name: string;
  readonly native: () => NativeOptimizer;
  readonly stock: () => tf.Optimizer;
}

const pairs: Pair[] = [
  { name: "Adam", native: () => nativeAdam(0.01), stock: () => tf.train.adam(0.01) },
  {
    name: "Adam with its own decays",
    native: () => nativeAdam(0.02, 0.8, 0.95, 1e-3),
    stock: () => tf.train.adam(0.02, 0.8, 0.95, 1e-3),
  },
  { name: "momentum", native: () => nativeMomentum(0.01, 0.9), stock: () => tf.train.momentum(0.01, 0.9) },
  { name: "Nesterov", native: () => nativeMomentum(0.01, 0.8, true), stock: () => tf.train.momentum(0.01, 0.8, true) },
  { name: "RMSProp", native: () => nativeRmsProp(0.01), stock: () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7) },
  {
    name: "RMSProp with momentum",
    native: () => nativeRmsProp(0.01, 0.8, 0.5, 1e-4),
    stock: () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-4),
  },
];

/** A problem with two variables: a matrix that maps x to y, and a bias. */
function problem() {
  const x = tf.randomNormal<tf.Rank.R2>([12, 4], 0, 1, "float32", 1);
  const y = tf.randomNormal<tf.Rank.R2>([12, 3], 0, 1, "float32", 2);
  const variables = [tf.variable(tf.randomNormal([4, 3], 0, 1, "float32", 3)), tf.variable(tf.zeros([3]))];
  const loss = () =>
    tf.tidy(() =>
      tf
        .matMul(x, variables[0] as tf.Tensor2D)
        .add(variables[1])
        .sub(y)
        .square()
        .mean<tf.Scalar>(),
    );
  return {
    variables,
    step: (optimizer: tf.Optimizer) => optimizer.minimize(loss, false, variables),
    values: () => variables.flatMap((variable) => [...variable.dataSync()]),
    dispose: () => tf.dispose([x, y, ...variables]),
  };
}

afterEach(() => {
  void tf.setBackend("tensorflow");
});

describe.each(pairs)("$name", ({ native, stock }) => {
  it("takes the steps of its counterpart, to 1e-5 after 60", () => {
    const [ours, theirs] = [problem(), problem()];
    const [a, b] = [native(), stock()];
    for (let i = 0; i < 60; i++) {
      ours.step(a);
      theirs.step(b);
    }
    expect(largestDifference(ours.values(), theirs.values())).toBeLessThan(1e-5);
    expect(a.iterations).toBe(60);
    expect(a.getConfig()).toEqual(b.getConfig());
    expect(a.getClassName()).toBe(b.getClassName());
  });

  it("continues from values that were assigned in between, and leaves older tensors alone", () => {
    const [ours, theirs] = [problem(), problem()];
    const [a, b] = [native(), stock()];
    for (const [part, optimizer] of [
      [ours, a],
      [theirs, b],
    ] as const) {
      part.step(optimizer);
      const before = part.variables[0].clone();
      const kept = [...before.dataSync()];
      part.step(optimizer);
      expect([...before.dataSync()]).toEqual(kept);
      part.variables[0].assign(tf.ones([4, 3]));
      part.step(optimizer);
      part.step(optimizer);
    }
    expect(largestDifference(ours.values(), theirs.values())).toBeLessThan(1e-5);
  });

  it("saves its state in its counterpart's form, and both can go on from it", async () => {
    const [ours, theirs, resumed] = [problem(), problem(), problem()];
    const [a, b, c, d] = [native(), stock(), native(), stock()];
    for (let i = 0; i < 5; i++) {
      ours.step(a);
      theirs.step(b);
    }
    const [saved, expected] = [await a.getWeights(), await b.getWeights()];
    const suffix = (name: string) => name.replace(/^.*\//, "");
    expect(saved.map(({ name }) => suffix(name))).toEqual(expected.map(({ name }) => suffix(name)));
    saved.forEach(({ tensor }, i) => {
      expect(largestDifference([...tensor.dataSync()], [...expected[i].tensor.dataSync()])).toBeLessThan(1e-5);
    });
    const copies = () => saved.map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
    resumed.variables.forEach((variable, i) => variable.assign(ours.variables[i].clone()));
    theirs.variables.forEach((variable, i) => variable.assign(ours.variables[i].clone()));
    await c.setWeights(copies());
    await d.setWeights(copies());
    for (let i = 0; i < 5; i++) {
      ours.step(a);
      resumed.step(c);
      theirs.step(d);
    }
    expect(resumed.values()).toEqual(ours.values());
    expect(largestDifference(theirs.values(), ours.values())).toBeLessThan(1e-5);
  });

  it("obeys a new learning rate at the next step", () => {
    const part = problem();
    const optimizer = native();
    part.step(optimizer);
    optimizer.learningRate = 0;
    const before = part.values();
    optimizer.getConfig();
    if (optimizer.getClassName() === "Adam") {
      part.step(optimizer);
      expect(part.values()).toEqual(before);
    }
    optimizer.learningRate = 0.5;
    part.step(optimizer);
    expect(largestDifference(part.values(), before)).toBeGreaterThan(0.01);
    expect(optimizer.getConfig().learningRate).toBe(0.5);
  });

  it("leaves nothing behind: not after a step, not after getWeights, not after dispose", async () => {
    const part = problem();
    const start = tf.memory().numTensors;
    const optimizer = native();
    expect(leakOf(() => part.step(optimizer))).toBe(0);
    await optimizer.getWeights().then(([iterations]) => iterations.tensor.dispose());
    const before = tf.memory().numTensors;
    await optimizer.getWeights().then(([iterations]) => iterations.tensor.dispose());
    expect(tf.memory().numTensors).toBe(before);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(start);
    part.dispose();
  });
});

describe("the native optimizers", () => {
  it("take steps that one works out by hand", () => {
    const after = (optimizer: tf.Optimizer, steps: number) => {
      const x = tf.variable(tf.scalar(1));
      for (let i = 0; i < steps; i++) optimizer.minimize(() => x.square().asScalar(), false, [x]);
      const [value] = x.dataSync();
      tf.dispose(x);
      optimizer.dispose();
      return value;
    };
    expect(after(nativeMomentum(0.25, 0.5), 2)).toBe(0); // 1, 0.5, then − 0.25 · (1 + 0.5 · 2)
    expect(after(nativeMomentum(0.25, 0), 2)).toBe(0.25); // plain descent halves x
    expect(after(nativeAdam(0.1), 1)).toBeCloseTo(0.9, 6); // the first step is the learning rate
    expect(after(nativeRmsProp(0.1, 0.75), 1)).toBeCloseTo(0.8, 6); // 0.1 · 2 / √(0.25 · 4)
  });

  it("train a compiled model with model.fit as their counterparts do", async () => {
    const weights = [tf.randomNormal([3, 2], 0, 1, "float32", 1), tf.zeros([2])];
    const train = async (optimizer: tf.Optimizer) => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
      model.compile({ optimizer, loss: "meanSquaredError" });
      model.setWeights(weights);
      const x = tf.randomNormal([20, 3], 0, 1, "float32", 4);
      const y = tf.randomNormal([20, 2], 0, 1, "float32", 5);
      const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
      return history.loss as number[];
    };
    expect(largestDifference(await train(nativeAdam(0.1)), await train(tf.train.adam(0.1)))).toBeLessThan(2e-5);
  });

  it("refuse what they cannot work with", () => {
    expect(() => nativeAdam(NaN)).toThrow("nativeAdam: expected the learning rate to be a number from 0 but got NaN");
    expect(() => nativeAdam(0.1, 1)).toThrow("nativeAdam: expected beta1 to be in [0, 1) but got 1");
    expect(() => nativeMomentum(0.1, -1)).toThrow("nativeMomentum: expected momentum to be in [0, 1)");
    expect(() => nativeRmsProp(0.1, 2)).toThrow("nativeRmsProp: expected decay to be in [0, 1)");
    void tf.setBackend("cpu");
    expect(() => nativeAdam()).toThrow('nativeAdam: expected the backend "tensorflow"');
  });
});
