import { dataSource } from "./data-folder.js";
import { type ClassifiedData, parseClassified } from "./tabular-data.js";
import { readVerified } from "./verified-file.js";

/**
 * A chemical analysis of 178 wines from three vineyards of one region in Italy: 13 measurements each, from 0.13 (the
 * smallest of the phenols) to 1,680 (proline). Classes 0, 1 and 2, with 59, 71 and 48 wines, are the vineyards; the rows
 * are sorted by them.
 *
 * A danfojs frame: `new dfd.DataFrame(wine().features, { columns: wine().featureNames })`.
 *
 * @param options - `folder`: where the package's files lie, if not where set-up puts them.
 * @returns New arrays at every call.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: M. Forina, UCI Machine Learning Repository; PyPI's `scikit-learn` 1.9.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wine } from "@nn30/shared";
 *
 * const { featureNames, features, target } = wine();
 * assert.deepEqual([features.length, features[0].length, featureNames.length], [178, 13, 13]);
 * assert.deepEqual([featureNames[0], features[0][0], target[0]], ["alcohol", 14.23, 0]);
 * ```
 */
export function wine(options: { folder?: string } = {}): ClassifiedData {
  const bytes = readVerified(dataSource("wine", "scikit-learn", options.folder), "data/wine_data.csv");
  return parseClassified(bytes, [
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "od280/od315 of diluted wines",
    "proline",
  ]);
}
