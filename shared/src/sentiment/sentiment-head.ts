import { readFileSync } from "node:fs";
import { writeWholeFile } from "../data/whole-file.js";
import { sigmoid } from "../nn/sigmoid.js";

/** A logistic neuron on top of an encoder's vectors: what is trained for sentiment. */
export interface SentimentHead {
  /** Key of the encoder whose vectors it was trained on. */
  readonly encoder: string;
  /** A weight for each number of a vector. */
  readonly weights: readonly number[];
  readonly bias: number;
}

/**
 * The probability that a text is praise: σ(w·x + b).
 *
 * @param head - A trained head.
 * @param vector - The text's vector.
 * @throws RangeError for a vector of another length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { praiseOf } from "@nn30/shared";
 *
 * assert.equal(praiseOf({ encoder: "", weights: [2, 0], bias: -2 }, Float32Array.of(1, 5)), 0.5);
 * ```
 */
export function praiseOf({ weights, bias }: SentimentHead, vector: ArrayLike<number>): number {
  if (vector.length !== weights.length) {
    throw new RangeError(`praiseOf: expected a vector of ${weights.length} numbers but got ${vector.length}`);
  }
  return sigmoid(weights.reduce((sum, weight, i) => sum + weight * vector[i], bias));
}

/**
 * Writes a head to a file, about 8 kB of JSON. Numbers are kept to the last bit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { readSentimentHead, writeSentimentHead } from "@nn30/shared";
 *
 * const folder = mkdtempSync(join(tmpdir(), "head-"));
 * const head = { encoder: "letters", weights: [0.1, -1 / 3], bias: 0.5 };
 * writeSentimentHead(join(folder, "head.json"), head);
 * assert.deepEqual(readSentimentHead(join(folder, "head.json")), head);
 * rmSync(folder, { recursive: true });
 * ```
 */
export function writeSentimentHead(file: string, { encoder, weights, bias }: SentimentHead): void {
  writeWholeFile(file, `${JSON.stringify({ format: 1, encoder, bias, weights }, null, 1)}\n`);
}

/**
 * Reads a head from a file.
 *
 * @throws Error when there is no such file; RangeError when it is no head.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readSentimentHead } from "@nn30/shared";
 *
 * assert.throws(() => readSentimentHead("none.json"), /none\.json cannot be read/);
 * ```
 */
export function readSentimentHead(file: string): SentimentHead {
  let content: Partial<SentimentHead> & { format?: number };
  try {
    content = JSON.parse(readFileSync(file, "utf8")) as typeof content;
  } catch (cause) {
    throw new Error(`readSentimentHead: ${file} cannot be read; Day 28 trains it`, { cause });
  }
  const { format, encoder, weights, bias } = content;
  const isNumber = (value: unknown): value is number => Number.isFinite(value);
  const isHead = format === 1 && typeof encoder === "string" && isNumber(bias);
  if (!isHead || !Array.isArray(weights) || !weights.every(isNumber)) {
    throw new RangeError(`readSentimentHead: ${file} is no sentiment head`);
  }
  return { encoder, weights, bias };
}
