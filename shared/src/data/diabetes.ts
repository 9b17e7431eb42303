import { gunzipSync } from "node:zlib";
import { decodeUtf8 } from "./csv.js";
import { dataSource } from "./data-folder.js";
import type { TabularData } from "./tabular-data.js";
import { type DataSource, readVerified } from "./verified-file.js";

/**
 * Ten measurements of 442 people with diabetes, and how far the illness had advanced a year later (a score from 25 to
 * 346, its mean 152).
 *
 * The columns are age in years, sex (1 or 2), body mass index, mean blood pressure, and six values of the blood: total
 * cholesterol, low- and high-density lipoproteins, their ratio, the logarithm of triglycerides, and sugar. They are in
 * their own units; scikit-learn's `load_diabetes` gives them centred and scaled by default.
 *
 * A danfojs frame: `new dfd.DataFrame(diabetes().features, { columns: diabetes().featureNames })`.
 *
 * @param options - `folder`: where the package's files lie, if not where set-up puts them.
 * @returns New arrays at every call.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", Annals of Statistics 32 (2004);
 * PyPI's `scikit-learn` 1.9.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { diabetes } from "@nn30/shared";
 *
 * const { featureNames, features, target } = diabetes();
 * assert.equal(featureNames[2], "bmi");
 * assert.deepEqual([features.length, features[0][2], target[0]], [442, 32.1, 151]);
 * ```
 */
export function diabetes(options: { folder?: string } = {}): TabularData {
  const source = dataSource("diabetes", "scikit-learn", options.folder);
  return {
    featureNames: ["age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu"],
    features: numbers(source, "data/diabetes_data_raw.csv.gz"),
    target: numbers(source, "data/diabetes_target.csv.gz").map(([value]) => value),
  };
}

/** Rows of numbers with a space between them. */
function numbers(source: DataSource, file: string): number[][] {
  const lines = decodeUtf8(gunzipSync(readVerified(source, file)))
    .trimEnd()
    .split("\n");
  return lines.map((line) => line.trim().split(" ").map(Number));
}
