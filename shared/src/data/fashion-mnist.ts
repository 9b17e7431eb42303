import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ImageFiles, type ImageSplit, readImageSplit } from "./image-split.js";

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

const files: ImageFiles = {
  trainImages: {
    path: "train-images-idx3-ubyte",
    bytes: 47_040_016,
    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  },
  trainLabels: {
    path: "train-labels-idx1-ubyte",
    bytes: 60_008,
    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  },
  testImages: {
    path: "t10k-images-idx3-ubyte",
    bytes: 7_840_016,
    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  },
  testLabels: {
    path: "t10k-labels-idx1-ubyte",
    bytes: 10_008,
    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
};

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
  const folder = options.folder ?? join(__dirname, "..", "..", "..", ".data", "fashion-mnist");
  if (!existsSync(folder)) return undefined;
  const split = readImageSplit({ loader: "fashionMnist", folder, repair: "npm run setup -- --verify" }, files);
  if (options.folder === undefined) loaded = split;
  return split;
}
