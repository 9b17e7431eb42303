import { existsSync } from "node:fs";
import { dataSource } from "./data-folder.js";
import { type ImageSplit, readImageSplit } from "./image-split.js";

/** What the class numbers of Fashion-MNIST stand for. */
export const fashionClasses = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
] as const;

let loaded: ImageSplit | undefined;

/**
 * The Fashion-MNIST articles of clothing: 28×28 grey images in ten classes ({@link fashionClasses}), in MNIST's format
 * and numbers but harder.
 *
 * Set-up gets it where a source serves it. Where none does, it goes on without and this returns undefined, so that a
 * notebook can say so and run the rest.
 *
 * @param options - `folder`: where the four files lie, if not where set-up puts them.
 * @throws Error that names the damaged file, what was expected, what was found and what repairs it.
 *
 * Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
 * algorithms", arXiv 1708.07747.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fashionClasses, fashionMnist } from "@nn30/shared";
 *
 * const fashion = fashionMnist();
 * if (fashion !== undefined) {
 *   assert.equal(fashion.test.count, 10_000);
 *   assert.equal(fashionClasses[fashion.train.labels[0]], "ankle boot");
 * }
 * ```
 */
export function fashionMnist(options: { folder?: string } = {}): ImageSplit | undefined {
  if (options.folder === undefined && loaded !== undefined) return loaded;
  const source = dataSource("fashionMnist", "fashion-mnist", options.folder);
  if (!existsSync(source.folder)) return undefined;
  const split = readImageSplit(source);
  if (options.folder === undefined) loaded = split;
  return split;
}
