import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { circuitDiagram, decisionBoundary, movingBoundary, networkDiagram } from "@nn30/shared";
import { decodedMatrix } from "./decoded-matrix.js";

const and = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  labels: [0, 0, 0, 1],
};
const view = { xRange: [0, 2], yRange: [0, 2] } as const;

describe("decision boundary", () => {
  test("shades the positive side and draws the line within the plot", () => {
    const figure = decisionBoundary(and, { weights: [1, 1], bias: -2 }, view);
    const [area, line] = figure.data as unknown as { x: number[]; y: number[] }[];
    expect(area).toMatchObject({ x: [2, 2, 0, 2], y: [0, 2, 2, 0] });
    expect(line.x.map((x, i) => x + line.y[i])).toEqual([2, 2]);
    expect(figure.alt).toContain("the line 1 x₁ + 1 x₂ − 2 = 0; 3 of 4 points on their side");
  });

  test("every end of the line lies on the line and in the plot, for any unit", () => {
    const weight = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(weight, weight, weight, (w1, w2, bias) => {
        const [, line] = decisionBoundary(and, { weights: [w1, w2], bias }, view).data as unknown as {
          x: number[];
          y: number[];
        }[];
        for (const [i, x] of line.x.entries()) {
          expect(Math.abs(w1 * x + w2 * line.y[i] + bias)).toBeLessThan(1e-3);
          expect(Math.min(x, line.y[i])).toBeGreaterThanOrEqual(0);
          expect(Math.max(x, line.y[i])).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  test("a unit without weights has no line, and says 1 everywhere or nowhere", () => {
    const outline = (bias: number): unknown[] =>
      decisionBoundary(and, { weights: [0, 0], bias }, view).data[0].x as unknown[];
    expect(decisionBoundary(and, { weights: [0, 0], bias: 1 }, view).data[1].x).toEqual([]);
    expect(outline(1)).toEqual([0, 2, 2, 0, 0]);
    expect(outline(-1)).toEqual([]);
  });

  test("draws a network's output and the line at its threshold", () => {
    const figure = decisionBoundary(and, { output: (x1, x2) => (x1 + x2) / 4, threshold: 0.4, resolution: 3 }, view);
    expect(figure.data[0].type).toBe("contour");
    expect(decodedMatrix(figure.data[0].z)).toEqual([
      [0, 0.25, 0.5],
      [0.25, 0.5, 0.75],
      [0.5, 0.75, 1],
    ]);
    expect(figure.data[1]).toMatchObject({ contours: { start: 0.4, end: 0.4, coloring: "none" } });
    expect(figure.alt).toContain("4 of 4 points on their side");
  });

  test("asks for pairs and for labels of 0 and 1", () => {
    const unit = { weights: [1, 1], bias: 0 };
    expect(() => decisionBoundary({ inputs: [[1]], labels: [1] }, unit)).toThrow(
      "expected 2 items in inputs[0] but got 1",
    );
    expect(() => decisionBoundary({ inputs: [[1, 2]], labels: [-1] }, unit)).toThrow(
      "expected labels of 0 or 1 but got -1 at index 0",
    );
    expect(() => decisionBoundary(and, { weights: [1], bias: 0 })).toThrow("expected 2 items in weights but got 1");
  });
});

describe("moving boundary", () => {
  test("starts from its last step, so that a still picture shows what was learned", () => {
    const steps = [
      { weights: [1, 0], bias: -1, label: "before" },
      { weights: [2, 2], bias: -3, label: "after" },
    ];
    const figure = movingBoundary(and, steps, view);
    expect(figure.data[1].x).toEqual(figure.frames?.[1].data[1].x);
    expect(figure.layout.sliders).toMatchObject([{ active: 1, steps: [{ label: "before" }, { label: "after" }] }]);
    expect(figure.alt).toContain("at after, the line 2 x₁ + 2 x₂ − 3 = 0");
    expect(() => movingBoundary(and, [])).toThrow("at least one step");
  });
});

describe("network diagram", () => {
  const layers = [
    { name: "inputs", units: ["x₁", "x₂"] },
    { name: "hidden", units: 2 },
  ];

  test("colours edges by sign and widens them by magnitude", () => {
    const figure = networkDiagram(layers, {
      weights: [
        [
          [4, -4],
          [1, 0.5],
        ],
      ],
    });
    const edges = figure.data
      .filter((trace) => trace.mode === "lines")
      .map((trace) => trace.line as { color: string; width: number });
    expect(edges.map((edge) => edge.color)).toEqual(["#0072B2", "#0072B2", "#D55E00"]);
    expect(edges[0].width).toBeGreaterThan(edges[1].width);
    expect(edges[0].width).toBe(edges[2].width);
    expect(figure.alt).toContain("inputs (2), hidden (2)");
  });

  test("draws seven circles, one of them dots, for a layer of 784", () => {
    const figure = networkDiagram([
      { name: "pixels", units: 784 },
      { name: "digit", units: 1 },
    ]);
    const circles = figure.data[figure.data.length - 1];
    expect(circles.text).toEqual(["", "", "", "⋮", "", "", "", ""]);
    expect((figure.data[0].x as unknown[]).length).toBe(6 * 3);
  });

  test("asks for weights of the layers' shape", () => {
    expect(networkDiagram(layers.slice(0, 2)).layout.width).toBe(540);
    expect(networkDiagram(layers.slice(0, 2), { title: "T".repeat(65) }).layout.width).toBe(645.5);
    expect(() => networkDiagram(layers, { weights: [[[1, 2]]] })).toThrow(
      "expected weights[0] of shape [2, 2] but got [1, 2]",
    );
    expect(() => networkDiagram(layers, { biases: [[1]] })).toThrow("expected 2 items in biases[0] but got 1");
    expect(() => networkDiagram(layers.slice(0, 1))).toThrow("at least two layers");
  });
});

describe("circuit diagram", () => {
  const nodes = [
    { id: "a", column: 0, row: 0 },
    { id: "n", label: "NAND", column: 1, row: 0 },
  ];

  test("joins nodes and draws what no wire leads to as input", () => {
    const figure = circuitDiagram(nodes, [{ from: "a", to: "n", weight: -2 }]);
    const circles = figure.data[figure.data.length - 1].marker as { color: string[] };
    expect(circles.color[0]).toBe("#FFFFFF");
    expect(circles.color[1]).not.toBe("#FFFFFF");
    expect(figure.alt).toContain("a → NAND (−2)");
  });

  test("names unknown and doubled ids", () => {
    expect(() => circuitDiagram(nodes, [{ from: "a", to: "z" }])).toThrow(
      'expected a wire\'s end to be one of a, n but got "z"',
    );
    expect(() => circuitDiagram([nodes[0], nodes[0]], [])).toThrow('expected ids to differ but got "a" twice');
  });
});
