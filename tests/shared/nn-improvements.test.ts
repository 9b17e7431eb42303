import {
  activations,
  crossEntropyCost,
  earlyStopping,
  initializers,
  layerDiagnostics,
  Network,
  Random,
  sigmoid,
} from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** A small problem with blank inputs, so that some weights see no gradient at all in a mini-batch. */
function smallProblem() {
  const random = new Random(4);
  return {
    inputs: Float64Array.from({ length: 12 * 6 }, (_, i) => (i % 6 === 5 ? 0 : random.uniform(-1, 1))),
    labels: Array.from({ length: 12 }, () => random.integer(3)),
  };
}

/** Weights and biases after training with one tfjs variable a matrix, plain gradients and the update given. */
function trainWithTensorFlow(
  network: Network,
  examples: { inputs: Float64Array; labels: number[] },
  epochs: number,
  update: (weight: tf.Tensor, gradient: tf.Tensor, velocity: tf.Tensor, isBias: boolean) => tf.Tensor[],
): Float32Array[] {
  return tf.tidy(() => {
    const { sizes } = network;
    let variables: tf.Tensor[] = network.weights.flatMap((w, l) => [
      tf.tensor2d(Float32Array.from(w), [sizes[l + 1], sizes[l]]),
      tf.tensor1d(Float32Array.from(network.biases[l])),
    ]);
    let velocities: tf.Tensor[] = variables.map((v) => tf.zerosLike(v));
    const x = tf.tensor2d(Float32Array.from(examples.inputs), [examples.labels.length, sizes[0]]);
    const y = tf.oneHot(tf.tensor1d(examples.labels, "int32"), sizes[sizes.length - 1]);
    const cost = (...parameters: tf.Tensor[]): tf.Scalar => {
      let a: tf.Tensor = x;
      let z: tf.Tensor = a;
      for (let l = 0; 2 * l < parameters.length; l++) {
        z = tf.add(tf.matMul(a, parameters[2 * l] as tf.Tensor2D, false, true), parameters[2 * l + 1]);
        a = tf.tanh(z);
      }
      // Cross-entropy of sigmoid outputs, from z: softplus(z) − y z.
      return tf.sub(tf.softplus(z), tf.mul(y, z)).sum().div(examples.labels.length);
    };
    for (let epoch = 0; epoch < epochs; epoch++) {
      const gradients = tf.grads(cost)(variables);
      const moved = variables.map((v, i) => update(v, gradients[i], velocities[i], i % 2 === 1));
      variables = moved.map(([v]) => v);
      velocities = moved.map(([, velocity]) => velocity);
    }
    return variables.map((v) => v.dataSync<"float32">().slice());
  });
}

