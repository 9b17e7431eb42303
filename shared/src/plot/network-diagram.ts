import { type FigureOptions, frame } from "./axes.js";
import { requireLength, requireMatrix } from "./checks.js";
import { type DiagramEdge, type DiagramNode, ELLIPSIS, drawDiagram } from "./diagram.js";
import { Figure, type Numbers } from "./figure.js";
import { shown } from "./numbers.js";

/** A layer of a network: how many units, or the name of each. */
export interface DiagramLayer {
  /** Written under the layer, such as "hidden". */
  name: string;
  units: number | readonly string[];
}

/** Options of {@link networkDiagram}. */
export interface NetworkDiagramOptions extends FigureOptions {
  /** `weights[k][to][from]` between layers k and k + 1, `[units of k + 1, units of k]`; default: plain edges. */
  weights?: readonly (readonly Numbers[])[];
  /** `biases[k]`: one a unit of layer k + 1, written under the unit. */
  biases?: readonly Numbers[];
  /** Layers with more units are drawn as their first and last three with ⋮ between; at least 6, default 10. */
  maxUnits?: number;
  /** The weight written on each edge; default: when weights are given and there are at most 12 edges. */
  showWeights?: boolean;
}

/**
 * A feed-forward network: layers of circles from left to right, fully joined. Edges are blue for positive and vermilion
 * for negative weights, the wider the larger.
 *
 * @throws RangeError when there are fewer than two layers or weights have the wrong shape.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { networkDiagram } from "@nn30/shared";
 *
 * const figure = networkDiagram(
 *   [
 *     { name: "inputs", units: ["x₁", "x₂"] },
 *     { name: "NAND", units: ["y"] },
 *   ],
 *   { weights: [[[-2, -2]]], biases: [[3]] },
 * );
 * assert.match(figure.alt, /inputs \(2\), NAND \(1\)/);
 * ```
 */
export function networkDiagram(layers: readonly DiagramLayer[], options: NetworkDiagramOptions = {}): Figure {
  const where = "networkDiagram";
  if (layers.length < 2) throw new RangeError(`${where}: expected at least two layers but got ${layers.length}`);
  const sizes = layers.map((layer) => (typeof layer.units === "number" ? layer.units : layer.units.length));
  for (const [k, size] of sizes.entries()) {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`${where}: expected layer ${k} to have units but got ${size}`);
  }
  checkParameters(where, sizes, options);
  const most = Math.max(6, options.maxUnits ?? 10);
  const drawn = sizes.map((size) => drawnUnits(size, most));
  const tallest = Math.max(...drawn.map((units) => units.length));

  const nodes: DiagramNode[] = [];
  const at = drawn.map((units, k) =>
    units.map((unit, row) => {
      const { units: names } = layers[k];
      const label = unit === undefined ? ELLIPSIS : typeof names === "number" ? "" : names[unit];
      const bias = k > 0 && unit !== undefined ? options.biases?.[k - 1][unit] : undefined;
      nodes.push({
        x: k * 2,
        y: (units.length - 1) / 2 - row,
        label,
        input: k === 0,
        ...(bias !== undefined && { note: `b = ${shown(bias)}` }),
      });
      return { unit, node: nodes.length - 1 };
    }),
  );
  const edges: DiagramEdge[] = [];
  for (let k = 0; k + 1 < at.length; k++) {
    for (const from of at[k]) {
      for (const to of at[k + 1]) {
        if (from.unit === undefined || to.unit === undefined) continue;
        edges.push({ from: from.node, to: to.node, weight: options.weights?.[k][to.unit][from.unit] });
      }
    }
  }
  if (options.showWeights ?? (options.weights !== undefined && edges.length <= 12)) {
    for (const edge of edges) if (edge.weight !== undefined) edge.label = shown(edge.weight);
  }

  const circle = tallest > 8 ? 22 : tallest > 5 ? 30 : 44;
  const { data, layout } = drawDiagram(nodes, edges, circle);
  const names = layers.map((layer, k) => ({
    x: k * 2,
    y: 0,
    yref: "paper",
    yanchor: "top",
    text: sizes[k] > 1 ? `${layer.name} (${sizes[k]})` : layer.name,
    showarrow: false,
    font: { size: 13 },
  }));
  const height = Math.min(560, 110 + tallest * (circle + (options.biases ? 44 : 26)));
  return new Figure({
    data,
    layout: {
      ...frame(
        { width: Math.min(760, Math.max(60 + 240 * layers.length, titleWidth(options.title))), height, ...options },
        false,
      ),
      ...layout,
      margin: { l: 16, r: 16, t: options.title ? 48 : 12, b: 40 },
      annotations: [...(layout.annotations as object[]), ...names],
    },
    alt: options.alt ?? inWords(layers, sizes, edges, options),
  });
}

/** About what a title takes, with its margins, in CSS pixels. */
function titleWidth(title = ""): number {
  return 28 + 9.5 * title.replace(/<[^>]*>/g, "").length;
}

function checkParameters(where: string, sizes: readonly number[], options: NetworkDiagramOptions): void {
  if (options.weights)
    requireLength(where, "weights (one matrix between two layers)", options.weights, sizes.length - 1);
  if (options.biases)
    requireLength(where, "biases (one list a layer after the first)", options.biases, sizes.length - 1);
  for (let k = 0; k + 1 < sizes.length; k++) {
    const matrix = options.weights?.[k];
    if (matrix) {
      const { rows, columns } = requireMatrix(where, `weights[${k}]`, matrix);
      if (rows !== sizes[k + 1] || columns !== sizes[k]) {
        throw new RangeError(
          `${where}: expected weights[${k}] of shape [${sizes[k + 1]}, ${sizes[k]}] but got [${rows}, ${columns}]`,
        );
      }
    }
    if (options.biases) requireLength(where, `biases[${k}]`, options.biases[k], sizes[k + 1]);
  }
}

/** Indices of the units that are drawn; undefined stands for those left out. */
function drawnUnits(size: number, most: number): (number | undefined)[] {
  if (size <= most) return Array.from({ length: size }, (_, unit) => unit);
  return [0, 1, 2, undefined, size - 3, size - 2, size - 1];
}

function inWords(
  layers: readonly DiagramLayer[],
  sizes: readonly number[],
  edges: readonly DiagramEdge[],
  options: NetworkDiagramOptions,
): string {
  const heading = options.title ? `${options.title}. ` : "";
  const list = layers.map((layer, k) => `${layer.name} (${sizes[k]})`).join(", ");
  const weights = edges.some((edge) => edge.label) ? ` Weights: ${edges.map((edge) => edge.label).join(", ")}.` : "";
  const biases =
    options.biases && weights
      ? ` Biases: ${options.biases.map((row) => Array.from(row, (b) => shown(b)).join(", ")).join("; ")}.`
      : "";
  return `${heading}Diagram of a network with the layers ${list}, each joined to the next.${weights}${biases}`;
}
