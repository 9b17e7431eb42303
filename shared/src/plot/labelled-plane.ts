import { type FigureOptions, axis, frame } from "./axes.js";
import { requireLength, requireNumbers, requireTitle } from "./checks.js";
import type { Numbers, Trace } from "./figure.js";
import { type Window, halfPlane } from "./half-plane.js";
import { roundedList, shown } from "./numbers.js";
import type { PointGroup } from "./scatter.js";
import { PALETTE, TEXT_COLOUR, translucent } from "./theme.js";

/** Points of the plane with the class of each. */
export interface LabelledPoints {
  /** `[points, 2]`. */
  inputs: readonly Numbers[];
  /** The class of each point: 0 or 1. */
  labels: Numbers;
  /** What the legend calls class 0 and class 1; default "class 0" and "class 1". */
  classNames?: readonly [string, string];
}

/** A linear unit: it says 1 where w·x + b > 0. */
export interface LinearUnit {
  /** [w₁, w₂]. */
  weights: Numbers;
  bias: number;
}

/** Options of {@link decisionBoundary} and {@link movingBoundary}. */
export interface DecisionBoundaryOptions extends FigureOptions {
  /** Default "input x₁". */
  xTitle?: string;
  /** Default "input x₂". */
  yTitle?: string;
  /** Ends of x; default: a little wider than the points. */
  xRange?: readonly [number, number];
  /** Ends of y; default: a little wider than the points. */
  yRange?: readonly [number, number];
  /** Title of the colour bar of a {@link PlaneOutput}; default "output". */
  valueTitle?: string;
}

const CLASS_COLOURS = [PALETTE[1], PALETTE[0]] as const;
/** How the boundary is drawn. */
export const LINE = { color: TEXT_COLOUR, width: 2.5 };

export function pointGroups(where: string, points: LabelledPoints): PointGroup[] {
  requireNumbers(where, "labels", points.labels);
  requireLength(where, "inputs (one a label)", points.inputs, points.labels.length);
  for (const [index, input] of points.inputs.entries()) {
    requireNumbers(where, `inputs[${index}]`, input);
    requireLength(where, `inputs[${index}]`, input, 2);
    const label = points.labels[index];
    if (label !== 0 && label !== 1)
      throw new RangeError(`${where}: expected labels of 0 or 1 but got ${label} at index ${index}`);
  }
  const names = points.classNames ?? ["class 0", "class 1"];
  return [0, 1].flatMap((label): PointGroup[] => {
    const members = points.inputs.filter((_, index) => points.labels[index] === label);
    if (members.length === 0) return [];
    return [
      {
        name: names[label],
        x: members.map((one) => one[0]),
        y: members.map((one) => one[1]),
        colour: CLASS_COLOURS[label],
      },
    ];
  });
}

export function checkUnit(where: string, unit: LinearUnit): void {
  requireNumbers(where, "weights", unit.weights);
  requireLength(where, "weights", unit.weights, 2);
  requireNumbers(where, "bias", [unit.bias]);
}

/** The points with a margin of a quarter of their spread on every side. */
export function viewOf(points: LabelledPoints, options: DecisionBoundaryOptions): Window {
  const along = (index: 0 | 1): readonly [number, number] => {
    const values = points.inputs.map((input) => input[index]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = (high - low) * 0.25 || 1;
    return [low - margin, high + margin];
  };
  return { xRange: options.xRange ?? along(0), yRange: options.yRange ?? along(1) };
}

export function unitTraces(unit: LinearUnit, window: Window): Trace[] {
  const { outline, line } = halfPlane(unit.weights, unit.bias, window);
  return [
    {
      type: "scatter",
      mode: "lines",
      name: "w·x + b > 0",
      x: roundedList(outline.x),
      y: roundedList(outline.y),
      fill: "toself",
      fillcolor: translucent(CLASS_COLOURS[1], 0.16),
      line: { width: 0 },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      mode: "lines",
      name: "w·x + b = 0",
      x: roundedList(line.x),
      y: roundedList(line.y),
      line: LINE,
      hoverinfo: "skip",
    },
  ];
}

export function planeLayout(window: Window, options: DecisionBoundaryOptions): Record<string, unknown> {
  const [xTitle, yTitle] = [options.xTitle ?? "input x₁", options.yTitle ?? "input x₂"];
  requireTitle("decisionBoundary", "xTitle", xTitle);
  requireTitle("decisionBoundary", "yTitle", yTitle);
  return {
    ...frame({ width: 560, height: 460, ...options }, true),
    xaxis: { ...axis(xTitle, { range: window.xRange }), showgrid: false },
    yaxis: { ...axis(yTitle, { range: window.yRange }), showgrid: false },
    hovermode: "closest",
  };
}

export function side(unit: LinearUnit, x1: number, x2: number): number {
  return unit.weights[0] * x1 + unit.weights[1] * x2 + unit.bias > 0 ? 1 : 0;
}

export function equation(unit: LinearUnit): string {
  const sign = (value: number): string => (value < 0 ? ` − ${shown(-value)}` : ` + ${shown(value)}`);
  return `${shown(unit.weights[0])} x₁${sign(unit.weights[1])} x₂${sign(unit.bias)} = 0`;
}

export function described(groups: readonly PointGroup[]): string {
  return groups
    .map((group) => `${group.x.length} ${group.x.length === 1 ? "point" : "points"} of ${group.name}`)
    .join(", ");
}

export function rightly(points: LabelledPoints, says: (x1: number, x2: number) => number): string {
  const right = points.inputs.filter((input, index) => says(input[0], input[1]) === points.labels[index]).length;
  return `${right} of ${points.inputs.length} points on their side`;
}