describe("cross-entropy", () => {
  it("has a − y as the slope of its value through the sigmoid", () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (z, y) => {
        const h = 1e-5;
        const slope = (crossEntropyCost.value(sigmoid(z + h), y) - crossEntropyCost.value(sigmoid(z - h), y)) / (2 * h);
        expect(Math.abs(crossEntropyCost.outputError(sigmoid(z), y) - slope)).toBeLessThan(1e-8);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("is 0 for a right answer given with certainty and infinite for a wrong one", () => {
    expect([crossEntropyCost.value(1, 1), crossEntropyCost.value(0, 0)]).toEqual([0, 0]);
    expect([crossEntropyCost.value(0, 1), crossEntropyCost.value(1, 0)]).toEqual([Infinity, Infinity]);
  });
});

describe("activations", () => {
  it.each(Object.values(activations))("$name: the slope is that of the value", ({ value, slope }) => {
    for (const z of [-2.5, -0.4, 0.3, 1.7]) {
      expect(slope(value(z))).toBeCloseTo((value(z + 1e-6) - value(z - 1e-6)) / 2e-6, 8);
    }
  });

  it.each(Object.values(activations))("$name: a network of it has the gradients of its cost", (activation) => {
    const network = new Network([4, 5, 3, 2], { random: new Random(8), activation, cost: crossEntropyCost });
    const x = [0.3, -0.7, 1, 0.2];
    const y = [0, 1];
    const { weights } = network.gradients(x, y);
    network.layers.forEach((layer, l) => {
      for (let j = 0; j < layer.outputs; j++) {
        for (let k = 0; k < layer.inputs; k++) {
          const w = layer.weight(j, k);
          const at = (by: number) => {
            layer.setWeight(j, k, w + by);
            return network.cost({ inputs: x, targets: y });
          };
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          layer.setWeight(j, k, w);
          expect(Math.abs(weights[l][j * layer.inputs + k] - slope)).toBeLessThan(1e-8);
        }
      }
    });
  });
});

describe("initializers", () => {
  const deviation = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  it.each([
    ["standardNormal", 1, 1],
    ["scaledNormal", 1 / Math.sqrt(500), 1],
    ["glorotNormal", Math.sqrt(2 / 600), 0],
    ["heNormal", Math.sqrt(2 / 500), 0],
  ] as const)("%s: weights of deviation %d, biases of %d", (name, weights, biases) => {
    const network = new Network([500, 100], { random: new Random(2), initializer: initializers[name] });
    expect(deviation(network.weights[0]) / weights).toBeCloseTo(1, 1);
    expect(deviation(network.biases[0])).toBeCloseTo(biases, 0.5);
    expect(initializers[name].name).toBe(name);
  });
});

describe("training with L2, momentum, a schedule, early stopping", () => {
  const options = { cost: crossEntropyCost, activation: activations.tanh };

  it("takes the steps that TensorFlow.js takes with weight decay and momentum", () => {
    const examples = smallProblem();
    const [eta, l2, momentum, epochs] = [0.5, 0.6, 0.9, 7];
    for (const mu of [0, momentum]) {
      const network = new Network([6, 4, 3], { random: new Random(5), ...options });
      const theirs = trainWithTensorFlow(network, examples, epochs, (w, gradient, v, isBias) => {
        const slope = isBias ? gradient : tf.add(gradient, tf.mul(w, l2 / examples.labels.length));
        const velocity = tf.sub(tf.mul(v, mu), tf.mul(slope, eta));
        return [tf.add(w, velocity), velocity];
      });
      network.train(examples, { epochs, batchSize: 12, learningRate: eta, l2, momentum: mu, random: new Random(1) });
      network.weights.forEach((w, l) => {
        w.forEach((value, i) => expect(Math.abs(value - theirs[2 * l][i])).toBeLessThan(2e-6));
        network.biases[l].forEach((value, i) => expect(Math.abs(value - theirs[2 * l + 1][i])).toBeLessThan(2e-6));
      });
    }
  });

  it("gives the same with l2 and momentum 0 as without", () => {
    const train = (extra: { l2?: number; momentum?: number }) => {
      const network = new Network([6, 4, 3], { random: new Random(5), ...options });
      network.train(smallProblem(), { epochs: 3, batchSize: 5, learningRate: 1, random: new Random(1), ...extra });
      return network.weights;
    };
    expect(train({ l2: 0, momentum: 0 })).toEqual(train({}));
    expect(train({ l2: 0.1 })).not.toEqual(train({}));
  });

  it("asks for the learning rate of every epoch", () => {
    const asked: [number, number][] = [];
    const run = (learningRate: number | ((epoch: number) => number), epochs: number, network: Network) =>
      network.train(smallProblem(), { epochs, batchSize: 12, learningRate, random: new Random(1) });
    const scheduled = new Network([6, 3], { random: new Random(5) });
    scheduled.train(smallProblem(), {
      epochs: 2,
      batchSize: 12,
      random: new Random(1),
      learningRate: (epoch, history) => (asked.push([epoch, history.seconds.length]), epoch === 1 ? 2 : 0.5),
    });
    const byHand = new Network([6, 3], { random: new Random(5) });
    run(2, 1, byHand);
    run(0.5, 1, byHand);
    expect(asked).toEqual([
      [1, 0],
      [2, 1],
    ]);
    scheduled.weights[0].forEach((w, i) => expect(w).toBeCloseTo(byHand.weights[0][i], 12));
    expect(() => run(() => NaN, 1, byHand)).toThrow("expected learningRate to be positive but got NaN");
  });

  it("ends where stop says so, with what was recorded until then", () => {
    const scores = [0.1, 0.5, 0.4, 0.5, 0.3, 0.9];
    const history = new Network([6, 3], { random: new Random(5) }).train(smallProblem(), {
      epochs: 6,
      batchSize: 12,
      learningRate: 1,
      random: new Random(1),
      evaluate: (epoch) => ({ validation: scores[epoch - 1] }),
      stop: earlyStopping("validation", 2),
    });
    expect(history.metrics.validation).toEqual([0.1, 0.5, 0.4, 0.5]);
    expect(history.seconds).toHaveLength(4);
  });

  it("says what is wrong with an option", () => {
    const network = new Network([6, 3], { random: new Random(5) });
    const train = (extra: { l2?: number; momentum?: number; stop?: ReturnType<typeof earlyStopping> }) =>
      network.train(smallProblem(), { epochs: 1, batchSize: 4, learningRate: 1, random: new Random(1), ...extra });
    const before = network.weights;
    expect(() => train({ l2: -1 })).toThrow("expected l2 (λ) to be 0 or more but got -1");
    expect(() => train({ l2: 13 })).toThrow("take a smaller l2");
    expect(() => train({ momentum: 1 })).toThrow("expected momentum in [0, 1) but got 1");
    expect(network.weights).toEqual(before);
    expect(() => train({ stop: earlyStopping("test", 3) })).toThrow('expected evaluate to return "test"');
    expect(() => earlyStopping("test", 0)).toThrow(RangeError);
  });
});

describe("layerDiagnostics", () => {
  it("measures a case worked by hand", () => {
    // One neuron, w = 2, b = −1, quadratic cost, two examples: x = 0.5 (z = 0, a = ½) and x = 3 (z = 5, a = σ(5)).
    const network = new Network([1, 1], { random: new Random(1) });
    network.layers[0].setWeight(0, 0, 2);
    network.biases[0][0] = -1;
    const examples = { inputs: [0.5, 3], targets: [1, 0] };
    const a = sigmoid(5);
    const slopes = [(0.5 - 1) * 0.25 * 0.5, a * a * (1 - a) * 3];
    const measured = layerDiagnostics(network, examples, { batchSize: 1, learningRate: 4 });
    expect(measured.gradientNorm1).toBeCloseTo(Math.abs(slopes[0] + slopes[1]) / 2, 12);
    expect(measured.weightNorm1).toBe(2);
    expect(measured.updateRatio1).toBeCloseTo((4 * (Math.abs(slopes[0]) + Math.abs(slopes[1]))) / 2 / 2, 12);
    expect(measured.saturation1).toBe(0.5); // σ′(5) = 0.0066 < 0.025 = a tenth of ¼
  });

  it("leaves the network as it was, and refuses a batch larger than the examples", () => {
    const network = new Network([6, 4, 3], { random: new Random(5), activation: activations.relu });
    const before = network.weights;
    const measured = layerDiagnostics(network, smallProblem(), { batchSize: 5, learningRate: 1 });
    expect(network.weights).toEqual(before);
    expect(Object.values(measured).every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    expect(() => layerDiagnostics(network, smallProblem(), { batchSize: 13, learningRate: 1 })).toThrow("in 1 … 12");
  });
});
