import {
  dimensions,
  drawSettings,
  gaussianProcessSearch,
  gridOf,
  gridSearch,
  halvingRungs,
  hyperbandBrackets,
  Random,
  randomSearch,
  type SettingsOf,
  successiveHalving,
  TrialLog,
} from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const space = {
  learningRate: dimensions.logUniform(0.01, 10),
  l2: dimensions.uniform(0, 4),
  hidden: dimensions.integer(5, 40),
  start: dimensions.choice(["wide", "narrow"]),
};
type Settings = SettingsOf<typeof space>;

/** A hill with its top at η = 1, λ = 1; 30 and "narrow" help a little. */
const hill = ({ learningRate, l2, hidden, start }: Settings) =>
  -(Math.log10(learningRate) ** 2) - (l2 - 1) ** 2 / 4 - Math.abs(hidden - 30) / 100 + (start === "narrow" ? 0.1 : 0);

describe("dimensions", () => {
  it("place fractions as worked by hand", () => {
    expect(dimensions.uniform(2, 6).at(0.25)).toBe(3);
    expect(dimensions.logUniform(0.01, 100).at(0.75)).toBeCloseTo(10, 12);
    expect([0, 0.32, 0.34, 0.99].map((u) => dimensions.integer(1, 3).at(u))).toEqual([1, 1, 2, 3]);
    expect([0, 0.49, 0.5].map((u) => dimensions.choice(["a", "b"]).at(u))).toEqual(["a", "a", "b"]);
  });
  it("have coordinates in [0, 1] that undo the placing, and unequal choices are 1 apart", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (u) => {
        expect(dimensions.uniform(-3, 5).coordinates(dimensions.uniform(-3, 5).at(u))[0]).toBeCloseTo(u, 12);
        expect(dimensions.logUniform(1e-3, 10).coordinates(dimensions.logUniform(1e-3, 10).at(u))[0]).toBeCloseTo(
          u,
          12,
        );
        const [c] = dimensions.integer(5, 40).coordinates(dimensions.integer(5, 40).at(u));
        expect(c).toBeGreaterThanOrEqual(0);
        expect(c).toBeLessThanOrEqual(1);
      }),
    );
    const choice = dimensions.choice([10, 20, 40]);
    const [a, b] = [choice.coordinates(10), choice.coordinates(40)];
    expect(Math.hypot(...a.map((x, i) => x - b[i]))).toBeCloseTo(1, 12);
  });
  it("refuse ranges and values that make no sense", () => {
    expect(() => dimensions.uniform(1, 1)).toThrow(
      "dimensions.uniform: expected two numbers, low < high, but got 1 and 1",
    );
    expect(() => dimensions.logUniform(0, 1)).toThrow("expected two positive numbers");
    expect(() => dimensions.integer(0.5, 3)).toThrow("expected whole numbers");
    expect(() => dimensions.choice(["a", "a"])).toThrow("expected different values");
    expect(() => dimensions.integer(1, 3).coordinates(2.5)).toThrow("expected a whole number but got 2.5");
    expect(() => dimensions.uniform(0, 1).coordinates(2)).toThrow("expected a value in 0 … 1 but got 2");
    expect(() => dimensions.choice(["a", "b"]).coordinates("c" as "a")).toThrow("expected one of a, b but got c");
  });
  it("draw logUniform evenly over decades", () => {
    const random = new Random(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 9000; i++) counts[Math.floor(Math.log10(drawSettings(space, random).learningRate) + 2)]++;
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(5 * Math.sqrt(2000));
  });
});

describe("gridOf and gridSearch", () => {
  it("cross the middles of equal parts and leave the rest in the middle", () => {
    const grid = gridOf(space, { learningRate: 3, start: 2 });
    expect(grid).toHaveLength(6);
    expect([...new Set(grid.map(({ l2 }) => l2))]).toEqual([2]);
    expect(grid.map(({ learningRate }) => Math.log10(learningRate).toFixed(1))).toEqual([
      ...["-1.5", "-1.5", "-0.5", "-0.5", "0.5", "0.5"],
    ]);
  });
  it("try every cell once, whatever the seed", async () => {
    const scores = async (seed: number) =>
      (await gridSearch(space, { learningRate: 4, l2: 3 }, hill, { budget: 2, seed })).trials.map(({ score }) => score);
    const [a, b] = [await scores(1), await scores(2)];
    expect(a).not.toEqual(b);
    expect([...a].sort()).toEqual([...b].sort());
  });
  it("refuse settings that the space lacks", () => {
    expect(() => gridOf(space, { momentum: 3 } as object)).toThrow("but got momentum");
    expect(() => gridOf(space, { l2: 0 })).toThrow("positive whole number of points for l2 but got 0");
  });
});

