import type { Random } from "../random/random.js";
import type { Dimension } from "./dimension.js";

/** The settings that a search varies, by name. */
export type SearchSpace = Readonly<Record<string, Dimension<unknown>>>;

/** One value for every setting of a space, each of its dimension's type. */
export type SettingsOf<Space extends SearchSpace> = {
  -readonly [Name in keyof Space]: Space[Name] extends Dimension<infer T> ? T : never;
};

/**
 * Draws settings at random, every dimension by itself.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, drawSettings, Random } from "@nn30/shared";
 *
 * const space = { learningRate: dimensions.logUniform(0.01, 10), hidden: dimensions.integer(10, 60) };
 * const { learningRate, hidden } = drawSettings(space, new Random(1));
 * assert.ok(learningRate >= 0.01 && learningRate < 10 && Number.isInteger(hidden));
 * ```
 */
export function drawSettings<Space extends SearchSpace>(space: Space, random: Random): SettingsOf<Space> {
  return settingsAt(space, () => random.uniform());
}

/**
 * All combinations of evenly spread values: `points[name]` of them for each setting, at the middles of as many equal
 * parts of its range. (Parts of equal factors for `logUniform`. With as many points as a choice has values, all of them.)
 * Settings that `points` does not name stay at their middle.
 *
 * @throws RangeError when a number of points is not whole and positive, or is named for a setting that the space lacks.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dimensions, gridOf } from "@nn30/shared";
 *
 * const space = { l2: dimensions.uniform(0, 4), hidden: dimensions.choice([10, 30]), batchSize: dimensions.integer(9, 11) };
 * assert.deepEqual(gridOf(space, { l2: 2, hidden: 2 }), [
 *   { l2: 1, hidden: 10, batchSize: 10 },
 *   { l2: 1, hidden: 30, batchSize: 10 },
 *   { l2: 3, hidden: 10, batchSize: 10 },
 *   { l2: 3, hidden: 30, batchSize: 10 },
 * ]);
 * ```
 */
export function gridOf<Space extends SearchSpace>(
  space: Space,
  points: { readonly [Name in keyof Space]?: number },
): SettingsOf<Space>[] {
  for (const [name, count] of Object.entries(points)) {
    if (!Object.hasOwn(space, name)) {
      throw new RangeError(`gridOf: expected settings of the space (${Object.keys(space).join(", ")}) but got ${name}`);
    }
    if (!Number.isInteger(count) || count! < 1) {
      throw new RangeError(`gridOf: expected a positive whole number of points for ${name} but got ${String(count)}`);
    }
  }
  let cells: Record<string, number>[] = [{}];
  for (const name of Object.keys(space)) {
    const count = points[name] ?? 1;
    const middles = Array.from({ length: count }, (_, i) => (i + 0.5) / count);
    cells = cells.flatMap((cell) => middles.map((fraction) => ({ ...cell, [name]: fraction })));
  }
  return cells.map((cell) => settingsAt(space, (name) => cell[name]));
}

/** The settings at a fraction of the way of each dimension. */
function settingsAt<Space extends SearchSpace>(space: Space, fraction: (name: string) => number): SettingsOf<Space> {
  const entries = Object.entries(space).map(([name, dimension]) => [name, dimension.at(fraction(name))]);
  return Object.fromEntries(entries) as SettingsOf<Space>;
}

/** Settings as numbers in [0, 1], dimension after dimension: what a model of the score sees. */
export function coordinatesOf<Space extends SearchSpace>(space: Space, settings: SettingsOf<Space>): number[] {
  return Object.entries(space).flatMap(([name, dimension]) => dimension.coordinates(settings[name]));
}
