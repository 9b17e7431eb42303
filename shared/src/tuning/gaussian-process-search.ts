import { requireCount } from "../arguments/count.js";
import { Random } from "../random/random.js";
import { expectedImprovement, normalQuantile } from "./expected-improvement.js";
import { GaussianProcess } from "./gaussian-process.js";
import { coordinatesOf, drawSettings, type SearchSpace, type SettingsOf } from "./search-space.js";
import { checkBudget, type Objective, type Trial, type TrialLog, TrialRunner } from "./trial-log.js";

/**
 * Tries the settings that a Gaussian process expects to improve most on the best of those tried so far.
 *
 * The process sees the settings as coordinates in [0, 1] and, instead of the scores, the normal numbers of the same rank:
 * so neither a score's unit nor a disaster among the trials disturbs it. Its length scales (one for each setting) and its
 * noise are those that make the observed scores most likely, found by a small random search of its own. Candidates are
 * random settings, and copies of the best trial with some settings redrawn.
 *
 * Sources: J. Snoek, H. Larochelle and R. Adams, "Practical Bayesian optimization of machine learning algorithms", NeurIPS
 * 2012; D. Salinas, H. Shen and V. Perrone, ICML 2020, for the ranks.
 *
 * @param options - `trials`; `budget` of each; `seed` of the search; `initial`: how many trials are random at first
 *   (8 by default); `candidates`: how many settings are considered for each later trial (500 by default).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, gaussianProcessSearch } from "@nn30/shared";
 *
 * const space = { x: dimensions.uniform(0, 1), y: dimensions.uniform(0, 1) };
 * const hill = ({ x, y }: { x: number; y: number }) => -((x - 0.7) ** 2) - (y - 0.2) ** 2;
 * gaussianProcessSearch(space, hill, { trials: 20, budget: 1, seed: 1 }).then((log) => {
 *   assert.ok(log.best.score > -0.01); // a random search of 20 comes that close in less than half of all cases
 * });
 * ```
 */
export async function gaussianProcessSearch<Space extends SearchSpace>(
  space: Space,
  objective: Objective<SettingsOf<Space>>,
  options: {
    readonly trials: number;
    readonly budget: number;
    readonly seed: number;
    readonly initial?: number;
    readonly candidates?: number;
  },
): Promise<TrialLog<SettingsOf<Space>>> {
  const { trials, budget, seed, initial = 8, candidates = 500 } = options;
  requireCount("gaussianProcessSearch", "trials", trials);
  requireCount("gaussianProcessSearch", "initial", initial);
  requireCount("gaussianProcessSearch", "candidates", candidates);
  checkBudget("gaussianProcessSearch", budget);
  const random = new Random(seed).fork("settings");
  const runner = new TrialRunner(objective, seed);
  let kernel: FittedKernel | undefined;
  for (let i = 0; i < trials; i++) {
    if (i < initial) {
      await runner.run(drawSettings(space, random), budget);
      continue;
    }
    const values = normalScores(runner.trials.map(({ score }) => score));
    const points = runner.trials.map(({ settings }) => coordinatesOf(space, settings));
    kernel = fitKernel(space, points, values, random, kernel);
    const process = new GaussianProcess(points, values, kernelOf(space, kernel));
    await runner.run(propose(space, process, runner.trials, candidates, random), budget);
  }
  return runner.log();
}

/** The candidate with the largest expected improvement. */
function propose<Space extends SearchSpace>(
  space: Space,
  process: GaussianProcess,
  trials: readonly Trial<SettingsOf<Space>>[],
  candidates: number,
  random: Random,
): SettingsOf<Space> {
  // With noise, the best score is partly luck. What counts is the best of what the process believes of the trials.
  const beliefs = process.points.map((point) => process.predict(point).mean);
  const best = Math.max(...beliefs);
  const center = trials[beliefs.indexOf(best)].settings;
  let chosen = drawSettings(space, random);
  let highest = -1;
  for (let i = 0; i < candidates; i++) {
    const fresh = drawSettings(space, random);
    const settings = i % 5 < 3 ? fresh : partly(center, fresh, random);
    const improvement = expectedImprovement(process.predict(coordinatesOf(space, settings)), best);
    if (improvement > highest) [chosen, highest] = [settings, improvement];
  }
  return chosen;
}

/** A copy of settings in which each was replaced by another's with probability one half. */
function partly<Settings extends object>(settings: Settings, others: Settings, random: Random): Settings {
  const names = Object.keys(settings) as (keyof Settings)[];
  const mixed = { ...settings };
  for (const name of names) if (random.uniform() < 0.5) mixed[name] = others[name];
  return mixed;
}

/** What is fitted: a length scale for each setting, and the noise. */
interface FittedKernel {
  readonly scales: readonly number[];
  readonly noise: number;
}

const kernelOf = (space: SearchSpace, { scales, noise }: FittedKernel) => ({
  lengthScales: Object.values(space).flatMap(({ width }, d) => new Array<number>(width).fill(scales[d])),
  noiseVariance: noise,
});

/** Draws kernels, half of them near the best one so far, and keeps the most likely. */
function fitKernel(
  space: SearchSpace,
  points: readonly (readonly number[])[],
  values: readonly number[],
  random: Random,
  before: FittedKernel | undefined,
): FittedKernel {
  const likelihood = (kernel: FittedKernel) =>
    new GaussianProcess(points, values, kernelOf(space, kernel)).logMarginalLikelihood;
  const logUniform = (low: number, high: number) => low * (high / low) ** random.uniform();
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  let best = before ?? { scales: Object.keys(space).map(() => 1), noise: 0.1 };
  let highest = likelihood(best);
  for (let i = 0; i < 60; i++) {
    const kernel =
      i % 2 === 0
        ? { scales: best.scales.map(() => logUniform(0.1, 10)), noise: logUniform(0.01, 1) }
        : {
            scales: best.scales.map((scale) => clamp(scale * logUniform(0.67, 1.5), 0.1, 10)),
            noise: clamp(best.noise * logUniform(0.67, 1.5), 0.01, 1),
          };
    const value = likelihood(kernel);
    if (value > highest) [best, highest] = [kernel, value];
  }
  return best;
}

/** For each score the standard normal number of the same rank: equals share theirs, and failed trials are the lowest. */
function normalScores(scores: readonly number[]): number[] {
  const heights = scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
  return heights.map((score) => {
    const below = heights.filter((other) => other < score).length;
    const equal = heights.filter((other) => other === score).length;
    return normalQuantile((below + equal / 2) / scores.length);
  });
}
