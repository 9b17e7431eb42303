import { type FigureOptions, frame } from "./axes.js";
import { requireNumbers } from "./checks.js";
import { drawDiagram } from "./diagram.js";
import { Figure } from "./figure.js";
import { shown } from "./numbers.js";

/** A gate or input of a circuit. */
export interface CircuitNode {
  /** What wires call it. */
  id: string;
  /** Text in the circle; default the id. */
  label?: string;
  /** Column, from the left: 0, 1, … */
  column: number;
  /** Row, from the top; fractions lie between. */
  row: number;
  /** Text under the circle, such as "b = 3". */
  note?: string;
}

/** A wire from one node to another. */
export interface CircuitWire {
  from: string;
  to: string;
  /** Written on the wire; colour shows its sign; default: a plain wire. */
  weight?: number;
}

/**
 * A circuit of gates: circles where you put them, joined by wires. Nodes to which no wire leads are drawn as inputs.
 *
 * @throws RangeError when a wire names an unknown node or an id is used twice.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { circuitDiagram } from "@nn30/shared";
 *
 * const figure = circuitDiagram(
 *   [
 *     { id: "a", column: 0, row: 0 },
 *     { id: "not", label: "NAND", column: 1, row: 0 },
 *   ],
 *   [{ from: "a", to: "not" }],
 *   { title: "NOT from NAND" },
 * );
 * assert.match(figure.alt, /a → NAND/);
 * ```
 */
export function circuitDiagram(
  nodes: readonly CircuitNode[],
  wires: readonly CircuitWire[],
  options: FigureOptions = {},
): Figure {
  const where = "circuitDiagram";
  if (nodes.length === 0) throw new RangeError(`${where}: expected at least one node but got none`);
  const index = new Map<string, number>();
  for (const [i, node] of nodes.entries()) {
    if (index.has(node.id)) throw new RangeError(`${where}: expected ids to differ but got "${node.id}" twice`);
    requireNumbers(`${where}: node "${node.id}"`, "column and row", [node.column, node.row]);
    index.set(node.id, i);
  }
  const position = (id: string): number => {
    const found = index.get(id);
    if (found === undefined) {
      throw new RangeError(
        `${where}: expected a wire's end to be one of ${[...index.keys()].join(", ")} but got "${id}"`,
      );
    }
    return found;
  };
  const edges = wires.map((wire) => ({
    from: position(wire.from),
    to: position(wire.to),
    weight: wire.weight,
    ...(wire.weight !== undefined && { label: shown(wire.weight) }),
  }));
  const label = (i: number): string => nodes[i].label ?? nodes[i].id;
  const driven = new Set(edges.map((edge) => edge.to));
  const rows = nodes.map((node) => node.row);
  const { data, layout } = drawDiagram(
    nodes.map((node, i) => ({ x: node.column, y: -node.row, label: label(i), note: node.note, input: !driven.has(i) })),
    edges,
    50,
  );
  const heading = options.title ? `${options.title}. ` : "";
  const joined = edges
    .map((edge) => `${label(edge.from)} → ${label(edge.to)}${edge.label ? ` (${edge.label})` : ""}`)
    .join(", ");
  return new Figure({
    data,
    layout: {
      ...frame(
        {
          height: Math.min(560, 130 + 90 * (Math.max(...rows) - Math.min(...rows))) + (options.title ? 36 : 0),
          ...options,
        },
        false,
      ),
      ...layout,
      margin: { l: 16, r: 16, t: options.title ? 48 : 12, b: 12 },
    },
    alt: options.alt ?? `${heading}Circuit of ${nodes.length} nodes: ${joined}.`,
  });
}
