import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { seedEverything, restoreMathRandom, useNativeKernels } from "@nn30/shared";
import { bothWays, largestDifference, leakOf } from "./switch.js";

const values = (length: number) => fc.array(fc.integer({ min: -8, max: 8 }), { minLength: length, maxLength: length });
const eachClose = ({ stock, native }: { stock: number[][]; native: number[][] }, tolerance: number) => {
  expect(native).toHaveLength(stock.length);
  native.forEach((part, i) => expect(largestDifference(part, stock[i])).toBeLessThan(tolerance));
};

afterEach(() => {
  void tf.setBackend("tensorflow");
  restoreMathRandom();
});

describe("useNativeKernels", () => {
  it("can be called twice, lists what it switched on, and takes all of it back", () => {
    const names = ["Relu", "Relu6", "Tanh", "Sigmoid", "Add"];
    const before = names.map((name) => tf.getGradient(name));
    const pool = tf.getKernel("MaxPool", "tensorflow").kernelFunc;
    const kernels = useNativeKernels();
    expect(useNativeKernels()).toBe(kernels);
    expect(kernels.replacements.map(({ native }) => native)).toEqual(
      expect.arrayContaining(["ReluGrad", "Relu6Grad", "TanhGrad", "SigmoidGrad", "BiasAddGrad"]),
    );
    names.forEach((name, i) => expect(tf.getGradient(name)).not.toBe(before[i]));
    kernels.restore();
    kernels.restore();
    names.forEach((name, i) => expect(tf.getGradient(name)).toBe(before[i]));
    expect(tf.getKernel("MaxPool", "tensorflow").kernelFunc).toBe(pool);
    expect(tf.getKernel("ReluGrad", "tensorflow")).toBeUndefined();
    const again = useNativeKernels();
    expect(again).not.toBe(kernels);
    again.restore();
  });

  it("uses up no layer name", () => {
    useNativeKernels().restore();
    expect(tf.layers.conv2d({ filters: 1, kernelSize: 1 }).name).toBe("conv2d_Conv2D1");
  });

  it("says what to do on another backend", () => {
    void tf.setBackend("cpu");
    expect(() => useNativeKernels()).toThrow(
      'useNativeKernels: expected the backend "tensorflow" but TensorFlow.js runs on "cpu"; call tf.setBackend("tensorflow")',
    );
  });
});

describe("activations", () => {
  const functions = { relu: tf.relu, relu6: tf.relu6, tanh: tf.tanh, sigmoid: tf.sigmoid };

  it("have the slopes that one works out by hand", () => {
    const kernels = useNativeKernels();
    const slope = (f: (x: tf.Tensor) => tf.Tensor) => [
      ...tf
        .grad((x) => f(x).sum())(tf.tensor1d([-1, 0, 2, 7]))
        .dataSync(),
    ];
    expect(slope((x) => tf.relu(x))).toEqual([0, 0, 1, 1]);
    expect(slope((x) => tf.relu6(x))).toEqual([0, 0, 1, 0]);
    expect(
      largestDifference(
        slope((x) => tf.tanh(x)),
        [0.4199743, 1, 0.0706508, 3.3e-6],
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        slope((x) => tf.sigmoid(x)),
        [0.1966119, 0.25, 0.1049936, 0.000910221],
      ),
    ).toBeLessThan(1e-6);
    kernels.restore();
  });

  it.each(Object.entries(functions))("%s: derivatives are those of stock TensorFlow.js", (name, f) => {
    fc.assert(
      fc.property(values(6), (list) => {
        const numbers = list.map((value) => value / 2 + 0.1); // not on a kink
        const run = () => {
          const x = tf.tensor1d(numbers);
          const first = tf.grad((t: tf.Tensor) => f(t).mul(t).sum());
          if (name === "relu6") return [f(x), first(x)]; // stock TensorFlow.js has no second derivative
          return [f(x), first(x), tf.grad((t: tf.Tensor) => first(t).square().sum())(x)];
        };
        eachClose(bothWays(run), 1e-6);
      }),
      { numRuns: 25, seed: 1 },
    );
  });
});

describe("the gradient of a bias", () => {
  it.each([
    [[4, 3], [3]],
    [[2, 5, 4, 3], [3]],
    [
      [2, 5, 4, 3],
      [1, 1, 1, 3],
    ],
    [
      [2, 5, 4, 3],
      [5, 1, 3],
    ],
    [[2, 3], []],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 3],
      [2, 3],
    ],
    [[3], [3]],
    [[3], [2, 3]],
  ])("of shapes %j and %j is that of stock TensorFlow.js", (a, b) => {
    const run = () => {
      const gradients = tf.grads((x, y) => tf.add(x, y).square().sum());
      return gradients([tf.randomNormal(a, 0, 1, "float32", 1), tf.randomNormal(b, 0, 1, "float32", 2)]);
    };
    eachClose(bothWays(run), 1e-6);
  });

  it("may be taken of a tensor and itself", () => {
    const run = () => [tf.grad((x) => tf.add(x, x).sum())(tf.ones([2, 3]))];
    expect(bothWays(run).native).toEqual([[2, 2, 2, 2, 2, 2]]);
  });

  it("has a gradient itself", () => {
    const first = (x: tf.Tensor, y: tf.Tensor) => tf.grad((b: tf.Tensor) => tf.add(x, b).square().sum())(y);
    const run = () => [
      tf.grad((b: tf.Tensor) =>
        first(tf.ones([4, 3]), b)
          .square()
          .sum(),
      )(tf.tensor1d([1, 2, 3])),
    ];
    eachClose(bothWays(run), 1e-6);
  });
});

