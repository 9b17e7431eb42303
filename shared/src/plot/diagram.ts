import type { Layout, Trace } from "./figure.js";
import { PALETTE, TEXT_COLOUR } from "./theme.js";

/** A circle of a diagram, in units of the layout (one unit: the distance between neighbours). */
export interface DiagramNode {
  x: number;
  y: number;
  /** Text in the circle. */
  label: string;
  /** Text under the circle, such as a bias. */
  note?: string;
  /** Inputs are drawn hollow. */
  input?: boolean;
}

/** An arrow between two circles, given by their positions in the list of circles. */
export interface DiagramEdge {
  from: number;
  to: number;
  /** Colour shows its sign, width its magnitude; default: a thin grey line. */
  weight?: number;
  /** Text on the edge. */
  label?: string;
}

const WIDTH_STEPS = 5;

/** The traces and layout of circles joined by lines. Edges of like colour and width share a trace. */
export function drawDiagram(
  nodes: readonly DiagramNode[],
  edges: readonly DiagramEdge[],
  circle: number,
): { data: Trace[]; layout: Layout } {
  const heaviest = Math.max(...edges.map((edge) => Math.abs(edge.weight ?? 0)), Number.MIN_VALUE);
  const groups = new Map<string, { colour: string; width: number; x: (number | null)[]; y: (number | null)[] }>();
  for (const edge of edges) {
    const step =
      edge.weight === undefined ? 1 : Math.max(1, Math.round((Math.abs(edge.weight) / heaviest) * WIDTH_STEPS));
    const colour = edge.weight === undefined ? "#9AA5B1" : edge.weight < 0 ? PALETTE[1] : PALETTE[0];
    const key = `${colour} ${step}`;
    const group = groups.get(key) ?? { colour, width: edge.weight === undefined ? 1.2 : 0.8 * step, x: [], y: [] };
    groups.set(key, group);
    const [a, b] = [nodes[edge.from], nodes[edge.to]];
    group.x.push(a.x, b.x, null);
    group.y.push(a.y, b.y, null);
  }
  const lines = [...groups.values()].map((group): Trace => ({
    type: "scatter",
    mode: "lines",
    x: group.x,
    y: group.y,
    line: { color: group.colour, width: group.width },
    opacity: edges.length > 60 ? 0.55 : 0.9,
    hoverinfo: "skip",
    showlegend: false,
  }));
  const circles: Trace = {
    type: "scatter",
    mode: "markers+text",
    x: nodes.map((node) => node.x),
    y: nodes.map((node) => node.y),
    text: nodes.map((node) => node.label),
    textfont: { size: nodes.map((node) => (node.label === ELLIPSIS ? 20 : 12)), color: TEXT_COLOUR },
    marker: {
      size: circle,
      color: nodes.map((node) => (node.input ? "#FFFFFF" : "#DCEBF5")),
      opacity: nodes.map((node) => (node.label === ELLIPSIS ? 0 : 1)),
      line: { color: TEXT_COLOUR, width: 1.5 },
    },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
  };
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  return {
    data: [...lines, circles],
    layout: {
      xaxis: { visible: false, range: [Math.min(...xs) - 0.5, Math.max(...xs) + 0.5] },
      yaxis: { visible: false, range: [Math.min(...ys) - 0.7, Math.max(...ys) + 0.7] },
      annotations: [...edgeTexts(nodes, edges), ...nodeNotes(nodes, circle)],
      hovermode: false,
    },
  };
}

/** Stands for the units of a layer that are too many to draw. */
export const ELLIPSIS = "⋮";

/** A third along each edge, where edges that meet in a circle have not yet come together. */
function edgeTexts(nodes: readonly DiagramNode[], edges: readonly DiagramEdge[]): Record<string, unknown>[] {
  return edges.flatMap((edge) => {
    if (edge.label === undefined) return [];
    const [a, b] = [nodes[edge.from], nodes[edge.to]];
    return [
      {
        x: a.x + (b.x - a.x) * 0.3,
        y: a.y + (b.y - a.y) * 0.3,
        text: edge.label,
        showarrow: false,
        font: { size: 12 },
        bgcolor: "#FFFFFF",
        borderpad: 2,
      },
    ];
  });
}

function nodeNotes(nodes: readonly DiagramNode[], circle: number): Record<string, unknown>[] {
  return nodes.flatMap((node) =>
    node.note === undefined
      ? []
      : [
          {
            x: node.x,
            y: node.y,
            yshift: -circle / 2 - 12,
            text: node.note,
            showarrow: false,
            font: { size: 12 },
            bgcolor: "rgba(255,255,255,0.8)",
          },
        ],
  );
}
