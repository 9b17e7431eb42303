import { requireCount } from "../arguments/count.js";
import { Random } from "../random/random.js";
import { drawSettings, gridOf, type SearchSpace, type SettingsOf } from "./search-space.js";
import { checkBudget, type Objective, type TrialLog, TrialRunner } from "./trial-log.js";

/**
 * Tries every combination of evenly spread values, in random order: `points[name]` for each setting, one in the middle of
 * its range where `points` names none. See {@link gridOf}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, gridSearch } from "@nn30/shared";
 *
 * const space = { x: dimensions.uniform(0, 1), y: dimensions.uniform(0, 1) };
 * const hill = ({ x, y }: { x: number; y: number }) => -((x - 0.7) ** 2) - 0.01 * y;
 * gridSearch(space, { x: 3, y: 3 }, hill, { budget: 1, seed: 1 }).then((log) => {
 *   assert.equal(log.trials.length, 9);
 *   assert.ok(Math.abs(log.best.settings.x - 5 / 6) < 1e-12); // of 1/6, 3/6 and 5/6
 * });
 * ```
 */
export async function gridSearch<Space extends SearchSpace>(
  space: Space,
  points: { readonly [Name in keyof Space]?: number },
  objective: Objective<SettingsOf<Space>>,
  options: { readonly budget: number; readonly seed: number },
): Promise<TrialLog<SettingsOf<Space>>> {
  checkBudget("gridSearch", options.budget);
  const cells = gridOf(space, points);
  const runner = new TrialRunner(objective, options.seed);
  for (const i of new Random(options.seed).fork("order").permutation(cells.length)) {
    await runner.run(cells[i], options.budget);
  }
  return runner.log();
}

/**
 * Tries settings drawn at random.
 *
 * Source: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
 *
 * @param options - `trials`; `budget` of each; `seed` of the search.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, randomSearch } from "@nn30/shared";
 *
 * const space = { x: dimensions.uniform(0, 1), y: dimensions.uniform(0, 1) };
 * const hill = ({ x, y }: { x: number; y: number }) => -((x - 0.7) ** 2) - 0.01 * y;
 * randomSearch(space, hill, { trials: 9, budget: 1, seed: 1 }).then((log) => {
 *   assert.equal(new Set(log.trials.map(({ settings }) => settings.x)).size, 9); // a grid of nine would try three
 * });
 * ```
 */
export async function randomSearch<Space extends SearchSpace>(
  space: Space,
  objective: Objective<SettingsOf<Space>>,
  options: { readonly trials: number; readonly budget: number; readonly seed: number },
): Promise<TrialLog<SettingsOf<Space>>> {
  requireCount("randomSearch", "trials", options.trials);
  checkBudget("randomSearch", options.budget);
  const random = new Random(options.seed).fork("settings");
  const runner = new TrialRunner(objective, options.seed);
  for (let i = 0; i < options.trials; i++) await runner.run(drawSettings(space, random), options.budget);
  return runner.log();
}
