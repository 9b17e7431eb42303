import { join } from "node:path";
import { dayFolder } from "../lesson/results.js";
import { loadSentenceEncoder } from "./sentence-encoder.js";
import { praiseOf, readSentimentHead } from "./sentiment-head.js";
import { transformersJs } from "./transformers-js.js";

/** What a text says about what it speaks of. */
export interface Sentiment {
  readonly label: "POSITIVE" | "NEGATIVE";
  /** The probability of the label, from 0.5 to 1. */
  readonly score: number;
}

/** Options of {@link sentiment}. */
export interface SentimentOptions {
  /** File of the trained head. Default: the one that Day 28 trained. */
  readonly head?: string;
  /**
   * Name of a model on the Hugging Face hub, such as `Xenova/distilbert-base-uncased-finetuned-sst-2-english`. It is
   * **downloaded** the first time and kept in `.cache/models/hub`; its own labels and scores are given. Default: none.
   */
  readonly hub?: string;
}

/**
 * Whether texts are praise or blame, in the manner of `pipeline("sentiment-analysis")`: MiniLM's vectors, run by
 * Transformers.js from files on this machine, under the logistic neuron that Day 28 trained on reviews of films.
 *
 * English only, and best on what it was trained on: sentences and reviews of up to some 250 words; of longer ones the
 * first and the last 126 word pieces are read. It knows no *neutral*, so a fact has a sentiment, too.
 *
 * @param texts - A text or a list of texts.
 * @returns A result for each text, in their order.
 * @throws TypeError for what is no text; RangeError for a text without words, with its place in the list.
 * @throws Error for a head that belongs to another encoder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sentiment } from "@nn30/shared";
 *
 * sentiment("I love learning deep learning!").then(([{ label, score }]) => {
 *   assert.equal(label, "POSITIVE");
 *   assert.ok(score > 0.8);
 * });
 * ```
 */
export async function sentiment(
  texts: string | readonly string[],
  options: SentimentOptions = {},
): Promise<Sentiment[]> {
  const list = typeof texts === "string" ? [texts] : Array.from(texts);
  list.forEach((text, i) => {
    const place = list.length > 1 ? ` at place ${i} of the list` : "";
    if (typeof text !== "string") throw new TypeError(`sentiment: expected a text${place} but got ${typeof text}`);
    if (text.trim() === "") throw new RangeError(`sentiment: expected a text with words in it but it is empty${place}`);
  });
  if (options.hub !== undefined) return byHub(list, options.hub);
  const file = options.head ?? join(dayFolder(28), "sentiment_head.json");
  const head = readSentimentHead(file);
  const encoder = await loadSentenceEncoder();
  if (head.encoder !== encoder.key) {
    throw new Error(
      `sentiment: ${file} was trained on vectors of the encoder ${head.encoder} but this is ${encoder.key}; ` +
        "train it anew with `npm run verify -- 28 --full --save`",
    );
  }
  const results: Sentiment[] = [];
  for (const text of list) {
    const praise = praiseOf(head, await encoder.embed(text));
    results.push(praise >= 0.5 ? { label: "POSITIVE", score: praise } : { label: "NEGATIVE", score: 1 - praise });
  }
  return results;
}

/** Transformers.js's own pipeline, with a model of the hub. */
async function byHub(texts: string[], model: string): Promise<Sentiment[]> {
  const library = transformersJs("sentiment");
  library.env.allowRemoteModels = true;
  try {
    const classify = await library.pipeline("sentiment-analysis", model, { device: "cpu" });
    return (await classify(texts)).map(({ label, score }) => ({ label: label as Sentiment["label"], score }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `sentiment: the hub's model ${model} cannot be had (${why}); without \`hub\` no network is needed`,
      {
        cause,
      },
    );
  } finally {
    library.env.allowRemoteModels = false;
  }
}
