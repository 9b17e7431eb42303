import { execFileSync } from "node:child_process";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pythonPath } from "../../scripts/runner/paths.js";
import { claiming, TestCollection } from "./collection.js";

interface SavedOutput {
  output_type: string;
  data?: Record<string, unknown>;
  text?: string[];
  execution_count?: number;
}
interface Saved {
  cells: { execution_count?: number | null; outputs?: SavedOutput[]; metadata: object }[];
  metadata: { language_info: { name: string }; kernelspec: { name: string }; nn30: { codeHash: string } };
}

const FIGURE = `({
  [Symbol.for("Jupyter.display")]: () => ({
    "application/vnd.plotly.v1+json": {
      data: [{ type: "scatter", x: [1, 2, 1e-7], y: [3, 1, 2] }],
      layout: { meta: { alt: "A line." }, title: { text: "A line" } },
    },
    "text/plain": "A line.",
  }),
})`;

describe("--save and --check", () => {
  const collection = new TestCollection("save");
  const saved = (day: number): Saved => JSON.parse(collection.read(collection.notebook(day))) as Saved;

  beforeAll(() => {
    collection.writeDay(1, [
      { type: "markdown", source: "# Day 1\n\nText." },
      claiming(1, [{ id: "accuracy", value: 0.95, tolerance: 0.01 }]),
      "console.log('\\u001b[31mred\\u001b[39m', process.cwd());\nconsole.log('second line');",
      { source: "Math.random()", tags: ["volatile", "key"] },
      FIGURE,
      "",
    ]);
    collection.writeDay(
      2,
      [
        `import { readFileSync } from "node:fs";\nJSON.parse(readFileSync("../Day1/results.json", "utf8")).claims[0].value`,
        { source: claiming(2), tags: ["key"] },
      ],
      { needs: [1] },
    );
    collection.writeDay(3, [claiming(3), "console.log('x'.repeat(1_600_000));"]);
  });

  it("finds everything stale before the first save", async () => {
    const { code, output } = await collection.verify(["--check", "1"]);
    expect(code).toBe(1);
    expect(output).toContain(`${collection.notebook(1)}: has no saved outputs\n  → npm run verify -- 1 --save`);
    expect(output).toContain(`${collection.results(1)}: is missing`);
    expect(output).toContain("README.md: does not show the progress as it is\n  → npm run verify");
  });

  it("writes normalised outputs and results, in the order of what needs what", async () => {
    const { code, output } = await collection.verify(["1-2", "--save"]);
    expect([code, output]).toEqual([0, expect.stringContaining("passed (saved)")]);

    const { cells, metadata } = saved(1);
    expect(cells.map((cell) => cell.execution_count)).toEqual([undefined, 1, 2, 3, 4, null]);
    expect(cells[2].outputs).toEqual([
      { name: "stdout", output_type: "stream", text: ["red ./Week1/Day1\n", "second line\n"] },
    ]);
    const figure = cells[4].outputs?.[0];
    expect(figure?.execution_count).toBe(4);
    expect(Object.keys(figure?.data ?? {})).toEqual(["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
    expect(
      Buffer.from(figure?.data?.["image/png"] as string, "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect(metadata.language_info.name).toBe("typescript");
    expect(metadata.kernelspec.name).toBe("tslab");
    expect(collection.read(collection.notebook(1))).not.toContain(collection.root);
    expect(saved(2).cells[0].outputs?.[0].data?.["text/plain"]).toEqual(["0.95"]);
  }, 120_000);

  it("writes notebooks byte for byte as Jupyter does", () => {
    const file = collection.path(collection.notebook(1));
    const script =
      "import nbformat, sys; sys.stdout.buffer.write(" +
      "(nbformat.writes(nbformat.read(sys.argv[1], as_version=4)) + '\\n').encode())";
    const rewritten = execFileSync(pythonPath(), ["-c", script, file], { encoding: "utf8" });
    expect(collection.read(collection.notebook(1))).toBe(rewritten);
  });

  it("changes nothing when the same is saved again, run afresh or not", async () => {
    const before = collection.snapshot();
    expect((await collection.verify(["1-2", "--save"])).output).toMatch(/^ {2}1 .* cached/m);
    expect(collection.snapshot()).toEqual(before);
    const fresh = await collection.verify(["1-2", "--save", "--force"]);
    expect([fresh.code, fresh.output]).toEqual([0, expect.not.stringContaining("saved")]);
    expect(collection.snapshot()).toEqual(before);
    expect((await collection.verify(["--check", "1-2"])).output).toContain(
      "blog_draft.md: it does not exist\n  → npm run export -- 1",
    );
    expect(await collection.export(["1-2"])).toMatchObject({ code: 0 });
    expect((await collection.verify(["--check", "1-2"])).code).toBe(0);
  }, 120_000);

  it("tells a notebook that the README does not show as done", async () => {
    const text = collection.read("README.md");
    const undone = text.replace(/^(\| 2 \|.*\|) ✅ Done \|$/m, "$1 🔲 Pending |");
    expect(undone).not.toBe(text);
    collection.write("README.md", undone);
    const { code, output } = await collection.verify(["--check", "1-2"]);
    expect(code).toBe(1);
    expect(output).toContain(
      "README.md: does not show Day 2 as done, though its notebook is there\n  → npm run verify -- 2",
    );
    expect(output).not.toContain("Day 1 as done");
    collection.write("README.md", text);
  });

  it("accepts results that the committed ones contradict", async () => {
    const text = collection.read(collection.results(1));
    collection.write(collection.results(1), text.replace("0.95", "0.80"));
    expect((await collection.verify(["1"])).output).toContain('claim "accuracy": committed 0.95 (0.8), fresh 0.95');
    expect((await collection.verify(["1", "--save"])).code).toBe(0);
    expect(collection.read(collection.results(1))).toBe(text);
  }, 120_000);

  it("tells outputs of results that have changed since, and mends them", async () => {
    const text = collection.read(collection.results(1));
    collection.write(collection.results(1), text.replace("0.95", "0.949"));
    const problem = `${collection.notebook(2)}: it reads results that have changed since its outputs were saved: day 1`;
    expect((await collection.verify(["--check", "2"])).output).toContain(problem);
    expect((await collection.verify(["2"])).code).toBe(0); // What it claims still holds.
    expect((await collection.verify(["--check", "2"])).output).toContain(problem);
    expect((await collection.verify(["2", "--save"])).code).toBe(0);
    expect((await collection.verify(["--check", "2"])).output).not.toContain(problem);
    expect(collection.read(collection.notebook(2))).toContain("0.949");
    collection.write(collection.results(1), text);
  }, 120_000);

  it("takes back what a lesson writes into its folder, unless it is saved", async () => {
    const network = path.join(path.dirname(collection.notebook(4)), "model", "weights.txt");
    const train = [
      'import { existsSync, mkdirSync, writeFileSync } from "node:fs";',
      'const isMissing = !existsSync("model/weights.txt");',
      'if (isMissing) mkdirSync("model");',
      'if (isMissing || process.env.NN30_FULL === "1") writeFileSync("model/weights.txt", String(process.pid));',
    ];
    collection.writeDay(4, [train.join("\n"), { source: claiming(4), tags: ["key"] }]);
    expect((await collection.verify(["4", "--save"])).code).toBe(0);
    const first = collection.read(network);
    expect((await collection.verify(["4", "--full"])).code).toBe(0);
    expect(collection.read(network)).toBe(first);
    expect((await collection.verify(["4", "--full", "--force", "--save"])).code).toBe(0);
    expect(collection.read(network)).toMatch(/^\d+$/);
    expect(collection.read(network)).not.toBe(first);
  }, 120_000);

  it("tells outputs of code that has changed since, and figures without pictures", async () => {
    const text = collection.read(collection.notebook(1));
    collection.write(collection.notebook(1), text.replace("'second line'", "'another line'"));
    expect((await collection.verify(["--check", "1"])).output).toContain(
      "its code has changed since its outputs were saved",
    );
    collection.write(collection.notebook(1), text.replace(/"image\/png": "[^"]*",\s*/, ""));
    expect((await collection.verify(["--check", "1"])).output).toContain("cell 4 has a figure without its picture");
    collection.write(collection.notebook(1), text);
  });

  it("does not save a notebook that would be too large, names the cell and keeps the results", async () => {
    const before = collection.read(collection.notebook(3));
    const { code, output } = await collection.verify(["3", "--save"]);
    expect(code).toBe(1);
    expect(output).toMatch(
      /the notebook would have 1\.6\d MB, more than 1\.5 MB; its largest outputs: cell 2 \(1\.60 MB\)/,
    );
    expect(collection.read(collection.notebook(3))).toBe(before);
    expect(JSON.parse(collection.read(collection.results(3)))).toMatchObject({ day: 3 });
  }, 120_000);
});
