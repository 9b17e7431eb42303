import { requireCount } from "../arguments/count.js";
import { type FigureOptions, titleAt } from "./axes.js";
import { Figure, type Trace } from "./figure.js";

/** Options of {@link panels}. */
export interface PanelsOptions extends FigureOptions {
  /** Panels in a row; default: all up to three, else two. */
  columns?: number;
}

type Attributes = Record<string, unknown>;

/**
 * Several figures as the panels of one, each under its own title. Traces of the same name share one legend entry.
 *
 * @param figures figures with plain x and y axes (every builder of this package except animated ones).
 * @throws RangeError when there is no figure; TypeError when a figure is animated.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lines, panels } from "@nn30/shared";
 *
 * const cost = lines({ name: "cost", y: [0.9, 0.4] }, { title: "Cost", xTitle: "epoch", yTitle: "cost (nats)" });
 * const accuracy = lines({ name: "accuracy", y: [0.8, 0.9] }, { title: "Accuracy", xTitle: "epoch", yTitle: "accuracy", percent: true });
 * const figure = panels([cost, accuracy], { title: "Training" });
 * assert.deepEqual(figure.data.map((trace) => trace.xaxis), ["x", "x2"]);
 * ```
 */
export function panels(figures: readonly Figure[], options: PanelsOptions = {}): Figure {
  if (figures.length === 0) throw new RangeError("panels: expected at least one figure but got none");
  const columns = options.columns ?? (figures.length <= 3 ? figures.length : 2);
  requireCount("panels", "columns", columns);
  const rows = Math.ceil(figures.length / columns);
  const width = options.width ?? (columns === 1 ? 760 : 900);
  const height = options.height ?? (rows === 1 ? 400 : 370 * rows);
  const data: Trace[] = [];
  const layout: Attributes = {};
  const shapes: Attributes[] = [];
  const annotations: Attributes[] = [];
  const seen = new Set<string>();
  // Beside a panel stand the next one's axis and, where it has one, its own colour bar.
  const bars = figures.some((one) => one.data.some((trace) => trace.colorbar !== undefined));
  const gapX = columns === 1 ? 0 : (bars ? 170 : 96) / width;
  const gapY = rows === 1 ? 0 : 124 / height;

  for (const [index, figure] of figures.entries()) {
    if (figure.frames) throw new TypeError(`panels: expected figures without animation but figure ${index} has frames`);
    const suffix = index === 0 ? "" : String(index + 1);
    const [x, y] = [`x${suffix}`, `y${suffix}`];
    const domainX = share(index % columns, columns, gapX);
    const domainY = share(rows - 1 - Math.floor(index / columns), rows, gapY);
    layout[`xaxis${suffix}`] = { ...moved(figure.layout.xaxis, suffix), domain: domainX, anchor: y };
    layout[`yaxis${suffix}`] = { ...moved(figure.layout.yaxis, suffix), domain: domainY, anchor: x };
    const legend = figure.layout.showlegend === true;
    for (const trace of figure.data) {
      const named = legend && trace.showlegend !== false && trace.name !== undefined;
      const first = named && !seen.has(trace.name ?? "");
      if (named) seen.add(trace.name ?? "");
      data.push({
        ...trace,
        xaxis: x,
        yaxis: y,
        showlegend: first,
        ...(named && { legendgroup: trace.name }),
        ...(trace.colorbar !== undefined && { colorbar: besides(trace.colorbar as Attributes, domainX, domainY) }),
      });
    }
    for (const shape of list(figure.layout.shapes)) {
      // A reference that several panels share stands in the legend once.
      const named = legend && shape.showlegend === true && !seen.has(String(shape.name));
      if (named) seen.add(String(shape.name));
      shapes.push({ ...referring(shape, x, y), showlegend: named });
    }
    for (const note of list(figure.layout.annotations)) annotations.push(referring(note, x, y));
    const title = (figure.layout.title as { text?: string } | undefined)?.text;
    if (title) {
      annotations.push({
        xref: `${x} domain`,
        yref: `${y} domain`,
        x: 0.5,
        y: 1,
        yshift: 6,
        yanchor: "bottom",
        text: title,
        showarrow: false,
        font: { size: 14 },
      });
    }
  }
  const barModes = figures.map((figure) => figure.layout.barmode).filter((mode) => mode !== undefined);
  return new Figure({
    data,
    layout: {
      width,
      height,
      ...layout,
      ...(options.title && { title: titleAt(options.title) }),
      margin: { l: 64, r: 24, t: options.title ? 84 : 44, b: seen.size > 0 ? 40 : 56 },
      showlegend: seen.size > 0,
      // Under the panels: above them stand their titles.
      legend: { orientation: "h", x: 0, xanchor: "left", y: -80 / height, yanchor: "top" },
      hovermode: "closest",
      ...(barModes.length > 0 && {
        barmode: barModes[0],
        bargap: figures.find((one) => one.layout.bargap !== undefined)?.layout.bargap,
      }),
      shapes,
      annotations,
    },
    alt:
      options.alt ??
      `${options.title ? `${options.title}. ` : ""}${figures.length} panels. ${figures.map((one) => one.alt).join(" ")}`,
  });
}

function share(position: number, count: number, gap: number): [number, number] {
  const one = (1 - gap * (count - 1)) / count;
  const start = position * (one + gap);
  return [start, start + one];
}

function list(value: unknown): Attributes[] {
  return Array.isArray(value) ? (value as Attributes[]) : [];
}

/** An axis whose scale is tied to its partner stays tied to its own panel's. */
function moved(axis: unknown, suffix: string): Attributes {
  const one = { ...(axis as Attributes) };
  if (typeof one.scaleanchor === "string") one.scaleanchor = `${one.scaleanchor}${suffix}`;
  return one;
}

/** A shape or annotation, with its references turned to the panel's axes. */
function referring(item: Attributes, x: string, y: string): Attributes {
  const to = (reference: unknown, axis: string): string =>
    reference === "paper" || (typeof reference === "string" && reference.endsWith(" domain")) ? `${axis} domain` : axis;
  return { ...item, xref: to(item.xref, x), yref: to(item.yref, y) };
}

/** A colour bar beside its own panel instead of at the right of the figure. */
function besides(bar: Attributes, domainX: [number, number], domainY: [number, number]): Attributes {
  return {
    ...bar,
    x: domainX[1],
    xpad: 4,
    y: (domainY[0] + domainY[1]) / 2,
    len: domainY[1] - domainY[0],
    thickness: 10,
  };
}
