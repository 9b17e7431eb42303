import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { pythonPath } from "../../scripts/runner/paths.js";
import { claiming, type Finished, reportOf, TestCollection } from "../runner/collection.js";

const LINE = "const line = 'x'.repeat(10_000);";

describe.skipIf(process.platform !== "linux")("a notebook that prints without end", () => {
  const collection = new TestCollection("endless-output");
  let before: Record<string, string>;
  let run: Finished;

  beforeAll(async () => {
    // A loop that never gives way to the event loop, on stdout and on stderr.
    collection.writeDay(1, [claiming(1), `${LINE}\nfor (;;) console.log(line);`]);
    collection.writeDay(2, [claiming(2), `${LINE}\nfor (;;) console.error(line);`]);
    // Display data, given way and not.
    const display = `import * as tslab from "tslab";\n${LINE}\n`;
    collection.writeDay(3, [
      claiming(3),
      `${display}for (;;) {\n  tslab.display.html(line);\n  await new Promise((resolve) => setTimeout(resolve, 0));\n}`,
    ]);
    collection.writeDay(4, [claiming(4), `${display}for (;;) tslab.display.html(line);`]);
    // No cell prints too much, but all of them together do.
    collection.writeDay(5, [claiming(5), ...Array.from({ length: 4 }, () => "console.log('y'.repeat(6_000_000));")]);
    // The last cell is done, and goes on.
    collection.writeDay(6, [claiming(6), `${LINE}\nsetInterval(() => console.log(line), 0);\n'done'`]);
    // An error with megabytes of message.
    collection.writeDay(7, [claiming(7), "throw new Error('z'.repeat(30_000_000));"]);
    collection.writeDay(8, [claiming(8)]);
    before = notebooks();
    run = await collection.verify(["--jobs", "2"]);
  }, 240_000);

  const notebooks = (): Record<string, string> =>
    Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => file.startsWith("Week")));

  it.each([
    ["lines on stdout", 1],
    ["lines on stderr", 2],
    ["display data", 3],
    ["display data, without a pause", 4],
  ])("is ended at the limit: %s", (_what, day) => {
    const report = reportOf(collection, day, run.output);
    expect(report).toContain(`${collection.notebook(day)}: cell 2, line 1`);
    expect(report).toContain("the cell printed more than 10 MB (output limit)");
  });

  it("is ended at the limit of the notebook, in the cell that passed it", () => {
    const report = reportOf(collection, 5, run.output);
    expect(report).toContain("cell 5, line 1");
    expect(report).toContain("the notebook printed more than 20 MB (output limit)");
  });

  it("is told when a timer goes on after the last cell", () => {
    expect(reportOf(collection, 6, run.output)).toContain(
      "what cell 2 has started goes on printing after the last cell: stop it (clearInterval) or await its end",
    );
  });

  it("has its error cut to a size that people read", () => {
    const report = reportOf(collection, 7, run.output);
    expect(report).toContain("cell 2, line 1");
    expect(report.length).toBeLessThan(50_000);
  });

  it("fails alone, changes no notebook and leaves no process", async () => {
    expect(run.code).toBe(1);
    expect(run.output).toMatch(/^ +8 .* passed/m);
    expect(notebooks()).toEqual(before);
    expect(await collection.leftovers()).toEqual([]);
  });
});

function outputsOf(notebook: string): string {
  const { cells } = JSON.parse(notebook) as { cells: { outputs?: unknown }[] };
  return JSON.stringify(cells.map(({ outputs }) => outputs));
}

describe("output that is no clean text", () => {
  const collection = new TestCollection("unclean-output");

  it("is verified, saved as valid UTF-8 that Jupyter reads, and stays as it is", async () => {
    collection.writeDay(1, [
      claiming(1),
      "console.log('half a pair: \\ud800; halves in the wrong order: \\udc00\\ud83d; whole: 😀');",
      "console.log('nul \\0, bell \\u0007, back \\b, escape \\u001b[2J\\u001b[31mred, delete \\u007f, C1 \\u009b, next \\u2028line');",
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'value: \\ud800' }) })",
      "process.stdout.write(Buffer.from([0xff, 0xfe, 0x41, 0x0a]));\nundefined",
    ]);
    const first = await collection.verify(["--save"]);
    expect([first.code, first.output]).toEqual([0, expect.stringContaining("passed (saved)")]);
    const saved = collection.snapshot();
    const text = saved[collection.notebook(1)];
    expect(text).toContain("half a pair: \uFFFD; halves in the wrong order: \uFFFD\uFFFD; whole: 😀");
    expect(text).toContain("value: \uFFFD");
    expect(outputsOf(text)).not.toMatch(/\\ud[89a-f]|\\u001b/);
    const script = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
    execFileSync(pythonPath(), ["-c", script, collection.path(collection.notebook(1))]);
    const again = await collection.verify(["--save", "--force"]);
    expect(again.code).toBe(0);
    expect(collection.snapshot()).toEqual(saved);
  }, 120_000);

  it("does not reach the terminal as commands when it stands in an error", async () => {
    collection.writeDay(2, ["throw new Error('\\u001b[2J\\u001b]0;title\\u0007gone \\ud800');"]);
    const { code, output } = await collection.verify(["2"]);
    expect(code).toBe(1);
    expect(reportOf(collection, 2, output)).toContain("gone \uFFFD");
    expect(output).not.toContain("\u001b");
    expect(output).not.toContain("\u0007");
  }, 60_000);
});
