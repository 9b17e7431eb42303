import { choleskySolve, decompose } from "../linear-algebra/cholesky.js";
import { Random } from "../random/random.js";
import { type Explanation, explanation } from "./explanation.js";
import { type Coalition, type Game, coalitionOf, requirePlayers, worthOf } from "./game.js";

/** Options of {@link kernelShap}. */
export interface KernelShapOptions {
  /**
   * How many coalitions to draw; in pairs, an odd number is rounded down. Where there are no more than that besides none
   * and all (2ⁿ − 2), every one is taken and the values are exact. Default: 2,048.
   */
  readonly samples?: number;
  /** Where chance comes from. Default: `new Random(1)`. */
  readonly random?: Random;
  /**
   * Whether every coalition that is drawn brings its complement with it, which lowers the error: what players do together
   * by twos then cancels in the fit. Default: true.
   */
  readonly paired?: boolean;
}

/** A kernel explanation, with what it cost. */
export interface KernelExplanation extends Explanation {
  /** Different coalitions whose worth was asked for, besides none and all. */
  readonly coalitions: number;
  /** Whether these were all of them, so that the values are the Shapley values but for rounding. */
  readonly exact: boolean;
}

/**
 * Shapley values by weighted least squares: the additive function φ₀ + Σφᵢ on coalitions that fits a game best when a
 * coalition of s of n players weighs (n − 1) / (C(n, s) · s · (n − s)), and none and all of them are fitted exactly.
 *
 * Fitted to all coalitions it gives the Shapley values. Fitted to a sample drawn in proportion to these weights it
 * estimates them, with an error that falls as 1/√samples, and the values still sum to v(all) − v(none).
 *
 * @param game - 1 to 1,000 players.
 * @throws RangeError for another number of players, a worth that is not finite, or too few samples to tell all players
 *   apart.
 *
 * Source: S. Lundberg and S.-I. Lee, "A unified approach to interpreting model predictions", NeurIPS 2017; pairs: I. Covert
 * and S.-I. Lee, "Improving KernelSHAP", AISTATS 2021.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { kernelShap } from "@nn30/shared";
 *
 * // An additive game is shared out exactly whatever the sample.
 * const worth = (coalitions: readonly Uint8Array[]) => coalitions.map((c) => c.reduce((sum, member, i) => sum + member * i, 0));
 * const { values, exact } = kernelShap({ players: 20, worth }, { samples: 200 });
 * assert.ok(!exact && values.every((value, i) => Math.abs(value - i) < 1e-9));
 * ```
 */
export function kernelShap(game: Game, options: KernelShapOptions = {}): KernelExplanation {
  const where = "kernelShap";
  const { players } = game;
  const { samples = 2048, random = new Random(1), paired = true } = options;
  requirePlayers(where, players, 1000, "; put several columns into one group");
  if (!Number.isInteger(samples) || samples < 2) {
    throw new RangeError(`${where}: expected samples to be a whole number of at least 2 but got ${samples}`);
  }
  const exact = 2 ** players - 2 <= samples;
  const drawn = exact ? allCoalitions(players) : drawCoalitions(players, samples, random, paired);
  const ends = [new Uint8Array(players), new Uint8Array(players).fill(1)];
  const worths = worthOf(where, game, [...ends, ...drawn.map(({ coalition }) => coalition)]);
  const [base, output] = [worths[0], worths[1]];
  const values = fitAdditive(players, drawn, Array.from(worths).slice(2), base, output);
  if (values === undefined) {
    throw new RangeError(
      `${where}: ${samples} samples gave ${drawn.length} different coalitions, too few to tell ${players} players apart; raise samples`,
    );
  }
  return { ...explanation(values, base, output), coalitions: drawn.length, exact };
}

interface Weighted {
  readonly coalition: Coalition;
  weight: number;
}

/** Every coalition but none and all, with the Shapley kernel as its weight. */
function allCoalitions(players: number): Weighted[] {
  return Array.from({ length: 2 ** players - 2 }, (_, i) => {
    const coalition = coalitionOf(i + 1, players);
    const size = coalition.reduce((sum, member) => sum + member, 0);
    return { coalition, weight: (players - 1) / (binomial(players, size) * size * (players - size)) };
  });
}

/** Coalitions drawn in proportion to the kernel; one that is drawn twice weighs twice. */
function drawCoalitions(players: number, samples: number, random: Random, paired: boolean): Weighted[] {
  // All coalitions of a size together weigh 1 / (size · (players − size)), but for a factor.
  const cumulative: number[] = [];
  for (let size = 1, sum = 0; size < players; size++) cumulative.push((sum += 1 / (size * (players - size))));
  const found = new Map<string, Weighted>();
  const add = (coalition: Coalition) => {
    const key = Buffer.from(coalition).toString("latin1");
    const known = found.get(key);
    if (known) known.weight++;
    else found.set(key, { coalition, weight: 1 });
  };
  for (let draw = 0; draw < Math.floor(paired ? samples / 2 : samples); draw++) {
    const mark = random.uniform() * cumulative[players - 2];
    const size = 1 + cumulative.filter((sum) => sum <= mark).length;
    const coalition = new Uint8Array(players);
    for (const player of random.permutation(players).subarray(0, size)) coalition[player] = 1;
    add(coalition);
    if (paired) add(coalition.map((member) => 1 - member));
  }
  return [...found.values()];
}

/**
 * Weighted least squares for φ with Σφ = output − base: the last player's φ is the rest, which leaves an ordinary fit of
 * worth − base − zₙ(output − base) to the columns zᵢ − zₙ.
 */
function fitAdditive(
  players: number,
  drawn: readonly Weighted[],
  worths: readonly number[],
  base: number,
  output: number,
): Float64Array | undefined {
  const last = players - 1;
  const matrix = new Float64Array(last * last);
  const right = new Float64Array(last);
  for (const [i, { coalition, weight }] of drawn.entries()) {
    const rest = worths[i] - base - coalition[last] * (output - base);
    for (let j = 0; j < last; j++) {
      const difference = coalition[j] - coalition[last];
      if (difference === 0) continue;
      right[j] += weight * difference * rest;
      for (let k = 0; k <= j; k++) matrix[j * last + k] += weight * difference * (coalition[k] - coalition[last]);
    }
  }
  let largest = 0;
  for (let j = 0; j < last; j++) largest = Math.max(largest, matrix[j * last + j]);
  const { l, rows } = decompose(matrix, last, 1e-12 * largest); // singular to working precision below that
  if (rows < last) return undefined;
  const free = choleskySolve(l, right, last);
  return Float64Array.of(
    ...free,
    free.reduce((sum, value) => sum - value, output - base),
  );
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}