describe("max pooling", () => {
  it("gives its values and gradients exactly, also where values are equal", () => {
    fc.assert(
      fc.property(
        fc.record({
          height: fc.integer({ min: 3, max: 7 }),
          width: fc.integer({ min: 3, max: 7 }),
          channels: fc.integer({ min: 1, max: 18 }),
          size: fc.integer({ min: 1, max: 3 }),
          stride: fc.integer({ min: 1, max: 3 }),
          pad: fc.constantFrom("valid" as const, "same" as const),
          seed: fc.integer({ min: 1, max: 1000 }),
        }),
        ({ height, width, channels, size, stride, pad, seed }) => {
          const run = () => {
            const x = tf.randomUniform<tf.Rank.R4>([2, height, width, channels], -3, 3, "float32", seed).round();
            const f = (t: tf.Tensor) => tf.maxPool(t as tf.Tensor4D, size, stride, pad);
            const dy = tf.randomUniform(f(x).shape, -9, 9, "float32", seed).round();
            return [f(x), tf.grad(f)(x, dy)];
          };
          const { stock, native } = bothWays(run);
          expect(native).toEqual(stock);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it("gives the first of equal values the gradient", () => {
    const kernels = useNativeKernels();
    const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
    const dx = tf.grad((t) => tf.maxPool(t as tf.Tensor4D, 2, 2, "valid").sum())(x);
    expect([...dx.dataSync()]).toEqual([1, 0, 0, 0]);
    kernels.restore();
  });

  it("leaves nothing behind, whether or not the gradient is used", () => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 6, 6, 3]);
    const kernels = useNativeKernels();
    const pool = (t: tf.Tensor) => tf.maxPool(t as tf.Tensor4D, 2, 2, "same");
    expect(leakOf(() => tf.dispose(pool(x)))).toBe(0);
    expect(leakOf(() => tf.dispose(tf.grad((t) => pool(t).sum())(x)))).toBe(0);
    expect(leakOf(() => tf.dispose(tf.grad((t) => tf.tidy(() => (pool(x), t.sum())))(x)))).toBe(0);
    kernels.restore();
    x.dispose();
  });
});

/** Output, gradients and weights of one layer's training pass. */
function trainingPass(make: () => tf.layers.Layer, shape: number[]): () => tf.Tensor[] {
  return () => {
    const layer = make();
    const x = tf.randomNormal(shape, 0.5, 2, "float32", 7);
    const weight = tf.randomNormal((layer.apply(x) as tf.Tensor).shape, 0, 1, "float32", 8);
    const initial = layer.getWeights().map((w, i) => tf.randomNormal(w.shape, 1, 0.3, "float32", 20 + i).abs());
    layer.setWeights(initial);
    const variables = layer.trainableWeights.map((w) => w.read() as tf.Variable);
    const output = layer.apply(x, { training: true }) as tf.Tensor;
    const afterOne = layer.getWeights().map((w) => w.clone());
    const dx = tf.grad((t) => (layer.apply(t, { training: true }) as tf.Tensor).mul(weight).sum())(x);
    const { grads } = tf.variableGrads(
      () => (layer.apply(x, { training: true }) as tf.Tensor).mul(weight).sum<tf.Scalar>(),
      variables,
    );
    const result = [output, layer.apply(x, { training: false }) as tf.Tensor, dx, ...Object.values(grads), ...afterOne];
    const kept = result.map((tensor) => tensor.clone());
    layer.dispose();
    return kept;
  };
}

describe("tf.layers.conv2d", () => {
  it.each([
    { kernelSize: 3, activation: "relu" as const },
    { kernelSize: [2, 3] as [number, number], strides: 2, padding: "same" as const },
    { kernelSize: 3, activation: "sigmoid" as const, padding: "same" as const },
    { kernelSize: 1, activation: "softmax" as const },
    { kernelSize: 3, useBias: false, activation: "relu" as const },
    { kernelSize: 2, dataFormat: "channelsLast" as const, kernelRegularizer: "l1l2" as const },
  ])("%j: values and gradients are those of stock TensorFlow.js", (config) => {
    eachClose(bothWays(trainingPass(() => tf.layers.conv2d({ filters: 5, ...config }), [2, 7, 8, 3])), 1e-5);
  });

  it("leaves dilated convolutions as they are", () => {
    const layer = tf.layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2 });
    layer.apply(tf.zeros([1, 5, 5, 1]));
    eachClose(
      bothWays(() => [layer.apply(tf.randomNormal([1, 5, 5, 1], 0, 1, "float32", 1)) as tf.Tensor]),
      1e-6,
    );
    layer.dispose();
  });
});

