import { dataSource } from "./data-folder.js";
import { type ClassifiedData, parseClassified } from "./tabular-data.js";
import { readVerified } from "./verified-file.js";

/** What is measured at the nuclei of the cells in a picture. */
const MEASUREMENTS = [
  "radius",
  "texture",
  "perimeter",
  "area",
  "smoothness",
  "compactness",
  "concavity",
  "concave points",
  "symmetry",
  "fractal dimension",
];

/**
 * Measurements of cell nuclei in 569 pictures of breast tissue: ten quantities, of each its mean over the nuclei, its
 * standard error and its worst (the mean of the three largest), 30 columns in all.
 *
 * Class 0 is malignant (212), class 1 benign (357): a "positive" is the harmless case. Radius, perimeter and area are
 * nearly functions of each other, in the mean as in the worst.
 *
 * A danfojs frame: `new dfd.DataFrame(breastCancer().features, { columns: breastCancer().featureNames })`.
 *
 * @param options - `folder`: where the package's files lie, if not where set-up puts them.
 * @returns New arrays at every call.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: W. Wolberg, O. Mangasarian and W. Street, "Breast Cancer Wisconsin (Diagnostic)", UCI Machine Learning
 * Repository; PyPI's `scikit-learn` 1.9.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { breastCancer } from "@nn30/shared";
 *
 * const { features, target, classNames, featureNames } = breastCancer();
 * assert.equal(features.length, 569);
 * assert.deepEqual([featureNames[0], featureNames[29]], ["mean radius", "worst fractal dimension"]);
 * assert.equal(classNames[target[0]], "malignant");
 * ```
 */
export function breastCancer(options: { folder?: string } = {}): ClassifiedData {
  const bytes = readVerified(dataSource("breastCancer", "scikit-learn", options.folder), "data/breast_cancer.csv");
  return parseClassified(bytes, [
    ...MEASUREMENTS.map((name) => `mean ${name}`),
    ...MEASUREMENTS.map((name) => `${name} error`),
    ...MEASUREMENTS.map((name) => `worst ${name}`),
  ]);
}
