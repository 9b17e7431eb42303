import { requireCount } from "../arguments/count.js";
import { Random } from "../random/random.js";
import { drawSettings, type SearchSpace, type SettingsOf } from "./search-space.js";
import { checkBudget, type Objective, ranked, type TrialLog, TrialRunner } from "./trial-log.js";

/** One round of successive halving: so many settings are trained with so much budget each. */
export interface Rung {
  readonly settings: number;
  readonly budget: number;
}

/**
 * The rounds of one bracket: `settings` start with the budget `from`; after every round the best 1/`factor` of them go on
 * with `factor` times the budget, until the budget would exceed `to`.
 *
 * @throws RangeError when a number is out of range, or too few settings start for one to be left at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { halvingRungs } from "@nn30/shared";
 *
 * const rungs = halvingRungs({ settings: 27, from: 1, to: 27, factor: 3 });
 * assert.deepEqual(rungs.map(({ settings }) => settings), [27, 9, 3, 1]);
 * assert.equal(rungs.reduce((sum, { settings, budget }) => sum + settings * budget, 0), 4 * 27);
 * ```
 */
export function halvingRungs(options: {
  readonly settings: number;
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}): Rung[] {
  const { settings, from, to, factor } = options;
  requireCount("halvingRungs", "settings", settings);
  checkBudget("halvingRungs", from);
  if (!(factor > 1 && factor < Infinity)) {
    throw new RangeError(`halvingRungs: expected the factor to be larger than 1 but got ${factor}`);
  }
  if (!(to >= from && to < Infinity)) {
    throw new RangeError(`halvingRungs: expected from ≤ to but got ${from} and ${to}`);
  }
  const rungs: Rung[] = [];
  // A little slack, since 0.1 · 3 · 3 is a bit more than 0.9.
  for (let i = 0; from * factor ** i <= to * (1 + 1e-9); i++) {
    const left = Math.floor(settings / factor ** i + 1e-9);
    if (left === 0) {
      throw new RangeError(
        `halvingRungs: expected at least ${Math.ceil(factor ** i)} settings for ${i + 1} rounds but got ${settings}`,
      );
    }
    rungs.push({ settings: left, budget: from * factor ** i });
  }
  return rungs;
}

/**
 * Hyperband's brackets: successive halving several times, each time with fewer settings that start with more budget,
 * since a short training may mislead. The last bracket is a random search with full budget.
 *
 * Source: L. Li et al., "Hyperband", JMLR 18 (2018), algorithm 1.
 *
 * @param to - The full budget; the smallest is 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hyperbandBrackets } from "@nn30/shared";
 *
 * const starts = hyperbandBrackets({ to: 81, factor: 3 }).map(([{ settings, budget }]) => [settings, budget]);
 * assert.deepEqual(starts, [[81, 1], [34, 3], [15, 9], [8, 27], [5, 81]]); // the table of the paper
 * ```
 */
export function hyperbandBrackets({ to, factor }: { readonly to: number; readonly factor: number }): Rung[][] {
  const rounds = halvingRungs({ settings: Number.MAX_SAFE_INTEGER, from: 1, to, factor }).length;
  return Array.from({ length: rounds }, (_, bracket) => {
    const more = rounds - 1 - bracket;
    const settings = Math.ceil((rounds / (more + 1)) * factor ** more - 1e-9);
    return halvingRungs({ settings, from: to / factor ** more, to, factor });
  });
}

/**
 * Trains many settings a little, and the best of them more: bracket after bracket, each with settings of its own, drawn at
 * random. A setting keeps its seed, so what it has learned in a short training is the beginning of the longer one.
 *
 * Sources: K. Jamieson and A. Talwalkar, AISTATS 2016; with {@link hyperbandBrackets}, L. Li et al., JMLR 18 (2018).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, halvingRungs, successiveHalving } from "@nn30/shared";
 *
 * const space = { x: dimensions.uniform(0, 1) };
 * const learning = ({ x }: { x: number }, epochs: number) => -((x - 0.7) ** 2) - 1 / epochs;
 * const brackets = [halvingRungs({ settings: 9, from: 1, to: 9, factor: 3 })];
 * successiveHalving(space, brackets, learning, { seed: 1 }).then((log) => {
 *   assert.deepEqual(log.trials.map(({ budget }) => budget), [1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9]);
 *   assert.equal(log.spent, 27);
 * });
 * ```
 */
export async function successiveHalving<Space extends SearchSpace>(
  space: Space,
  brackets: readonly (readonly Rung[])[],
  objective: Objective<SettingsOf<Space>>,
  options: { readonly seed: number },
): Promise<TrialLog<SettingsOf<Space>>> {
  checkBrackets(brackets);
  const random = new Random(options.seed).fork("settings");
  const seeds = new Random(options.seed).fork("seeds");
  const runner = new TrialRunner(objective, options.seed);
  for (const [first, ...later] of brackets) {
    let field: { settings: SettingsOf<Space>; seed: number; score: number }[] = [];
    for (let i = 0; i < first.settings; i++) {
      field.push(await runner.run(drawSettings(space, random), first.budget, seeds.bits()));
    }
    for (const { settings: places, budget } of later) {
      const promoted = ranked(field).slice(0, places);
      field = [];
      for (const { settings, seed } of promoted) field.push(await runner.run(settings, budget, seed));
    }
  }
  return runner.log();
}

function checkBrackets(brackets: readonly (readonly Rung[])[]): void {
  if (brackets.length === 0 || brackets.some((rungs) => rungs.length === 0)) {
    throw new RangeError("successiveHalving: expected at least one bracket, and at least one rung in each");
  }
  for (const rungs of brackets) {
    for (const [i, { settings, budget }] of rungs.entries()) {
      requireCount("successiveHalving", "a rung's settings", settings);
      checkBudget("successiveHalving", budget);
      if (i > 0 && settings > rungs[i - 1].settings) {
        throw new RangeError(
          `successiveHalving: expected ever fewer settings in a bracket but got ${rungs[i - 1].settings}, then ${settings}`,
        );
      }
    }
  }
}
