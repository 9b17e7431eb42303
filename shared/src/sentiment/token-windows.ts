import { requireCount } from "../arguments/count.js";

/**
 * What an encoder that takes at most `size` tokens reads of a longer text: its first and its last `size` tokens. A text
 * of up to `size` tokens is read whole; in one of up to twice as many, the two windows overlap or meet.
 *
 * @param tokens - Numbers of tokens, at least one.
 * @param size - Tokens of a window, a whole number from 1.
 * @returns One window or two.
 * @throws RangeError for a size that is not a whole number from 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tokenWindows } from "@nn30/shared";
 *
 * assert.deepEqual(tokenWindows([1, 2, 3], 3), [[1, 2, 3]]);
 * assert.deepEqual(tokenWindows([1, 2, 3, 4], 3), [[1, 2, 3], [2, 3, 4]]);
 * ```
 */
export function tokenWindows(tokens: readonly number[], size: number): number[][] {
  requireCount("tokenWindows", "size", size);
  return tokens.length <= size ? [[...tokens]] : [tokens.slice(0, size), tokens.slice(-size)];
}
