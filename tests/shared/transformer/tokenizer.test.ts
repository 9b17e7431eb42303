import { characterTokenizer } from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("characterTokenizer", () => {
  it("numbers characters in the order of Unicode, special tokens last", () => {
    const tokenizer = characterTokenizer("a—B a", ["[MASK]"]);
    expect(tokenizer.tokens).toEqual([" ", "B", "a", "—", "[MASK]"]);
    expect(tokenizer.size).toBe(5);
    expect(tokenizer.idOf("[MASK]")).toBe(4);
  });

  it("gives back what it was given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const tokenizer = characterTokenizer(text);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
      { seed: 1 },
    );
  });

  it("names a character that it does not know", () => {
    expect(() => characterTokenizer("abc").encode("cat")).toThrow('expected one of its 3 tokens but got "t"');
  });
});
