import type { Numbers } from "./figure.js";

/** A rectangle of the plane. */
export interface Window {
  xRange: readonly [number, number];
  yRange: readonly [number, number];
}

/** The part of a window where w·x + b > 0 as a closed outline, and the boundary line within the window. */
export interface HalfPlane {
  outline: { x: number[]; y: number[] };
  line: { x: number[]; y: number[] };
}

/**
 * Clips a window by the line w·x + b = 0 (one step of Sutherland and Hodgman's algorithm: walk around the rectangle,
 * keep the corners on the positive side, and add the points where an edge crosses the line).
 */
export function halfPlane(weights: Numbers, bias: number, { xRange, yRange }: Window): HalfPlane {
  const corners = [
    [xRange[0], yRange[0]],
    [xRange[1], yRange[0]],
    [xRange[1], yRange[1]],
    [xRange[0], yRange[1]],
  ];
  const side = ([x, y]: number[]): number => weights[0] * x + weights[1] * y + bias;
  const outline: number[][] = [];
  const crossings: number[][] = [];
  for (const [index, corner] of corners.entries()) {
    const next = corners[(index + 1) % corners.length];
    const [here, there] = [side(corner), side(next)];
    if (here >= 0) outline.push(corner);
    if (here === 0 && (weights[0] !== 0 || weights[1] !== 0)) crossings.push(corner);
    if (here * there < 0) {
      const part = here / (here - there);
      const crossing = corner.map((value, i) => value + part * (next[i] - value));
      outline.push(crossing);
      crossings.push(crossing);
    }
  }
  if (outline.length > 0) outline.push(outline[0]);
  const columns = (points: number[][]): { x: number[]; y: number[] } => ({
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
  });
  return { outline: columns(outline), line: columns(crossings.slice(0, 2)) };
}
