// The compiled kernels against the same algorithm in plain loops, to the last bit: records made by either stay valid.

import {
  activations,
  type Activation,
  type Cost,
  crossEntropyCost,
  Network,
  quadraticCost,
  Random,
} from "@nn30/shared";
import { type Kernels, withKernels } from "@nn30/shared/dist/nn/kernels.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface PlainLayer {
  inputs: number;
  outputs: number;
  /** w_jk at [k][j]. */
  w: number[][];
  b: number[];
  weightVelocity: number[][];
  biasVelocity: number[];
}

interface Settings {
  rate: number;
  keep: number;
  momentum: number;
  cost: Cost;
  hidden: Activation;
}

function plainLayers(network: Network): PlainLayer[] {
  return network.layers.map(({ inputs, outputs, biases }, l) => ({
    inputs,
    outputs,
    w: Array.from({ length: inputs }, (_, k) =>
      Array.from({ length: outputs }, (_, j) => network.layers[l].weight(j, k)),
    ),
    b: [...biases],
    weightVelocity: Array.from({ length: inputs }, () => new Array<number>(outputs).fill(0)),
    biasVelocity: new Array<number>(outputs).fill(0),
  }));
}

/** The entries of a vector that count: of the network's input those that are not zero, of activations all. */
function stored(x: number[], l: number): number[] {
  return [...x.keys()].filter((k) => l > 0 || x[k] !== 0);
}

/** Sum of products in the order that is promised: fours first, each added up by itself, then `rest` at a time. */
function addInGroups(start: number, terms: number[], sizes: number[], sign: 1 | -1): number {
  let total = start;
  let i = 0;
  for (const size of sizes) {
    for (; i + size <= terms.length; i += size) {
      const sum = terms.slice(i + 1, i + size).reduce((a, b) => a + b, terms[i]);
      total = sign === 1 ? total + sum : total - sum;
    }
  }
  return total;
}

function plainForward(layers: PlainLayer[], x: number[], hidden: Activation): number[][] {
  const all = [x];
  layers.forEach(({ w, b }, l) => {
    const a = all[l];
    const columns = stored(a, l);
    const z = b.map((bias, j) =>
      addInGroups(
        bias,
        columns.map((k) => a[k] * w[k][j]),
        [4, 1],
        1,
      ),
    );
    all.push(z.map((value) => (l === layers.length - 1 ? 1 / (1 + Math.exp(-value)) : hidden.value(value))));
  });
  return all;
}

function plainStep(layers: PlainLayer[], batch: { x: number[]; y: number[] }[], settings: Settings): void {
  const { rate, keep, momentum, cost, hidden } = settings;
  const passes = batch.map(({ x, y }) => {
    const a = plainForward(layers, x, hidden);
    const errors: number[][] = [];
    errors[layers.length - 1] = a[layers.length].map((value, j) => cost.outputError(value, y[j]));
    for (let l = layers.length - 1; l > 0; l--) {
      errors[l - 1] = layers[l].w.map((row, k) => {
        let sum = 0;
        row.forEach((w, j) => (sum += w * errors[l][j]));
        return sum * hidden.slope(a[l][k]);
      });
    }
    return { a, errors };
  });
  layers.forEach((layer, l) => {
    for (let k = 0; k < layer.inputs; k++) {
      const having = passes.filter(({ a }) => l > 0 || a[0][k] !== 0);
      for (let j = 0; j < layer.outputs; j++) {
        const terms = having.map(({ a, errors }) => rate * a[l][k] * errors[l][j]);
        if (momentum > 0) {
          const v = momentum * layer.weightVelocity[k][j] - (1 - keep) * layer.w[k][j];
          layer.weightVelocity[k][j] = addInGroups(v, terms, [4, 2, 1], -1);
          layer.w[k][j] += layer.weightVelocity[k][j];
        } else {
          layer.w[k][j] = addInGroups(layer.w[k][j] * keep, terms, [4, 2, 1], -1);
        }
      }
    }
    for (let j = 0; j < layer.outputs; j++) {
      const changes = passes.map(({ errors }) => rate * errors[l][j]);
      if (momentum > 0) {
        layer.biasVelocity[j] = changes.reduce((v, change) => v - change, layer.biasVelocity[j] * momentum);
        layer.b[j] += layer.biasVelocity[j];
      } else {
        layer.b[j] = changes.reduce((b, change) => b - change, layer.b[j]);
      }
    }
  });
}

