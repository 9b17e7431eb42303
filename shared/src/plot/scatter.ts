import { type AxesOptions, axis, frame } from "./axes.js";
import { requireLength, requireNumbers, requireTitle } from "./checks.js";
import { Figure, type Numbers, type Trace } from "./figure.js";
import { extent, roundedList, shown } from "./numbers.js";
import { seriesColour } from "./theme.js";

/** Points that share a name, a colour and a shape: a class. */
export interface PointGroup {
  name: string;
  x: Numbers;
  y: Numbers;
  /** A text beside every point, as many as points; default none. */
  labels?: readonly string[];
  /** `#RRGGBB`; default: the palette's next colour. */
  colour?: string;
}

/** Options of {@link scatter}. */
export interface ScatterOptions extends AxesOptions {
  /** Diameter of a point in pixels; default 8, less where there are many points. */
  size?: number;
  /** One unit is as long along x as along y; default false. */
  equalAspect?: boolean;
}

/** Shapes differ as well as colours, so that classes stay apart in a grey print. */
const SYMBOLS: readonly string[] = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "cross",
  "x",
  "star",
  "triangle-down",
];

/**
 * A scatter plot of one or several groups of points.
 *
 * @throws RangeError when lengths differ or a value is not finite; TypeError when an axis title is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scatter } from "@nn30/shared";
 *
 * const figure = scatter(
 *   [
 *     { name: "output 0", x: [0, 0, 1], y: [0, 1, 0] },
 *     { name: "output 1", x: [1], y: [1] },
 *   ],
 *   { title: "AND", xTitle: "input x₁", yTitle: "input x₂" },
 * );
 * assert.equal(figure.data.length, 2);
 * ```
 */
export function scatter(groups: PointGroup | readonly PointGroup[], options: ScatterOptions): Figure {
  const where = "scatter";
  const all = Array.isArray(groups) ? (groups as readonly PointGroup[]) : [groups as PointGroup];
  if (all.length === 0) throw new RangeError(`${where}: expected at least one group of points but got none`);
  requireTitle(where, "xTitle", options.xTitle);
  requireTitle(where, "yTitle", options.yTitle);
  const data = pointTraces(where, all, options.size);
  const yaxis = axis(options.yTitle, {
    log: options.logY,
    range: options.yRange,
    percent: options.percent,
    drawn: ends(all.map((group) => group.y)),
  });
  if (options.equalAspect) Object.assign(yaxis, { scaleanchor: "x", scaleratio: 1 });
  return new Figure({
    data,
    layout: {
      ...frame(options, all.length > 1),
      xaxis: axis(options.xTitle, {
        log: options.logX,
        range: options.xRange,
        drawn: ends(all.map((group) => group.x)),
      }),
      yaxis,
      hovermode: "closest",
    },
    alt: options.alt ?? inWords(all, options),
  });
}

/** Lowest and highest of all values. */
function ends(lists: readonly Numbers[]): [number, number] {
  const all = lists.map((values) => extent(values));
  return [Math.min(...all.map(({ low }) => low)), Math.max(...all.map(({ high }) => high))];
}

/** One trace a group; validated. */
export function pointTraces(where: string, groups: readonly PointGroup[], size?: number): Trace[] {
  const count = groups.reduce((sum, group) => sum + (group.x?.length ?? 0), 0);
  return groups.map((group, index) => {
    requireNumbers(`${where}: group "${group.name}"`, "x", group.x);
    requireNumbers(`${where}: group "${group.name}"`, "y", group.y);
    requireLength(`${where}: group "${group.name}"`, "y", group.y, group.x.length);
    if (group.labels) requireLength(`${where}: group "${group.name}"`, "labels", group.labels, group.x.length);
    return {
      type: "scatter",
      mode: group.labels ? "markers+text" : "markers",
      name: group.name,
      x: roundedList(group.x),
      y: roundedList(group.y),
      ...(group.labels && { text: group.labels, textposition: "top center" }),
      marker: {
        color: group.colour ?? seriesColour(index),
        symbol: SYMBOLS[index % SYMBOLS.length],
        size: size ?? (count > 500 ? 5 : count > 20 ? 8 : 13),
        line: { color: "#FFFFFF", width: 1 },
      },
    };
  });
}

function inWords(groups: readonly PointGroup[], options: ScatterOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  const parts = groups.map((group) => {
    const x = extent(group.x);
    const y = extent(group.y);
    const points = group.x.length === 1 ? "1 point" : `${group.x.length} points`;
    const across = `${options.xTitle} ${shown(x.low)} to ${shown(x.high)}`;
    return ` ${group.name}: ${points}, ${across}, ${options.yTitle} ${shown(y.low, options.percent)} to ${shown(y.high, options.percent)}.`;
  });
  return `${heading}Scatter plot of ${options.yTitle} against ${options.xTitle}.${parts.join("")}`;
}
