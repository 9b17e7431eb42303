import { type Explanation, explanation } from "./explanation.js";
import { type Game, coalitionOf, requirePlayers, worthOf } from "./game.js";

/** Above this number of players there are more coalitions (2¹⁵ = 32,768) than are worth asking for. */
const MOST_PLAYERS = 15;

/**
 * The Shapley values of a game, exactly: for each player the mean, over all orders in which the players can arrive, of
 * what the worth rises by when it arrives.
 *
 * Written as a sum over the coalitions S without player i, with n players in all:
 * φᵢ = Σ |S|! (n − |S| − 1)! / n! · (v(S ∪ {i}) − v(S)). All 2ⁿ worths are asked for in one call.
 *
 * @param game - 1 to 15 players. A model becomes a game by `interventionalGame`.
 * @returns One value a player; they sum to the worth of all players less that of none, up to rounding.
 * @throws RangeError for another number of players, or a worth that is not finite.
 *
 * Source: L. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapleyValues } from "@nn30/shared";
 *
 * // A left glove (player 0) and two right ones; only a pair is worth something.
 * const gloves = { players: 3, worth: (coalitions: readonly Uint8Array[]) => coalitions.map(([l, r, s]) => l && (r || s)) };
 * const { values } = shapleyValues(gloves);
 * assert.deepEqual([...values].map((share) => Math.round(6 * share)), [4, 1, 1]);
 * ```
 */
export function shapleyValues(game: Game): Explanation {
  const where = "shapleyValues";
  const { players } = game;
  requirePlayers(where, players, MOST_PLAYERS, "; use kernelShap");
  const coalitions = Array.from({ length: 2 ** players }, (_, bits) => coalitionOf(bits, players));
  const worths = worthOf(where, game, coalitions);
  const sizes = coalitions.map((coalition) => coalition.reduce((size, member) => size + member, 0));
  const weights = weightsBySize(players);

  const values = new Float64Array(players);
  for (let bits = 0; bits < worths.length; bits++) {
    const weight = weights[sizes[bits]];
    for (let player = 0; player < players; player++) {
      const joined = bits | (1 << player);
      if (joined !== bits) values[player] += weight * (worths[joined] - worths[bits]);
    }
  }
  return explanation(values, worths[0], worths[worths.length - 1]);
}

/** |S|! (n − |S| − 1)! / n! for |S| = 0 … n − 1: the share of orders in which exactly S comes before a given player. */
function weightsBySize(players: number): number[] {
  const weights = [1 / players];
  for (let size = 1; size < players; size++) weights.push((weights[size - 1] * size) / (players - size));
  return weights;
}
