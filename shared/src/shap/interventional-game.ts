import { requireCount } from "../arguments/count.js";
import type { Game } from "./game.js";

/**
 * A model with one output: from `count` rows, one after the other in one array of `[count × columns]`, to `count` numbers.
 * The array is used again for the next rows, so a model must not keep it.
 */
export type RowModel = (rows: Float64Array, count: number) => ArrayLike<number>;

/** Options of {@link interventionalGame}. */
export interface InterventionalOptions {
  /**
   * The columns of each player, where a player is more than one column: the pixels of a patch, the parts of a one-hot
   * code. A column of no player keeps the value of the background. Default: every column is a player.
   */
  readonly groups?: readonly (readonly number[])[];
  /** The most rows that the model is given at once. Default: 8,192. */
  readonly batchRows?: number;
}

/**
 * A prediction as a game, whose players are the features. A coalition's worth is the model's mean output when its members
 * have the values of `x` and the others those of each background row in turn:
 * v(S) = mean over b of f(x on S, b elsewhere).
 *
 * This is the *interventional* worth: features are set, whatever the values of the others. It does not ask whether such a
 * row could occur; where features depend on each other it sends the model rows that no data look like.
 *
 * @param model - See {@link RowModel}; `rowModel` makes one of a TensorFlow.js model.
 * @param x - The row to explain.
 * @param background - Rows as long as `x` that stand for "not known", such as a sample of the training rows.
 * @throws RangeError for rows of different lengths, or groups that overlap or name no column.
 *
 * Source: S. Lundberg and S.-I. Lee, "A unified approach to interpreting model predictions", NeurIPS 2017; for the name,
 * D. Janzing, L. Minorics and P. Blöbaum, "Feature relevance quantification in explainable AI: a causal problem",
 * AISTATS 2020.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { interventionalGame, shapleyValues } from "@nn30/shared";
 *
 * // f = 2a + 3b + 4ab at a = b = 1, against a = b = 0: the product's 4 is shared evenly.
 * const model = (rows: Float64Array) => [...rows.keys()].filter((i) => i % 2 === 0).map((i) => 2 * rows[i] + 3 * rows[i + 1] + 4 * rows[i] * rows[i + 1]);
 * const { values } = shapleyValues(interventionalGame(model, [1, 1], [[0, 0]]));
 * assert.deepEqual([...values], [4, 5]);
 * ```
 */
export function interventionalGame(
  model: RowModel,
  x: ArrayLike<number>,
  background: readonly ArrayLike<number>[],
  options: InterventionalOptions = {},
): Game {
  const where = "interventionalGame";
  const columns = x.length;
  const { groups = Array.from(x, (_, column) => [column]), batchRows = 8192 } = options;
  if (background.length === 0) throw new RangeError(`${where}: expected at least one background row but got none`);
  const uneven = background.findIndex((row) => row.length !== columns);
  if (uneven >= 0) {
    throw new RangeError(
      `${where}: expected background rows of ${columns} columns, as x has, but row ${uneven} has ${background[uneven].length}`,
    );
  }
  requireCount(where, "batchRows", batchRows);
  const ownerOf = ownersOf(where, groups, columns);

  return {
    players: groups.length,
    worth: (coalitions) => {
      const worths = new Float64Array(coalitions.length);
      const total = coalitions.length * background.length;
      const buffer = new Float64Array(Math.min(batchRows, total) * columns);
      for (let first = 0; first < total; first += batchRows) {
        const count = Math.min(batchRows, total - first);
        for (let row = 0, to = 0; row < count; row++) {
          const members = coalitions[Math.floor((first + row) / background.length)];
          const absent = background[(first + row) % background.length];
          for (let column = 0; column < columns; column++, to++) {
            const owner = ownerOf[column];
            buffer[to] = owner >= 0 && members[owner] === 1 ? x[column] : absent[column];
          }
        }
        const outputs = model(buffer.subarray(0, count * columns), count);
        if (outputs.length !== count) {
          throw new RangeError(
            `${where}: expected the model to give ${count} numbers for ${count} rows but got ${outputs.length}`,
          );
        }
        for (let row = 0; row < count; row++) {
          worths[Math.floor((first + row) / background.length)] += outputs[row] / background.length;
        }
      }
      return worths;
    },
  };
}

/** The player to whom each column belongs; −1 for none. */
function ownersOf(where: string, groups: readonly (readonly number[])[], columns: number): Int32Array {
  const owners = new Int32Array(columns).fill(-1);
  for (const [player, group] of groups.entries()) {
    for (const column of group) {
      if (!Number.isInteger(column) || column < 0 || column >= columns) {
        throw new RangeError(
          `${where}: expected columns from 0 to ${columns - 1} in groups[${player}] but got ${column}`,
        );
      }
      if (owners[column] >= 0) {
        throw new RangeError(
          `${where}: expected every column in one group but ${column} is in ${owners[column]} and ${player}`,
        );
      }
      owners[column] = player;
    }
  }
  return owners;
}
