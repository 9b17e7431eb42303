import { decodeUtf8 } from "./csv.js";

/** A table of numbers and a number to be predicted from each row. */
export interface TabularData {
  /** Name of each column. */
  readonly featureNames: string[];
  /** `[count, columns]`. */
  readonly features: number[][];
  /** `[count]`: the value to predict, or the number of the class. */
  readonly target: number[];
}

/** A table of numbers and a class for each row. */
export interface ClassifiedData extends TabularData {
  /** What the class numbers stand for. */
  readonly classNames: string[];
}

/**
 * Reads a table as scikit-learn keeps it: a line with the number of rows, the number of columns and the names of the
 * classes, then the rows, the class last.
 */
export function parseClassified(bytes: Uint8Array, featureNames: string[]): ClassifiedData {
  const [first, ...lines] = decodeUtf8(bytes).trimEnd().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  return {
    featureNames,
    features: rows.map((row) => row.slice(0, -1)),
    target: rows.map((row) => row[row.length - 1]),
    classNames: first.trimEnd().split(",").slice(2),
  };
}
