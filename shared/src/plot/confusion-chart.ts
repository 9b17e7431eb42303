import type { ConfusionMatrix } from "../metrics/confusion-matrix.js";
import { type FigureOptions, axis, frame } from "./axes.js";
import { requireLength, requireMatrix } from "./checks.js";
import { Figure, type Numbers } from "./figure.js";
import { CELL_TEXT } from "./heatmap.js";
import { roundedList, shown } from "./numbers.js";
import { DIVERGING } from "./theme.js";

/** Options of {@link confusionChart}. */
export interface ConfusionChartOptions extends FigureOptions {
  /** Names of the classes; default "0", "1", … */
  labels?: readonly string[];
  /** "row" writes each cell as a share of its true class; default "none": counts. */
  normalise?: "none" | "row";
  /** Title of the columns; default "predicted class". */
  xTitle?: string;
  /** Title of the rows; default "true class". */
  yTitle?: string;
}

/**
 * How often each true class (row) was taken for each class (column).
 *
 * Right answers are blue, the darker the larger their share of the class. Errors are vermilion, the darker the more
 * frequent, on a scale of their own: on the diagonal's they would all be white, and they are what one looks for.
 *
 * @param matrix what `confusionMatrix` counted, or rows `[classes, classes]`, `matrix[true][predicted]`.
 * @throws RangeError when counts are not square, negative or not finite.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionChart } from "@nn30/shared";
 *
 * const figure = confusionChart([[8, 2], [1, 9]], { labels: ["cat", "dog"] });
 * assert.match(figure.alt, /17 of 20 on the diagonal \(85 %\).*2 × cat taken for dog/);
 * ```
 */
export function confusionChart(
  matrix: readonly Numbers[] | ConfusionMatrix,
  options: ConfusionChartOptions = {},
): Figure {
  const where = "confusionChart";
  const counts = "classes" in matrix ? matrixRows(matrix) : matrix;
  const { rows: classes, columns } = requireMatrix(where, "counts", counts);
  if (classes !== columns) {
    throw new RangeError(`${where}: expected counts of shape [classes, classes] but got [${classes}, ${columns}]`);
  }
  for (const [i, row] of counts.entries()) {
    const negative = Array.from(row).findIndex((value) => value < 0);
    if (negative >= 0)
      throw new RangeError(`${where}: expected counts ≥ 0 but got ${row[negative]} at [${i}, ${negative}]`);
  }
  const labels = options.labels ?? Array.from({ length: classes }, (_, i) => String(i));
  requireLength(where, "labels (one a class)", labels, classes);

  const byRow = options.normalise === "row";
  const shares = counts.map((row) => {
    const total = Array.from(row).reduce((sum, value) => sum + value, 0);
    return Array.from(row, (value) => (total === 0 ? 0 : value / total));
  });
  const worst = Math.max(LIGHTEST_WORST, ...shares.flatMap((row, i) => row.filter((_, j) => j !== i)));
  const [xTitle, yTitle] = [options.xTitle ?? "predicted class", options.yTitle ?? "true class"];
  const side = Math.min(680, Math.max(300, 48 * classes));
  return new Figure({
    data: [
      {
        type: "heatmap",
        // Signed, so that one scale from vermilion to blue serves both.
        z: shares.map((row, i) => roundedList(row.map((share, j) => (i === j ? share : (-0.9 * share) / worst)))),
        x: labels,
        y: labels,
        zmin: -1,
        zmax: 1,
        colorscale: DIVERGING,
        showscale: false,
        xgap: 1,
        ygap: 1,
        text: shares.map((row, i) => row.map((share, j) => (byRow ? percentage(share) : shown(counts[i][j])))),
        ...CELL_TEXT,
        hovertemplate: `${yTitle}: %{y}<br>${xTitle}: %{x}<br>${byRow ? "share" : "count"}: %{text}<extra></extra>`,
      },
    ],
    layout: {
      ...frame({ width: side + 110, height: side + (options.title ? 110 : 78), ...options }, false),
      // Categories, also where labels are digits; one tick a class.
      xaxis: { ...axis(xTitle), type: "category", showgrid: false, showline: false, dtick: 1, constrain: "domain" },
      yaxis: {
        ...axis(yTitle),
        type: "category",
        showgrid: false,
        showline: false,
        dtick: 1,
        autorange: "reversed",
        scaleanchor: "x",
        constrain: "domain",
      },
    },
    alt: options.alt ?? inWords(counts, labels, options),
  });
}

function matrixRows({ classes, counts }: ConfusionMatrix): Uint32Array[] {
  return Array.from({ length: classes }, (_, i) => counts.subarray(i * classes, (i + 1) * classes));
}

/** Below 5 % the most frequent error is drawn lighter than its colour's full depth: a good classifier looks good. */
const LIGHTEST_WORST = 0.05;

/** A share short enough for a cell. */
function percentage(share: number): string {
  return share === 0 ? "0" : share < 0.1 ? `${(share * 100).toFixed(1)}%` : `${(share * 100).toFixed(0)}%`;
}

function inWords(counts: readonly Numbers[], labels: readonly string[], options: ConfusionChartOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  let total = 0;
  let right = 0;
  const wrong: { count: number; text: string }[] = [];
  for (const [i, row] of counts.entries()) {
    for (let j = 0; j < row.length; j++) {
      total += row[j];
      if (i === j) right += row[j];
      else if (row[j] > 0)
        wrong.push({ count: row[j], text: `${shown(row[j])} × ${labels[i]} taken for ${labels[j]}` });
    }
  }
  wrong.sort((a, b) => b.count - a.count);
  const worst =
    wrong.length === 0
      ? "no confusion"
      : `most frequent: ${wrong
          .slice(0, 3)
          .map((one) => one.text)
          .join(", ")}`;
  const share = total === 0 ? "" : ` (${shown(right / total, true)})`;
  return `${heading}Confusion matrix of ${labels.length} classes: ${shown(right)} of ${shown(total)} on the diagonal${share}; ${worst}.`;
}