describe("halving", () => {
  it("has the rungs and the budget worked by hand", () => {
    expect(halvingRungs({ settings: 27, from: 1, to: 27, factor: 3 })).toEqual([
      { settings: 27, budget: 1 },
      { settings: 9, budget: 3 },
      { settings: 3, budget: 9 },
      { settings: 1, budget: 27 },
    ]);
    expect(halvingRungs({ settings: 10, from: 2, to: 9, factor: 2 }).map(({ settings }) => settings)).toEqual([
      10, 5, 2,
    ]);
  });
  it("never spends more in a later rung, if the settings divide, than in the first", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (f, k, m) => {
          const rungs = halvingRungs({ settings: m * f ** k, from: 1, to: f ** k, factor: f });
          expect(rungs).toHaveLength(k + 1);
          expect(rungs.map(({ settings, budget }) => settings * budget)).toEqual(rungs.map(() => m * f ** k));
        },
      ),
    );
  });
  it("has Hyperband's table", () => {
    expect(hyperbandBrackets({ to: 81, factor: 3 }).map((rungs) => rungs.map((r) => [r.settings, r.budget]))).toEqual([
      [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]],
      [[34, 3], [11, 9], [3, 27], [1, 81]],
      [[15, 9], [5, 27], [1, 81]],
      [[8, 27], [2, 81]],
      [[5, 81]],
    ]); // prettier-ignore
  });
  it("promotes the best, with their seeds, and accounts for all it spends", async () => {
    const brackets = [halvingRungs({ settings: 9, from: 1, to: 9, factor: 3 })];
    const log = await successiveHalving(space, brackets, (s, budget) => hill(s) - 1 / budget, { seed: 4 });
    const at = (budget: number) => log.trials.filter((trial) => trial.budget === budget);
    const threshold = at(1)
      .map(({ score }) => score)
      .sort((a, b) => b - a)[2];
    expect(at(3).map(({ seed }) => seed).sort()).toEqual(
      at(1).filter(({ score }) => score >= threshold).map(({ seed }) => seed).sort(),
    ); // prettier-ignore
    expect(at(9)[0].settings).toBe(at(3).sort((a, b) => b.score - a.score)[0].settings);
    expect(log.spent).toBe(log.trials.reduce((sum, { budget }) => sum + budget, 0));
    expect(log.spent).toBe(27);
  });
  it("refuses brackets that make no sense", async () => {
    expect(() => halvingRungs({ settings: 8, from: 1, to: 9, factor: 3 })).toThrow("at least 9 settings for 3 rounds");
    expect(() => halvingRungs({ settings: 8, from: 1, to: 9, factor: 1 })).toThrow("larger than 1");
    expect(() => halvingRungs({ settings: 8, from: 3, to: 2, factor: 2 })).toThrow("from ≤ to but got 3 and 2");
    await expect(successiveHalving(space, [], hill, { seed: 1 })).rejects.toThrow("at least one bracket");
    const growing = [[{ settings: 1, budget: 1 }, { settings: 2, budget: 2 }]]; // prettier-ignore
    await expect(successiveHalving(space, growing, hill, { seed: 1 })).rejects.toThrow("ever fewer settings");
  });
});

describe("all searches", () => {
  const searches = {
    random: (seed: number, f = hill) => randomSearch(space, f, { trials: 20, budget: 3, seed }),
    "gaussian process": (seed: number, f = hill) =>
      gaussianProcessSearch(space, f, { trials: 20, budget: 3, seed, candidates: 200 }),
    halving: (seed: number, f = hill) =>
      successiveHalving(space, [halvingRungs({ settings: 9, from: 1, to: 9, factor: 3 })], f, { seed }),
  };
  it.each(Object.entries(searches))("%s repeats itself for a seed, and only for it", async (_, search) => {
    expect((await search(1)).trials).toEqual((await search(1)).trials);
    expect((await search(1)).trials).not.toEqual((await search(2)).trials);
  });
  it.each(Object.entries(searches))("%s gives every setting a seed of its own", async (_, search) => {
    const { trials } = await search(5);
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(new Set(trials.map(({ settings }) => settings)).size);
  });
  it.each(Object.entries(searches))("%s survives failed trials and never prefers them", async (_, search) => {
    const log = await search(1, (s) => (s.learningRate > 1 ? NaN : hill(s)));
    expect(log.trials.some(({ score }) => Number.isNaN(score))).toBe(true);
    expect(log.best.settings.learningRate).toBeLessThanOrEqual(1);
  });
  it.each(Object.entries(searches))("%s says which trial threw", async (_, search) => {
    const failing = search(1, () => {
      throw new RangeError("λ too large");
    });
    await expect(failing).rejects.toThrow(/^trial 1, \{"learningRate":.*\}, budget [13]: λ too large/);
  });
  it("do better with a Gaussian process than at random on a smooth hill", async () => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const mean = async (search: (seed: number) => Promise<TrialLog<Settings>>) =>
      (await Promise.all(seeds.map((seed) => search(seed)))).reduce((sum, log) => sum + log.best.score, 0) /
      seeds.length;
    const [guided, blind] = [await mean(searches["gaussian process"]), await mean(searches.random)];
    expect(guided).toBeGreaterThan(blind + 0.02);
  });
  it("refuse counts and budgets out of range", async () => {
    await expect(randomSearch(space, hill, { trials: 0, budget: 1, seed: 1 })).rejects.toThrow(
      "trials to be a positive",
    );
    await expect(gridSearch(space, {}, hill, { budget: 0, seed: 1 })).rejects.toThrow(
      "budget to be positive but got 0",
    );
    await expect(gaussianProcessSearch(space, hill, { trials: 5, budget: 1, seed: 1, initial: 0 })).rejects.toThrow(
      "initial to be a positive whole number",
    );
  });
});

describe("TrialLog", () => {
  const trial = (number: number, score: number) => ({
    number,
    settings: { hidden: number },
    budget: 2,
    seed: 1,
    score,
    spent: 2 * number,
  });
  it("knows the best, the first of equals, and the best so far", () => {
    const log = new TrialLog([NaN, 0.2, 0.5, 0.5, 0.1].map((score, i) => trial(i + 1, score)));
    expect(log.best.number).toBe(3);
    expect(log.bestSoFar).toEqual([NaN, 0.2, 0.5, 0.5, 0.5]);
    expect(log.spent).toBe(10);
  });
  it("has no best without a score, and nothing spent without a trial", () => {
    expect(() => new TrialLog([trial(1, NaN)]).best).toThrow("expected a trial with a score but got 1 without");
    expect(new TrialLog([]).spent).toBe(0);
  });
});
