import { sampled } from "./contour.js";
import { Figure, type Trace } from "./figure.js";
import type { Window } from "./half-plane.js";
import {
  type DecisionBoundaryOptions,
  LINE,
  type LabelledPoints,
  type LinearUnit,
  checkUnit,
  described,
  equation,
  planeLayout,
  pointGroups,
  rightly,
  side,
  unitTraces,
  viewOf,
} from "./labelled-plane.js";
import { encodedMatrix, roundedList, shown } from "./numbers.js";
import { pointTraces } from "./scatter.js";
import { DIVERGING, colourBar } from "./theme.js";

/** A network of two inputs and one output between 0 and 1. */
export interface PlaneOutput {
  output: (x1: number, x2: number) => number;
  /** Output from which on the class is 1; default 0.5. */
  threshold?: number;
  /** Samples along each side; default 61. */
  resolution?: number;
}

/**
 * Points of two classes and what a classifier makes of the plane: for a linear unit its line and its positive side, for
 * a network its output as filled contours with the line where it crosses the threshold.
 *
 * @throws RangeError when points are not pairs, labels are not 0 or 1, or the output is not finite.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decisionBoundary } from "@nn30/shared";
 *
 * const and = { inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 0, 0, 1] };
 * const figure = decisionBoundary(and, { weights: [2, 2], bias: -3 }, { title: "AND" });
 * assert.match(figure.alt, /4 of 4 points on their side/);
 * ```
 */
export function decisionBoundary(
  points: LabelledPoints,
  classifier: LinearUnit | PlaneOutput,
  options: DecisionBoundaryOptions = {},
): Figure {
  const where = "decisionBoundary";
  const groups = pointGroups(where, points);
  const window = viewOf(points, options);
  const heading = options.title ? `${options.title}. ` : "";
  let traces: Trace[];
  let says: (x1: number, x2: number) => number;
  let kind: string;
  if ("weights" in classifier) {
    checkUnit(where, classifier);
    traces = unitTraces(classifier, window);
    says = (x1, x2) => side(classifier, x1, x2);
    kind = `the line ${equation(classifier)}`;
  } else {
    const threshold = classifier.threshold ?? 0.5;
    traces = outputTraces(where, classifier, threshold, window, options.valueTitle ?? "output");
    says = (x1, x2) => (classifier.output(x1, x2) >= threshold ? 1 : 0);
    kind = `filled contours of the output and the line where it is ${shown(threshold)}`;
  }
  return new Figure({
    data: [...traces, ...pointTraces(where, groups)],
    layout: planeLayout(window, options),
    alt: options.alt ?? `${heading}Decision boundary: ${described(groups)} and ${kind}; ${rightly(points, says)}.`,
  });
}

function outputTraces(
  where: string,
  plane: PlaneOutput,
  threshold: number,
  window: Window,
  valueTitle: string,
): Trace[] {
  const grid = sampled(where, { height: plane.output, ...window, resolution: plane.resolution });
  const z = encodedMatrix(grid.z);
  const [x, y] = [roundedList(grid.x), roundedList(grid.y)];
  return [
    {
      type: "contour",
      x,
      y,
      z,
      zmin: 0,
      zmax: 1,
      contours: { start: 0, end: 1, size: 0.1 },
      colorscale: DIVERGING,
      line: { width: 0 },
      opacity: 0.75,
      colorbar: colourBar(valueTitle),
      hovertemplate: `${valueTitle}: %{z:.4~g}<extra></extra>`,
    },
    {
      type: "contour",
      name: `${valueTitle} = ${shown(threshold)}`,
      x,
      y,
      z,
      contours: { start: threshold, end: threshold, size: 1, coloring: "none" },
      line: LINE,
      showscale: false,
      showlegend: true,
      hoverinfo: "skip",
    },
  ];
}