describe("tf.layers.batchNormalization", () => {
  it.each([[[6, 4]], [[3, 5, 4, 6]], [[2, 3, 4]]])(
    "on shape %j: values, gradients and running averages are those of stock TensorFlow.js",
    (shape) => {
      eachClose(bothWays(trainingPass(() => tf.layers.batchNormalization({ momentum: 0.7 }), shape)), 2e-5);
    },
  );

  it("normalises a column that one works out by hand", () => {
    const kernels = useNativeKernels();
    const layer = tf.layers.batchNormalization({ epsilon: 0.0001, momentum: 0.5 });
    const y = layer.apply(tf.tensor2d([[1], [3]]), { training: true }) as tf.Tensor;
    expect(largestDifference([...y.dataSync()], [-1, 1])).toBeLessThan(1e-4); // mean 2, variance 1
    const [mean, variance] = layer.getWeights().slice(2);
    expect([mean.dataSync()[0], variance.dataSync()[0]]).toEqual([1, 1]); // half of 0 and 2; half of 1 and 1
    kernels.restore();
    layer.dispose();
  });
});

describe("tf.layers.dropout", () => {
  const rate = 0.3;
  const pass = (x: tf.Tensor, seed: number, config = {}) => {
    seedEverything(seed);
    return tf.layers.dropout({ rate, ...config }).apply(x, { training: true }) as tf.Tensor;
  };

  it("drops the given part, scales the rest, and passes the gradient through what is left", () => {
    const kernels = useNativeKernels();
    const x = tf.ones([400, 200]);
    const y = pass(x, 1).dataSync();
    const kept = y.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / (1 - rate))]));
    expect(Math.abs(kept.length / y.length - (1 - rate))).toBeLessThan(0.02); // six standard errors
    expect([
      ...tf
        .grad((t) => pass(t, 1).sum())(x)
        .dataSync(),
    ]).toEqual([...y]);
    expect([...pass(x, 1).dataSync()]).toEqual([...y]);
    expect([...pass(x, 2).dataSync()]).not.toEqual([...y]);
    expect(leakOf(() => tf.dispose(pass(x, 1)))).toBe(0);
    kernels.restore();
  });

  it("is stock TensorFlow.js's on small inputs, where nothing is gained", () => {
    const { stock, native } = bothWays(() => [pass(tf.ones([20, 10]), 1)]);
    expect(native).toEqual(stock);
  });

  it("does nothing outside training, and keeps the numbers of a layer with its own seed", () => {
    const x = tf.randomNormal([256, 256]);
    const { stock, native } = bothWays(() => [
      tf.layers.dropout({ rate }).apply(x, { training: false }) as tf.Tensor,
      pass(x, 1, { seed: 0 }),
      pass(x, 1, { noiseShape: [256, 1] }),
    ]);
    expect(native).toEqual(stock);
  });
});

describe("a convolutional network", () => {
  const build = () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [10, 10, 2], filters: 6, kernelSize: 3, activation: "relu" }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.batchNormalization(),
        tf.layers.conv2d({ filters: 4, kernelSize: 2, activation: "tanh" }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 7, activation: "relu" }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });

  it("trains with model.fit and leaves no tensor behind", async () => {
    const kernels = useNativeKernels();
    const model = build();
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const x = tf.randomNormal([20, 10, 10, 2]);
    const y = tf.oneHot(tf.randomUniform([20], 0, 3, "int32"), 3);
    const train = () => model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0 });
    await train();
    const before = tf.memory().numTensors;
    await train();
    expect(tf.memory().numTensors).toBe(before);
    kernels.restore();
  });

  it("has the same gradients as in stock TensorFlow.js, and its weights load with or without the kernels", () => {
    const model = build();
    const weights = model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0.1, 0.3, "float32", i + 1).abs());
    const run = () => {
      model.setWeights(weights);
      const x = tf.randomNormal([6, 10, 10, 2], 0, 1, "float32", 5);
      // Without dropout, whose numbers differ: the layers are applied one by one.
      const forward = () =>
        model.layers
          .filter((layer) => layer.getClassName() !== "Dropout")
          .reduce((t, layer) => layer.apply(t, { training: true }) as tf.Tensor, x);
      const { value, grads } = tf.variableGrads(() => forward().square().sum<tf.Scalar>());
      return [
        value,
        ...Object.keys(grads)
          .sort()
          .map((name) => grads[name]),
      ];
    };
    eachClose(bothWays(run), 2e-5);
  });
});
