/** Turns text into the numbers of its characters and back. */
export class CharacterTokenizer {
  /** Every token, by number: the characters in the order of Unicode, then the special ones. */
  readonly tokens: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /**
   * @param text - The characters that occur in it are the tokens.
   * @param special - Names of further tokens that stand for no character, such as `"[MASK]"`.
   */
  constructor(text: string, special: readonly string[] = []) {
    const characters = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    this.tokens = [...characters, ...special];
    this.#numbers = new Map(this.tokens.map((token, number) => [token, number]));
  }

  /** Number of different tokens. */
  get size(): number {
    return this.tokens.length;
  }

  /**
   * The number of one token.
   *
   * @throws RangeError for one that the tokenizer does not know.
   */
  idOf(token: string): number {
    const number = this.#numbers.get(token);
    if (number === undefined) {
      throw new RangeError(
        `CharacterTokenizer: expected one of its ${this.size} tokens but got ${JSON.stringify(token)}`,
      );
    }
    return number;
  }

  /**
   * The numbers of the characters of a text.
   *
   * @throws RangeError for a character that the tokenizer does not know.
   */
  encode(text: string): Int32Array {
    return Int32Array.from([...text], (character) => this.idOf(character));
  }

  /** The text of some tokens. */
  decode(ids: ArrayLike<number>): string {
    return Array.from(ids, (number) => this.tokens[number]).join("");
  }
}

/**
 * A tokenizer whose tokens are the characters of a text.
 *
 * @param text - Whatever has to be encoded later may only use its characters.
 * @param special - Names of further tokens that stand for no character.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { characterTokenizer } from "@nn30/shared";
 *
 * const tokenizer = characterTokenizer("banana", ["[MASK]"]);
 * assert.deepEqual([...tokenizer.encode("nab")], [2, 0, 1]);
 * assert.equal(tokenizer.decode([1, 0, 3]), "ba[MASK]");
 * ```
 */
export function characterTokenizer(text: string, special: readonly string[] = []): CharacterTokenizer {
  return new CharacterTokenizer(text, special);
}