/** Weights `[inputs, outputs]` and biases, exactly. */
function bitsOf(network: Network): BigUint64Array[] {
  return network.layers.flatMap(({ kernel, biases }) => [
    new BigUint64Array(kernel.slice().buffer),
    new BigUint64Array(biases.slice().buffer),
  ]);
}

function plainBits(layers: PlainLayer[]): BigUint64Array[] {
  return layers.flatMap(({ w, b }) => [
    new BigUint64Array(Float64Array.from(w.flat()).buffer),
    new BigUint64Array(Float64Array.from(b).buffer),
  ]);
}

const leaky: Activation = { name: "leaky", value: (z) => (z > 0 ? z : 0.1 * z), slope: (a) => (a > 0 ? 1 : 0.1) };

/** Inputs of which about half are zero, and targets. */
function someExamples(random: Random, count: number, inputs: number, outputs: number) {
  return {
    inputs: Float64Array.from({ length: count * inputs }, () => (random.uniform() < 0.5 ? 0 : random.uniform(-1, 1))),
    targets: Float64Array.from({ length: count * outputs }, () => random.uniform()),
  };
}

function rowsOf(values: Float64Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
}

describe("training and prediction by compiled kernels", () => {
  it("have the bits of plain loops, whatever the shapes, the last mini-batch and the options", () => {
    const size = fc.integer({ min: 1, max: 19 });
    fc.assert(
      fc.property(
        fc.record({
          sizes: fc.array(size, { minLength: 2, maxLength: 4 }),
          count: fc.integer({ min: 1, max: 40 }),
          batchSize: fc.integer({ min: 1, max: 24 }),
          l2: fc.constantFrom(0, 0.3),
          momentum: fc.constantFrom(0, 0.9),
          cost: fc.constantFrom(quadraticCost, crossEntropyCost),
          activation: fc.constantFrom<Activation>(activations.sigmoid, activations.tanh, activations.relu, leaky),
          seed: fc.integer({ min: 1, max: 1_000_000 }),
        }),
        ({ sizes, count, batchSize, l2, momentum, cost, activation, seed }) => {
          const random = new Random(seed);
          const network = new Network(sizes, { random, cost, activation });
          const examples = someExamples(random, count, network.inputSize, network.outputSize);
          const layers = plainLayers(network);
          const x = rowsOf(examples.inputs, network.inputSize);
          const y = rowsOf(examples.targets, network.outputSize);
          const learningRate = 0.5;
          const epochs = 2;

          const order = Uint32Array.from({ length: count }, (_, i) => i);
          const shuffles = new Random(seed + 1);
          for (let epoch = 0; epoch < epochs; epoch++) {
            shuffles.shuffle(order);
            for (let first = 0; first < count; first += batchSize) {
              const batch = [...order.subarray(first, first + batchSize)].map((i) => ({ x: x[i], y: y[i] }));
              const keep = 1 - (learningRate * l2) / count;
              const rate = learningRate / batch.length;
              plainStep(layers, batch, { rate, keep, momentum, cost, hidden: activation });
            }
          }
          network.train(examples, { epochs, batchSize, learningRate, l2, momentum, random: new Random(seed + 1) });
          expect(bitsOf(network)).toEqual(plainBits(layers));

          const outputs = x.map((row) => plainForward(layers, row, activation)[layers.length]);
          const sum = outputs
            .flatMap((a, i) => a.map((value, j) => cost.value(value, y[i][j])))
            .reduce((s, c) => s + c, 0);
          expect(network.cost(examples)).toBe(sum / count);
          expect([...network.predict(examples)]).toEqual(outputs.map((a) => a.indexOf(Math.max(...a))));
        },
      ),
      { numRuns: 150, seed: 1 },
    );
  });

  it("predict in blocks what they predict one by one", () => {
    const random = new Random(3);
    const network = new Network([7, 9, 5], { random });
    const { inputs } = someExamples(random, 2077, 7, 5);
    const singly = rowsOf(inputs, 7)
      .map((x) => network.feedforward(x))
      .map((a) => a.indexOf(Math.max(...a)));
    expect([...network.predict({ inputs })]).toEqual(singly);
  });

  it("leave to the callbacks the weights of the network, to be read and changed", () => {
    const random = new Random(5);
    const network = new Network([3, 4, 2], { random });
    const examples = someExamples(random, 30, 3, 2);
    const twin = new Network([3, 4, 2], { random: new Random(6) });
    twin.layers.forEach((layer, l) => {
      layer.kernel.set(network.layers[l].kernel);
      layer.biases.set(network.layers[l].biases);
    });
    const seen: number[] = [];
    const options = { batchSize: 7, learningRate: 0.5 };
    network.train(examples, {
      ...options,
      epochs: 3,
      random: new Random(7),
      evaluate: () => {
        // In the middle of a training: predictions, and another training.
        const cost = network.cost(examples);
        new Network([5, 40, 3], { random }).train(someExamples(random, 20, 5, 3), { ...options, epochs: 1, random });
        network.layers[0].setWeight(1, 1, 0.25);
        seen.push(cost);
        return { cost };
      },
    });
    const order = new Random(7);
    const expected: number[] = [];
    // The same order goes on being shuffled from epoch to epoch, so one epoch at a time needs the examples in that order.
    const rows = Uint32Array.from({ length: 30 }, (_, i) => i);
    const layers = plainLayers(twin);
    const x = rowsOf(examples.inputs, 3);
    const y = rowsOf(examples.targets, 2);
    for (let epoch = 0; epoch < 3; epoch++) {
      order.shuffle(rows);
      for (let first = 0; first < 30; first += 7) {
        const batch = [...rows.subarray(first, first + 7)].map((i) => ({ x: x[i], y: y[i] }));
        const hidden = activations.sigmoid;
        plainStep(layers, batch, { rate: 0.5 / batch.length, keep: 1, momentum: 0, cost: quadraticCost, hidden });
      }
      const outputs = x.map((row) => plainForward(layers, row, activations.sigmoid)[2]);
      expected.push(
        outputs.flatMap((a, i) => a.map((v, j) => quadraticCost.value(v, y[i][j]))).reduce((s, c) => s + c, 0) / 30,
      );
      layers[0].w[1][1] = 0.25;
    }
    expect(seen).toEqual(expected);
    expect(bitsOf(network)).toEqual(plainBits(layers));
  });

  it("go on after a training that threw, and keep their memory to themselves", () => {
    const random = new Random(8);
    const examples = someExamples(random, 40, 6, 3);
    const failing: Activation = {
      ...leaky,
      value: () => {
        throw new Error("no value");
      },
    };
    const options = { epochs: 1, batchSize: 5, learningRate: 0.1 };
    const train = (activation: Activation) => {
      const network = new Network([6, 33, 3], { random: new Random(9), activation });
      network.train(examples, { ...options, momentum: 0.5, random: new Random(9) });
      return bitsOf(network);
    };
    const before = train(leaky);
    expect(() => train(failing)).toThrow("no value");
    // A larger network leaves its numbers in the memory that the next one is lent.
    const large = new Network([6, 300, 3], { random });
    large.train(examples, { ...options, momentum: 0.9, random });
    expect(train(leaky)).toEqual(before);
  });

  it("use the same memory again and again, and another one only while that is in use", () => {
    const random = new Random(10);
    const examples = someExamples(random, 20, 50, 3);
    const seen = new Set<Kernels>();
    const train = () => {
      const network = new Network([50, 20, 3], { random });
      const evaluate = () => ({ cost: network.cost(examples) });
      network.train(examples, { epochs: 2, batchSize: 2, learningRate: 0.1, momentum: 0.9, random, evaluate });
      withKernels(1, (first) => {
        withKernels(1, (second) => {
          expect(second).not.toBe(first);
          seen.add(first).add(second);
        });
      });
    };
    // Each memory takes gigabytes of address space: these many would not fit.
    for (let i = 0; i < 500; i++) train();
    expect(seen.size).toBe(2);
  });

  it("have memory that is 0, and refuse what does not fit", () => {
    const bytesOf = ({ memory }: Kernels, from: number, to: number) => new Uint8Array(memory.buffer).subarray(from, to);
    withKernels(100, (kernels) => bytesOf(kernels, 0, 100).fill(1));
    expect(withKernels(1e6, (kernels) => bytesOf(kernels, 0, 1e6).every((byte) => byte === 0))).toBe(true);
    // A large memory is not kept.
    const large = withKernels(2 ** 27, (kernels) => kernels);
    withKernels(1, (kernels) => {
      expect(kernels).not.toBe(large);
    });
    expect(() => withKernels(2 ** 33, () => undefined)).toThrow("it needs 8.0 GiB; take a smaller batchSize");
  });
});
