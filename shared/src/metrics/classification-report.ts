import type { ConfusionMatrix } from "./confusion-matrix.js";

/** Precision, recall and their harmonic mean, each in [0, 1]. */
export interface PrecisionRecall {
  /** Of what was called this class, the fraction that is; 0 when nothing was called so. */
  readonly precision: number;
  /** Of what is this class, the fraction that was found; 0 when nothing is. */
  readonly recall: number;
  /** 2 · precision · recall / (precision + recall); 0 when both are 0. */
  readonly f1: number;
}

/** One class, and how many examples it has. */
export interface ClassScores extends PrecisionRecall {
  /** Number of examples of the class. */
  readonly support: number;
}

/** Scores of every class and their two usual averages. */
export interface ClassificationReport {
  /** Fraction of all predictions that are right. */
  readonly accuracy: number;
  /** Scores by class number. */
  readonly perClass: readonly ClassScores[];
  /** Mean over classes, each class counting the same. */
  readonly macro: PrecisionRecall;
  /** From counts pooled over classes, each example counting the same. With one label an example all equal accuracy. */
  readonly micro: PrecisionRecall;
}

/**
 * Precision, recall and F1 of each class, with macro and micro averages.
 *
 * A class that never occurs, or is never predicted, scores 0 where the quotient would be 0/0 (as scikit-learn does), and
 * counts in the macro average.
 *
 * Source: C. J. van Rijsbergen, "Information Retrieval", 1979, chapter 7, for F1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { classificationReport, confusionMatrix } from "@nn30/shared";
 *
 * const report = classificationReport(confusionMatrix([0, 1, 1, 1], [0, 0, 1, 1]));
 * assert.deepEqual(report.perClass[0], { precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
 * assert.equal(report.micro.f1, 0.75);
 * ```
 */
export function classificationReport(matrix: ConfusionMatrix): ClassificationReport {
  const { classes, counts } = matrix;
  const perClass: ClassScores[] = [];
  let right = 0;
  let total = 0;
  for (let c = 0; c < classes; c++) {
    let called = 0;
    let support = 0;
    for (let other = 0; other < classes; other++) {
      called += counts[other * classes + c];
      support += counts[c * classes + other];
    }
    const hits = counts[c * classes + c];
    perClass.push({ ...scores(hits, called, support), support });
    right += hits;
    total += support;
  }
  const mean = (score: (one: ClassScores) => number) => perClass.reduce((sum, one) => sum + score(one), 0) / classes;
  return {
    accuracy: ratio(right, total),
    perClass,
    macro: {
      precision: mean((one) => one.precision),
      recall: mean((one) => one.recall),
      f1: mean((one) => one.f1),
    },
    micro: scores(right, total, total),
  };
}

function scores(hits: number, called: number, support: number): PrecisionRecall {
  return { precision: ratio(hits, called), recall: ratio(hits, support), f1: ratio(2 * hits, called + support) };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
