import type { Day } from "../curriculum.js";

/** A cell as it is written down, before it gets its id. */
export interface TemplateCell {
  type: "markdown" | "code";
  source: string;
  metadata?: Record<string, unknown>;
}

const SOLUTION = { tags: ["solution"], jupyter: { source_hidden: true } };

/**
 * The nine parts of a lesson, each with a line of guidance in italics. The notebook runs as it is, up to the claim,
 * which cannot hold before it has been written.
 */
export function lessonCells({ day, topic }: Day, next: Day | undefined): TemplateCell[] {
  return [
    markdown(
      `# Day ${day} · ${topic}`,
      "**Which question does today answer?** *One sentence, as the reader would ask it.*",
      "*Two or three sentences: what the idea is, and why it matters here.*",
      "**The result.** *The headline number with its interval and the baseline, as a link to its claim:* " +
        "[0](#claim-headline)*.*",
      "**You will learn** *to …* **Data:** *…* **Time:** *a few seconds.*",
    ),
    code(`import { lesson, lines } from "@nn30/shared";\n\nconst day = lesson(${day}, { seed: 1 });`),
    markdown("## The idea", "*An idea and a picture before a formula. Short.*"),
    code(
      "const xs = Array.from({ length: 61 }, (_, i) => i / 10 - 3);\n\n" +
        'lines([{ name: "σ(z)", x: xs, y: xs.map((z) => 1 / (1 + Math.exp(-z))) }], {\n' +
        '  title: "A first picture",\n  xTitle: "z",\n  yTitle: "σ(z)",\n});',
    ),
    markdown(
      "## The maths, by hand",
      "*The formula, walked through with the numbers of a case that is small enough for pencil and paper.*",
      "$$\nz = \\sum_j w_j x_j + b\n$$",
    ),
    markdown("## From scratch", "*In a cell that fits on a screen; then the library's way, shown to be equal.*"),
    code(
      "const weightedSum = (w: readonly number[], x: readonly number[], b: number): number =>\n" +
        "  w.reduce((sum, wj, j) => sum + wj * x[j], b);\n\nweightedSum([0.5, 0.8], [0.4, 0.6], 0.1);",
    ),
    markdown(
      "## Experiments",
      "*One question each, a chart that answers it, and two sentences on what it shows. Training goes into* " +
        "`await day.experiment(name, config, seeds, run)`*, so that every run is on record.*",
    ),
    code("const headline = weightedSum([1], [0], 0);"),
    markdown(
      "## Claims",
      "*The numbers that this lesson states, each with its target, a baseline and the published number it competes " +
        "with. A miss is stated as a miss, with the reason.*",
    ),
    code(
      'day.claim("headline", {\n  what: "What the headline number measures",\n  value: headline,\n  atLeast: 1,\n' +
        '  baseline: { what: "Always the same answer", value: 0 },\n});',
    ),
    markdown("## What goes wrong", "*The pitfall of this topic, provoked on purpose, and how to recognise it.*"),
    code("weightedSum([1, 2], [1], 0);"),
    markdown(
      "## Exercises",
      "1. *Three to five of them, from a change of one number to a question of its own.*\n2. *…*\n3. *…*",
    ),
    code("// Exercise 1\nweightedSum([2], [1], -1);", SOLUTION),
    code("// Exercise 2\nweightedSum([2, 1], [1, 1], -1);", SOLUTION),
    code("// Exercise 3\nweightedSum([], [], 1);", SOLUTION),
    markdown("## Sources and next day", `*What was used, with links.*${next ? `\n\n${outlook(next)}` : ""}`),
  ];
}

function outlook({ day, topic }: Day): string {
  return `**Day ${day}, ${topic}:** *one sentence on what today leaves open.*`;
}

function markdown(...paragraphs: string[]): TemplateCell {
  return { type: "markdown", source: paragraphs.join("\n\n") };
}

function code(source: string, metadata?: Record<string, unknown>): TemplateCell {
  return { type: "code", source, metadata };
}
