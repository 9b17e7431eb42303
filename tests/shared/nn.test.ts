import { mnist, Network, quadraticCost, Random, sigmoid, SparseRows } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Random inputs of which about four in five are zero, and one-hot targets by label. */
function sparseExamples(random: Random, count: number, inputs: number, outputs: number) {
  return {
    inputs: Float64Array.from({ length: count * inputs }, () => (random.uniform() < 0.8 ? 0 : random.uniform(-1, 1))),
    labels: Array.from({ length: count }, () => random.integer(outputs)),
  };
}

/** Mini-batch SGD once more, dense, one matrix element at a time, in the order of the examples given. */
function denseStep(
  weights: Float64Array[],
  biases: Float64Array[],
  batch: { x: ArrayLike<number>; y: number[] }[],
  eta: number,
): void {
  const weightSums = weights.map((w) => new Float64Array(w.length));
  const biasSums = biases.map((b) => new Float64Array(b.length));
  for (const { x, y } of batch) {
    const activations: number[][] = [Array.from(x)];
    weights.forEach((w, l) => {
      const a = activations[l];
      activations.push(
        Array.from(biases[l], (b, j) => 1 / (1 + Math.exp(-a.reduce((z, ak, k) => z + w[j * a.length + k] * ak, b)))),
      );
    });
    let delta = activations[weights.length].map((a, j) => (a - y[j]) * a * (1 - a));
    for (let l = weights.length - 1; l >= 0; l--) {
      const a = activations[l];
      delta.forEach((d, j) => {
        biasSums[l][j] += d;
        a.forEach((ak, k) => (weightSums[l][j * a.length + k] += d * ak));
      });
      delta = a.map((ak, k) => delta.reduce((sum, d, j) => sum + weights[l][j * a.length + k] * d, 0) * ak * (1 - ak));
    }
  }
  weights.forEach((w, l) => {
    w.forEach((_, i) => (w[i] -= (eta / batch.length) * weightSums[l][i]));
    biases[l].forEach((_, j) => (biases[l][j] -= (eta / batch.length) * biasSums[l][j]));
  });
}

/** A matrix in TensorFlow.js, which does not take float64. */
function matrix(values: Float64Array, shape: [number, number]): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(values), shape);
}

function largestDifference(a: Float64Array[], b: Float64Array[]): number {
  return Math.max(...a.flatMap((array, l) => [...array].map((value, i) => Math.abs(value - b[l][i]))));
}

