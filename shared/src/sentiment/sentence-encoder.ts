import { createHash } from "node:crypto";
import { localMiniLm } from "./local-model.js";
import { tokenWindows } from "./token-windows.js";
import {
  type HubModel,
  type HubTensor,
  type HubTokenizer,
  type TransformersJs,
  transformersJs,
} from "./transformers-js.js";

/** Options of {@link loadSentenceEncoder}. */
export interface SentenceEncoderOptions {
  /**
   * The longest window that the network reads at once, in tokens, from 3 to 512. Of a text that is longer, its first and
   * its last window are read. Default: 128, the length that MiniLM was trained on.
   */
  readonly maxTokens?: number;
}

/**
 * Turns texts into vectors: MiniLM, run by Transformers.js from files on this machine. Texts that mean nearly the same
 * have vectors that point in nearly the same direction. Made by {@link loadSentenceEncoder}.
 */
export class SentenceEncoder {
  /** Numbers of a vector. */
  readonly dimensions = 384;

  /**
   * @param key - Stands for everything that a text's vector depends on: the model's files, the windows, the pooling and
   *   the version of Transformers.js.
   * @param maxTokens - The longest window.
   * @param library - Transformers.js.
   * @param tokenizer - Its tokenizer.
   * @param model - Its network.
   */
  constructor(
    readonly key: string,
    readonly maxTokens: number,
    private readonly library: TransformersJs,
    private readonly tokenizer: HubTokenizer,
    private readonly model: HubModel,
  ) {}

  /**
   * The tokens that the network is shown for a text, a list for each window. Each begins with `[CLS]`, 101, and ends
   * with `[SEP]`, 102.
   *
   * @throws TypeError for what is no text; RangeError for a text in which there is nothing to read.
   */
  tokens(text: string): number[][] {
    if (typeof text !== "string") throw new TypeError(`SentenceEncoder: expected a text but got ${typeof text}`);
    const ids = this.tokenizer.encode(text, { add_special_tokens: false });
    if (ids.length === 0) throw new RangeError("SentenceEncoder: expected a text with words in it but it is empty");
    return tokenWindows(ids, this.maxTokens - 2).map((window) => [101, ...window, 102]);
  }

  /**
   * The vector of a text: the mean over the tokens of a window, the mean over the windows, brought to length 1.
   *
   * @returns float32 `[384]`.
   */
  async embed(text: string): Promise<Float32Array> {
    const sum = new Float64Array(this.dimensions);
    for (const ids of this.tokens(text)) {
      const hidden = await this.run(ids);
      for (let t = 0; t < ids.length; t++) {
        for (let k = 0; k < sum.length; k++) sum[k] += hidden.data[t * sum.length + k] / ids.length;
      }
    }
    const length = Math.hypot(...sum);
    return Float32Array.from(sum, (value) => value / length);
  }

  /** The last layer's activations, `[1, tokens, 384]`. */
  private async run(ids: readonly number[]): Promise<HubTensor> {
    const tensor = (value: (id: number) => number) =>
      new this.library.Tensor(
        "int64",
        BigInt64Array.from(ids, (id) => BigInt(value(id))),
        [1, ids.length],
      );
    const outputs = await this.model({
      input_ids: tensor((id) => id),
      attention_mask: tensor(() => 1),
      token_type_ids: tensor(() => 0),
    });
    const found = Object.values(outputs).find(
      ({ dims }) => dims.length === 3 && dims[1] === ids.length && dims[2] === this.dimensions,
    );
    if (found) return found;
    throw new Error(`SentenceEncoder: the model gives ${Object.keys(outputs).join(", ")} and no vector for each token`);
  }
}

const loaded = new Map<number, Promise<SentenceEncoder>>();

/**
 * Loads MiniLM for Transformers.js (1 s; nothing is downloaded). Loading it again gives the same encoder.
 *
 * The network is all-MiniLM-L6-v2 with weights of 8 bits: 22.7 million parameters, 6 layers, 384 wide.
 *
 * @throws RangeError for windows that are too short or too long.
 * @throws Error when the model's files or the npm package are missing, with what to do.
 *
 * Sources: W. Wang and others, "MiniLM" (2020); N. Reimers and I. Gurevych, "Sentence-BERT" (2019).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadSentenceEncoder } from "@nn30/shared";
 *
 * async function main(): Promise<void> {
 *   const encoder = await loadSentenceEncoder();
 *   const [a, b, c] = [
 *     await encoder.embed("I love learning deep learning!"),
 *     await encoder.embed("I adore studying neural networks."),
 *     await encoder.embed("This film was a dreadful waste of time."),
 *   ];
 *   const cosine = (u: Float32Array, v: Float32Array) => u.reduce((sum, value, i) => sum + value * v[i], 0);
 *   assert.ok(cosine(a, b) > 0.5 && cosine(a, c) < 0.2);
 * }
 * void main();
 * ```
 */
export function loadSentenceEncoder({ maxTokens = 128 }: SentenceEncoderOptions = {}): Promise<SentenceEncoder> {
  if (!Number.isInteger(maxTokens) || maxTokens < 3 || maxTokens > 512) {
    const got = String(maxTokens);
    return Promise.reject(new RangeError(`loadSentenceEncoder: expected maxTokens from 3 to 512 but got ${got}`));
  }
  let encoder = loaded.get(maxTokens);
  if (!encoder) {
    encoder = load(maxTokens);
    loaded.set(maxTokens, encoder);
    encoder.catch(() => loaded.delete(maxTokens)); // set-up may repair what was missing
  }
  return encoder;
}

async function load(maxTokens: number): Promise<SentenceEncoder> {
  const library = transformersJs("loadSentenceEncoder");
  const { name, hash } = localMiniLm();
  const options = { local_files_only: true };
  const tokenizer = await library.AutoTokenizer.from_pretrained(name, options);
  // A text at a time is too little work for several threads: they would wait for each other twice as long as they work.
  const session_options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const model = await library.AutoModel.from_pretrained(name, {
    ...options,
    dtype: "q8",
    device: "cpu",
    session_options,
  });
  const parts = [hash, library.env.version, maxTokens, "first and last window", "mean of tokens and windows"];
  const key = createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
  return new SentenceEncoder(key, maxTokens, library, tokenizer, model);
}
