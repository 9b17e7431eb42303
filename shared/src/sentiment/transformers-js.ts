import { join } from "node:path";
import { collectionRoot } from "../lesson/results.js";

/** A tensor of Transformers.js. */
export interface HubTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The few things that we use of `@huggingface/transformers`. Its own declarations are made for ECMAScript modules. */
export interface TransformersJs {
  readonly env: { localModelPath: string; cacheDir: string; allowRemoteModels: boolean; version: string };
  readonly AutoTokenizer: { from_pretrained(name: string, options: object): Promise<HubTokenizer> };
  readonly AutoModel: { from_pretrained(name: string, options: object): Promise<HubModel> };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: number[]) => unknown;
  pipeline(task: "sentiment-analysis", model: string, options: object): Promise<HubClassifier>;
}

/** Turns text into numbers of word pieces. */
export interface HubTokenizer {
  encode(text: string, options?: { add_special_tokens?: boolean }): number[];
}

/** Runs a network on named tensors. */
export type HubModel = (inputs: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, HubTensor>>>;

/** Transformers.js's own pipeline for sentiment. */
export type HubClassifier = (texts: string[]) => Promise<{ label: string; score: number }[]>;

/** Where models lie for Transformers.js: ours, and below `hub` what was downloaded on demand. */
export const modelsFolder = (): string => join(collectionRoot(), ".cache", "models");

/**
 * Transformers.js, loaded at the first call (0.3 s) and told to look for models on this machine only.
 *
 * @param caller - Opens the message of an error.
 * @throws Error when the package is not installed, with what to do.
 */
export function transformersJs(caller: string): TransformersJs {
  let loaded: TransformersJs;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import statement would load it at once
    loaded = require("@huggingface/transformers") as TransformersJs;
  } catch (cause) {
    throw new Error(`${caller}: the npm package @huggingface/transformers does not load; run \`npm run setup\``, {
      cause,
    });
  }
  loaded.env.localModelPath = modelsFolder();
  loaded.env.cacheDir = join(modelsFolder(), "hub");
  loaded.env.allowRemoteModels = false;
  return loaded;
}
