import { Random, restoreMathRandom, seedEverything } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

/** xoshiro128** and splitmix32 once more, in unbounded integers, after the published C code. */
function reference(seed: number, count: number): number[] {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const state: bigint[] = [];
  for (let counter = BigInt(seed); state.length < 4;) {
    counter = (counter + 0x9e3779b9n) & mask;
    let z = counter;
    z = ((z ^ (z >> 16n)) * 0x21f0aaadn) & mask;
    z = ((z ^ (z >> 15n)) * 0x735a2d97n) & mask;
    state.push(z ^ (z >> 15n));
  }
  return Array.from({ length: count }, () => {
    const result = (rotate((state[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (state[1] << 9n) & mask;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 11n);
    return Number(result);
  });
}

const draw = <T>(count: number, next: () => T) => Array.from({ length: count }, next);

describe("Random", () => {
  // Computed by a Python program written from the authors' C code (https://prng.di.unimi.it/xoshiro128starstar.c). That
  // program gives 11520, 0, 5927040 for the state 1, 2, 3, 4, the test vector of Rust's rand_xoshiro.
  it.each([
    [0, [1789933344, 44971166, 2521387044, 3848737593, 1138324114]],
    [1, [393288148, 2174103013, 3814759091, 2092745082, 1865176206]],
    [0xffffffff, [4104197751, 1825856343, 1152209388, 2427537429, 3685145430]],
  ])("gives the reference output for seed %d", (seed, expected) => {
    const random = new Random(seed);
    expect(draw(5, () => random.bits())).toEqual(expected);
  });

  it("agrees with the reference for any seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
        const random = new Random(seed);
        expect(draw(40, () => random.bits())).toEqual(reference(seed, 40));
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it("makes uniform numbers out of 53 bits", () => {
    expect(new Random(1).uniform()).toBe(0.09156953175513294); // from the same Python program
    const random = new Random(2);
    const values = draw(10_000, () => random.uniform(-2, 3));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values)).toBeLessThan(3);
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
  });

  it("makes normal numbers with the right moments and tails", () => {
    const random = new Random(3);
    const values = draw(100_000, () => random.normal(2, 3)).map((value) => (value - 2) / 3);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.015);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(3))).toBeLessThan(0.05);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.12);
    expect(values.filter((value) => Math.abs(value) < 1).length / values.length).toBeCloseTo(0.6827, 2);
  });

  it("makes every whole number equally likely", () => {
    const random = new Random(4);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.46); // 6 degrees of freedom, p = 0.001
    expect(random.integer(1)).toBe(0);
    expect(random.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it("shuffles and permutes without losing anything, all orders equally likely", () => {
    const random = new Random(5);
    const array = ["a", "b", "c"];
    expect(random.shuffle(array)).toBe(array);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = random.permutation(3).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    expect(random.permutation(0)).toHaveLength(0);
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        expect(random.shuffle([...values]).sort()).toEqual([...values].sort());
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it("forks by label, whatever was drawn before", () => {
    const random = new Random(6);
    const early = random.fork("weights").bits();
    random.normal();
    expect(random.fork("weights").bits()).toBe(early);
    const firsts = [random, random.fork("order"), random.fork(0), random.fork(1), new Random(7).fork("weights")].map(
      (r) => r.bits(),
    );
    expect(new Set([early, ...firsts]).size).toBe(6);
    expect(random.fork("a").fork("b").bits()).not.toBe(random.fork("b").fork("a").bits());
  });

  it.each([-1, 1.5, 2 ** 32, NaN])("refuses the seed %d", (seed) => {
    expect(() => new Random(seed)).toThrow(
      `Random: expected the seed to be a whole number in 0 … 4294967295 but got ${seed}`,
    );
  });

  it.each([0, -3, 2.5, 2 ** 32 + 1])("refuses a range of %d whole numbers", (n) => {
    expect(() => new Random(1).integer(n)).toThrow(RangeError);
  });
});

describe("seedEverything", () => {
  afterEach(restoreMathRandom);

  it("puts the returned generator behind Math.random, starts over when called again, and can be undone", () => {
    const native = Math.random;
    const generator = seedEverything(1);
    const first = [Math.random(), Math.random()];
    expect(first[0]).toBe(new Random(1).uniform());
    const third = generator.uniform();
    seedEverything(1);
    expect([Math.random(), Math.random(), Math.random()]).toEqual([...first, third]);
    restoreMathRandom();
    expect(Math.random).toBe(native);
  });

  it.each<[string, () => tf.Tensor]>([
    ["randomNormal", () => tf.randomNormal([9])],
    ["randomUniform", () => tf.randomUniform([9])],
    ["randomUniformInt", () => tf.randomUniformInt([9], 0, 1000)],
    ["truncatedNormal", () => tf.truncatedNormal([9])],
    ["randomGamma", () => tf.randomGamma([9], 2)],
    ["randomStandardNormal", () => tf.randomStandardNormal([9])],
    ["dropout", () => tf.dropout(tf.ones([64]), 0.5)],
    [
      "multinomial by Gumbel noise",
      () => tf.argMax(tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform([64, 4], 1e-7, 1))))), 1),
    ],
  ])("repeats tf.%s", (_, op) => {
    const numbers = () => tf.tidy(() => [...op().dataSync()]);
    seedEverything(1);
    const first = numbers();
    const second = numbers();
    seedEverything(1);
    expect(numbers()).toEqual(first);
    expect(second).not.toEqual(first);
  });

  async function train(seed: number): Promise<number[]> {
    seedEverything(seed);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [6], units: 8, activation: "relu" }),
        tf.layers.dropout({ rate: 0.4 }),
        tf.layers.dense({ units: 4, kernelInitializer: "randomNormal", biasInitializer: "truncatedNormal" }),
        tf.layers.reshape({ targetShape: [2, 2] }),
        tf.layers.lstm({ units: 3 }), // its recurrent kernel is orthogonal by default
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const x = tf.randomUniform([40, 6]);
    const y = tf.randomNormal([40, 1]);
    await model.fit(x, y, { epochs: 2, batchSize: 8, shuffle: true, verbose: 0 });
    const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
    tf.dispose([x, y]);
    model.dispose();
    return weights;
  }

  it("makes a training of TensorFlow.js repeat bit by bit: initializers, shuffling, dropout, data", async () => {
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });
});
