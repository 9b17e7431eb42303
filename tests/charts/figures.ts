import {
  Figure,
  PLOTLY_MIME,
  bars,
  circuitDiagram,
  compareTraining,
  confusionChart,
  contour,
  decisionBoundary,
  digitsGrid,
  heatmap,
  histogram,
  jupyterDisplay,
  lines,
  movingBoundary,
  networkDiagram,
  panels,
  scatter,
} from "@nn30/shared";
import type { FigureJson } from "../../scripts/build/charts/renderer.js";

/** Numbers from −1 to 1 that look like chance and are the same every time (Park and Miller's generator). */
function noise(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 16807) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

const decay = (rate: number, seed: number): number[] =>
  noise(30, seed).map((n, i) => Math.exp(-i / rate) + 0.1 + 0.03 * n);
const rise = (rate: number, seed: number): number[] => decay(rate, seed).map((cost) => Math.min(1, 1.05 - cost / 2));
const ring = (k: number): Uint8Array =>
  Uint8Array.from({ length: 784 }, (_, i) => {
    const distance = Math.hypot((i % 28) - 14, Math.floor(i / 28) - 14);
    return Math.max(0, 255 - 60 * Math.abs(distance - 3 - k));
  });
const xor = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  labels: [0, 1, 1, 0],
};
const axes = { xTitle: "epoch", yTitle: "cost (nats)" };
const weights = Array.from({ length: 6 }, (_, row) => noise(8, row + 1));
const boundary = decisionBoundary(xor, { weights: [1, 1], bias: -0.5 }, { title: "A line" });

/** One figure of every kind that a notebook may show, and of every feature of text. */
const figures: Record<string, Figure> = {
  lines: lines(
    [
      { name: "training", y: decay(6, 1) },
      { name: "validation", y: decay(9, 2), dash: "dash", markers: true },
    ],
    {
      ...axes,
      title: "Cost over epochs",
      reference: { value: 0.2, label: "linear model" },
    },
  ),
  "error bands": compareTraining(
    {
      "η = 0.5": [1, 2, 3].map((seed) => ({ accuracy: rise(5 + seed, seed) })),
      "λ ≥ 0.1, σ = 1/√n ✓": { accuracy: rise(9, 4) },
    },
    "accuracy",
    { title: "Learning rates" },
  ),
  "logarithmic axes": lines(
    { name: "error", x: [10, 100, 1000, 10_000], y: [0.3, 0.1, 0.03, 0.01], markers: true },
    {
      xTitle: "samples",
      yTitle: "error",
      logX: true,
      logY: true,
    },
  ),
  scatter: scatter(
    [1, 2, 3].map((seed) => ({
      name: `class ${seed}`,
      x: noise(60, seed).map((x) => x + seed),
      y: noise(60, seed + 9),
    })),
    {
      xTitle: "feature 1",
      yTitle: "feature 2",
    },
  ),
  bars: bars(
    ["guessing", "linear", "network"],
    { name: "accuracy", values: [0.1, 0.92, 0.95] },
    {
      title: "A baseline beside every score",
      xTitle: "classifier",
      yTitle: "accuracy",
      percent: true,
      reference: { value: 0.9542, label: "published" },
    },
  ),
  "grouped bars": bars(
    ["LeNet", "VGG"],
    [1, 2].map((k) => ({ name: `set ${k}`, values: [5, 4 + k], lower: [4, 3 + k], upper: [6, 6 + k] })),
    {
      xTitle: "architecture",
      yTitle: "time (ms)",
    },
  ),
  histograms: histogram(
    [1, 2].map((k) => ({ name: `σ = ${k}`, values: noise(900, k).map((x, i) => x * k + noise(1, i + 1)[0]) })),
    {
      xTitle: "weighted input z",
      scale: "share",
    },
  ),
  heatmap: heatmap(weights, { title: "Weights of a layer", xTitle: "input", yTitle: "neuron", valueTitle: "weight" }),
  "large heatmap": heatmap(
    Array.from({ length: 40 }, (_, i) => Array.from({ length: 60 }, (_, j) => i * j)),
    { xTitle: "time (s)", yTitle: "channel", valueTitle: "power (W)" },
  ),
  "confusion matrix": confusionChart(
    [
      [50, 3, 0],
      [2, 60, 7],
      [0, 1, 40],
    ],
    { title: "Confusions", labels: ["cat", "dog", "owl"] },
  ),
  digits: digitsGrid([0, 1, 2, 3, 4, 5, 6, 7].map(ring), { captions: [5, 0, 4, 1, 9, "4 → 9", "η", "≥"], columns: 4 }),
  contour: contour(
    { height: (x, y) => x * x + 4 * y * y, xRange: [-2, 2], yRange: [-1.5, 1.5] },
    {
      title: "A bowl",
      xTitle: "w₁",
      yTitle: "w₂",
      valueTitle: "cost C",
      path: { name: "η = 0.1", x: [1.8, 0.9, 0.4], y: [1.2, 0.3, 0] },
    },
  ),
  "decision boundary": decisionBoundary(
    xor,
    { output: (a, b) => 1 / (1 + Math.exp(8 - 16 * (a - b) ** 2)) },
    { title: "XOR" },
  ),
  "moving boundary": movingBoundary(
    xor,
    [1, 2].map((k) => ({ weights: [k, 1], bias: -k })),
    { title: "The line moves" },
  ),
  network: networkDiagram([
    { name: "pixels", units: 784 },
    { name: "hidden", units: 3 },
    { name: "y", units: ["y"] },
  ]),
  circuit: circuitDiagram(
    [
      { id: "a", column: 0, row: 0 },
      { id: "b", column: 0, row: 1 },
      { id: "g", label: "NAND", column: 1, row: 0.5, note: "b = 3" },
    ],
    [
      { from: "a", to: "g", weight: -2 },
      { from: "b", to: "g", weight: -2 },
    ],
  ),
  "sub-plots": panels([boundary, lines({ name: "cost", y: decay(5, 1) }, { ...axes, title: "Cost" })], {
    title: "Two panels",
  }),
  text: new Figure({
    data: [
      { type: "scatter", x: [0, 1, 2], y: [1, 0, 1], name: "f(x) = <i>x</i><sup>2</sup>" },
      { type: "scatter", x: [0, 2], y: [0.5, 0.7], name: "&lt;tag&gt; &amp; w<sub>1</sub>" },
    ],
    layout: {
      title: { text: "<b>bold</b>, x<sup>2</sup>, η λ σ ≥ ✓<br><span style='font-size:12px'>a second line</span>" },
      margin: { t: 80 },
      annotations: [{ x: 1, y: 0, text: "minimum here", ax: 60, ay: -60 }],
    },
    alt: "A parabola with text of every kind.",
  }),
  statistics: new Figure({
    data: [
      { type: "box", y: noise(50, 1), name: "box" },
      { type: "violin", y: noise(50, 2), name: "violin" },
      { type: "histogram", x: noise(90, 3), xaxis: "x2", yaxis: "y2", name: "raw values" },
    ],
    layout: { grid: { rows: 1, columns: 2, pattern: "independent" } },
    alt: "A box, a violin and a histogram.",
  }),
  pie: new Figure({
    data: [{ type: "pie", labels: ["training", "test"], values: [6, 1] }],
    alt: "Six parts training, one part test.",
  }),
};

/** The figures as they lie in a notebook. */
export const notebookFigures: [name: string, figure: FigureJson][] = Object.entries(figures).map(([name, figure]) => [
  name,
  JSON.parse(JSON.stringify(figure[jupyterDisplay]()[PLOTLY_MIME])) as FigureJson,
]);