describe("sigmoid and quadratic cost", () => {
  it("gives known values and survives extremes", () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 15);
    expect([sigmoid(-1e4), sigmoid(1e4)]).toEqual([0, 1]);
  });

  it("has the slope of its value, through the sigmoid, as output error", () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (z, y) => {
        const h = 1e-5;
        const slope = (quadraticCost.value(sigmoid(z + h), y) - quadraticCost.value(sigmoid(z - h), y)) / (2 * h);
        expect(Math.abs(quadraticCost.outputError(sigmoid(z), y) - slope)).toBeLessThan(1e-9);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe("SparseRows", () => {
  it("holds exactly the dense matrix, scaled, whichever rows are taken", () => {
    const element = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(element, element, element), { maxLength: 8 }), fc.nat(8), (matrix, skip) => {
        const first = Math.min(skip, matrix.length);
        const rows = SparseRows.from(matrix.flat(), 3, 1 / 255, first);
        expect(rows.count).toBe(matrix.length - first);
        const dense = matrix.slice(first).map(() => [0, 0, 0]);
        dense.forEach((row, r) => {
          for (let i = rows.starts[r]; i < rows.starts[r + 1]; i++) row[rows.columns[i]] = rows.values[i];
        });
        expect(dense).toEqual(matrix.slice(first).map((row) => row.map((value) => value * (1 / 255))));
        expect(rows.values.includes(0)).toBe(false);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("refuses widths that its column numbers cannot hold", () => {
    expect(() => SparseRows.from([], 65_537)).toThrow("SparseRows: expected a width in 1 … 65536 but got 65537");
    expect(() => SparseRows.full(1, 0)).toThrow(RangeError);
  });
});

describe("Network", () => {
  it("computes σ(w a + b) as by hand", () => {
    const network = new Network([2, 1], { random: new Random(1) });
    network.layers[0].setWeight(0, 0, 0.4);
    network.layers[0].setWeight(0, 1, 0.6);
    network.biases[0][0] = 0.1;
    expect([...network.weights[0]]).toEqual([0.4, 0.6]);
    expect(network.feedforward([0.5, 0.8])[0]).toBeCloseTo(sigmoid(0.78), 15); // 0.2 + 0.48 + 0.1
  });

  it("starts from standard normal weights and biases", () => {
    const network = new Network([784, 30, 10], { random: new Random(1) });
    const drawn = [...network.weights, ...network.biases].flatMap((array) => [...array]);
    expect(drawn).toHaveLength(23_860);
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = drawn.reduce((sum, w) => sum + (w - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  it("feeds forward as TensorFlow.js does, on random networks", () => {
    const random = new Random(2);
    for (let repeat = 0; repeat < 20; repeat++) {
      const sizes = Array.from({ length: 2 + random.integer(3) }, () => 1 + random.integer(12));
      const network = new Network(sizes, { random });
      const { inputs } = sparseExamples(random, 1, sizes[0], 1);
      const theirs = tf.tidy(() =>
        network.weights
          .reduce<tf.Tensor>(
            (a, w, l) =>
              tf.sigmoid(
                tf.add(tf.matMul(matrix(w, [sizes[l + 1], sizes[l]]), a), matrix(network.biases[l], [sizes[l + 1], 1])),
              ),
            matrix(inputs, [sizes[0], 1]),
          )
          .dataSync(),
      );
      network.feedforward(inputs).forEach((a, j) => expect(Math.abs(a - theirs[j])).toBeLessThan(1e-6));
    }
  });

  it("has the gradients of its cost: central differences on every weight and bias", () => {
    const random = new Random(3);
    const network = new Network([5, 4, 3, 2], { random });
    const x = [0.3, 0, -0.7, 1, 0.2];
    const y = [0, 1];
    const { weights, biases } = network.gradients(x, y);
    const cost = () => network.cost({ inputs: x, targets: y });
    const h = 1e-4;
    // Richardson's combination of two central differences: its own error, of order h⁴, is far below the tolerance.
    const slope = (move: (by: number) => void) => {
      const difference = (step: number) => {
        move(step);
        const above = cost();
        move(-2 * step);
        const below = cost();
        move(step);
        return (above - below) / (2 * step);
      };
      return (4 * difference(h * 8) - difference(h * 16)) / 3;
    };
    let worst = 0;
    let checked = 0;
    const compare = (gradient: number, numeric: number) => {
      checked++;
      if (gradient === 0) expect(numeric).toBe(0);
      else worst = Math.max(worst, Math.abs(gradient - numeric) / Math.max(Math.abs(gradient), Math.abs(numeric)));
    };
    network.layers.forEach((layer, l) => {
      for (let j = 0; j < layer.outputs; j++) {
        compare(
          biases[l][j],
          slope((by) => (layer.biases[j] += by)),
        );
        for (let k = 0; k < layer.inputs; k++) {
          compare(
            weights[l][j * layer.inputs + k],
            slope((by) => {
              layer.setWeight(j, k, layer.weight(j, k) + by);
            }),
          );
        }
      }
    });
    expect(checked).toBe(4 * 6 + 3 * 5 + 2 * 4);
    expect(worst).toBeLessThanOrEqual(1e-7);
  });

  it("has the gradients of TensorFlow.js", () => {
    const network = new Network([3, 4, 2], { random: new Random(4) });
    const x = [0.5, -1, 0];
    const y = [1, 0];
    const { weights } = network.gradients(x, y);
    const gradients = tf.tidy(() => {
      const [w1, w2] = network.weights.map((w, l) => matrix(w, [network.sizes[l + 1], network.sizes[l]]));
      const [b1, b2] = network.biases.map((b) => matrix(b, [b.length, 1]));
      const cost = (v1: tf.Tensor, v2: tf.Tensor) => {
        const hidden = tf.sigmoid(tf.add(tf.matMul(v1, tf.tensor2d(x, [3, 1])), b1));
        const output = tf.sigmoid(tf.add(tf.matMul(v2, hidden), b2));
        return tf.mul(0.5, tf.sum(tf.squaredDifference(output, tf.tensor2d(y, [2, 1]))));
      };
      return tf.grads(cost)([w1, w2]);
    });
    const theirGradients = gradients.map((gradient) => Float64Array.from(gradient.dataSync()));
    tf.dispose(gradients);
    expect(largestDifference([...weights], theirGradients)).toBeLessThan(1e-6);
  });

  it("trains as the dense algorithm does, with mini-batches that do not divide the examples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 7 }), (seed, batchSize) => {
        const random = new Random(seed);
        const sizes = [11, 6, 5, 3];
        const examples = sparseExamples(random, 13, 11, 3);
        const network = new Network(sizes, { random });
        const weights = network.weights;
        const biases = network.biases.map((b) => b.slice());
        network.train(examples, { epochs: 2, batchSize, learningRate: 3, random: new Random(seed) });

        const again = new Random(seed);
        const order = Uint32Array.from({ length: 13 }, (_, i) => i);
        for (let epoch = 0; epoch < 2; epoch++) {
          again.shuffle(order);
          for (let first = 0; first < 13; first += batchSize) {
            const batch = Array.from(order.slice(first, first + batchSize), (i) => ({
              x: examples.inputs.slice(i * 11, (i + 1) * 11),
              y: [0, 1, 2].map((j) => Number(j === examples.labels[i])),
            }));
            denseStep(weights, biases, batch, 3);
          }
        }
        expect(largestDifference(network.weights, weights)).toBeLessThan(1e-12);
        expect(largestDifference(network.biases, biases)).toBeLessThan(1e-12);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("takes one step of one neuron as by hand", () => {
    // Nielsen, chapter 3: w = 0.6, b = 0.9, x = 1, y = 0, η = 0.15; a = σ(1.5), so C = ½ a² and δ = a² (1 − a).
    const random = new Random(1);
    const network = new Network([1, 1], { random });
    network.layers[0].setWeight(0, 0, 0.6);
    network.biases[0][0] = 0.9;
    const a = 1 / (1 + Math.exp(-1.5));
    const example = { inputs: [1], targets: [0] };
    expect(network.cost(example)).toBeCloseTo((a * a) / 2, 15);
    network.train(example, { epochs: 1, batchSize: 1, learningRate: 0.15, random });
    expect(network.weights[0][0]).toBeCloseTo(0.6 - 0.15 * a * a * (1 - a), 15);
    expect(network.biases[0][0]).toBeCloseTo(0.9 - 0.15 * a * a * (1 - a), 15);
    network.train(example, { epochs: 299, batchSize: 1, learningRate: 0.15, random });
    expect(network.feedforward([1])[0].toFixed(3)).toBe("0.094");
  });

  it("learns real digits, the same ones for the same seed", () => {
    const { train, test } = mnist();
    const learn = (seed: number) => {
      const random = new Random(seed);
      const network = new Network([784, 10, 10], { random });
      const history = network.train(train.take(2_000), {
        epochs: 5,
        batchSize: 10,
        learningRate: 3,
        random,
        evaluate: () => ({ accuracy: network.accuracy(test.take(500)), cost: network.cost(train.take(500)) }),
      });
      return { history, weights: network.weights };
    };
    const first = learn(1);
    const { accuracy, cost } = first.history.metrics;
    expect(accuracy).toHaveLength(5);
    expect(first.history.seconds.every((seconds) => seconds > 0)).toBe(true);
    expect(accuracy[4]).toBeGreaterThan(0.65);
    expect(cost[4]).toBeLessThan(cost[0]);
    expect(largestDifference(learn(1).weights, first.weights)).toBe(0);
    expect(largestDifference(learn(2).weights, first.weights)).toBeGreaterThan(0.1);
  });

  it("predicts and scores the same for bytes with a scale as for pixels", () => {
    const test = mnist().test.take(1_200);
    const network = new Network([784, 12, 10], { random: new Random(5) });
    const digits = network.predict({ inputs: test.pixels });
    expect(network.predict(test)).toEqual(digits);
    for (const i of [0, 999, 1_000, 1_199]) {
      const outputs = [...network.feedforward(test.pixels.subarray(i * 784, (i + 1) * 784))];
      expect(digits[i]).toBe(outputs.indexOf(Math.max(...outputs)));
    }
    const right = [...digits].filter((digit, i) => digit === test.labels[i]).length;
    expect(network.accuracy(test)).toBe(right / 1_200);
    expect(network.cost(test)).toBeCloseTo(network.cost({ inputs: test.pixels, targets: test.oneHot() }), 6);
  });

  it("hands out activations and gradients that later calls do not change", () => {
    const network = new Network([2, 3, 1], { random: new Random(1) });
    const outputs = network.feedforward([1, 2]);
    const [hidden] = network.activations([1, 2]);
    const gradients = network.gradients([1, 2], [0]);
    const copies = structuredClone([outputs, hidden, gradients]);
    network.gradients([-3, 5], [1]);
    expect([outputs, hidden, gradients]).toEqual(copies);
  });

  const random = new Random(1);
  const network = new Network([2, 3, 2], { random });
  const options = { epochs: 1, batchSize: 1, learningRate: 1, random };
  it.each<[string, () => unknown, string]>([
    ["sizes", () => new Network([3], { random }), "Network: expected at least two positive layer sizes but got [3]"],
    ["a size of zero", () => new Network([3, 0], { random }), "but got [3, 0]"],
    ["an input", () => network.feedforward([1]), "Network.feedforward: expected x of shape [2] but got [1]"],
    ["a target", () => network.gradients([1, 2], [1]), "Network.gradients: expected y of shape [2] but got [1]"],
    [
      "inputs",
      () => network.train({ inputs: [1, 2, 3], labels: [0] }, options),
      "Network.train: expected inputs of shape [count, 2] with count ≥ 1 but got 3 numbers",
    ],
    ["no inputs", () => network.predict({ inputs: [] }), "Network.predict: expected inputs of shape [count, 2]"],
    [
      "labels",
      () => network.train({ inputs: [1, 2], labels: [0, 1] }, options),
      "Network.train: expected labels of shape [1] but got [2]",
    ],
    [
      "a label",
      () => network.accuracy({ inputs: [1, 2], labels: [2] }),
      "Network.accuracy: expected labels[0] to be a class number in 0 … 1 but got 2",
    ],
    [
      "targets",
      () => network.cost({ inputs: [1, 2], targets: [0] }),
      "Network.cost: expected targets of shape [1, 2] but got 1 numbers",
    ],
    [
      "missing labels",
      () => network.cost({ inputs: [1, 2] }),
      "expected examples with labels or targets but got neither",
    ],
    ["missing labels to score", () => network.accuracy({ inputs: [1, 2] }), "with labels but got none"],
    [
      "epochs",
      () => network.train({ inputs: [1, 2], labels: [0] }, { ...options, epochs: 0 }),
      "Network.train: expected epochs to be a positive whole number but got 0",
    ],
    [
      "the learning rate",
      () => network.train({ inputs: [1, 2], labels: [0] }, { ...options, learningRate: NaN }),
      "Network.train: expected learningRate to be positive but got NaN",
    ],
    [
      "a measurement that comes and goes",
      () =>
        network.train(
          { inputs: [1, 2], labels: [0] },
          { ...options, epochs: 2, evaluate: (epoch): Record<string, number> => (epoch === 1 ? { cost: 1 } : {}) },
        ),
      "Network.train: expected evaluate to return cost after every epoch, or never",
    ],
  ])("refuses wrong %s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
