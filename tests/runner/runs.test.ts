import { existsSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { claiming, TestCollection } from "./collection.js";

describe("default runs, one after the other", () => {
  const collection = new TestCollection("runs");
  const statuses = (output: string): Record<string, string> =>
    Object.fromEntries(
      [...output.matchAll(/^ +(\d+) {2}.*? (passed|cached|failed|not run)\b/gm)].map((match) => [match[1], match[2]]),
    );
  const done = (): number[] =>
    [...collection.read("README.md").matchAll(/^\| (\d+) \|.*✅ Done \|$/gm)].map((match) => Number(match[1]));

  beforeAll(() => {
    collection.writeDay(1, [claiming(1)]);
    collection.writeDay(2, [claiming(2), "const rate = 0.1;\nrate"]);
  });

  it("touches nothing but badge and tracker, and keeps an executed copy", async () => {
    // A user's own kernel of the same name, which does not work, must not be in the way.
    const kernel = { argv: ["/nonexistent/node", "{connection_file}"], display_name: "Mine", language: "typescript" };
    collection.write(".cache/own/kernels/tslab/kernel.json", JSON.stringify(kernel));
    collection.write(".cache/home/.local/share/jupyter/kernels/tslab/kernel.json", JSON.stringify(kernel));
    const home = collection.path(".cache/home");
    const before = collection.snapshot();
    const { code, output } = await collection.verify([], { JUPYTER_PATH: collection.path(".cache/own"), HOME: home });
    expect([code, statuses(output)]).toEqual([0, { 1: "passed", 2: "passed" }]);
    expect(readdirSync(home).filter((name) => name !== ".local")).toEqual([]);
    const after = collection.snapshot();
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(changed.sort()).toEqual([".github/progress.svg", "README.md"]);
    expect(done()).toEqual([1, 2]);
    expect(after["README.md"]).toContain("(https://img.shields.io/badge/Progress-6%25-red)");
    expect(after[".github/progress.svg"]).toContain("Progress: 6%");
    const copy = JSON.parse(collection.read(".cache/runs/day02/sigmoid_neurons.ipynb")) as {
      cells: { outputs: unknown[] }[];
    };
    expect(copy.cells[1].outputs).toHaveLength(1);
  }, 120_000);

  it("runs nothing that has not changed, and then writes nothing", async () => {
    const before = collection.snapshot();
    const { code, output } = await collection.verify([]);
    expect([code, statuses(output)]).toEqual([0, { 1: "cached", 2: "cached" }]);
    expect(output).not.toContain("Updated");
    expect(collection.snapshot()).toEqual(before);
  });

  it("takes a corrupt cache entry for none, and a changed cell or forgotten full run for a change", async () => {
    collection.write(".cache/verify/day01.json", '{"format":1,"key":');
    collection.writeDay(2, [claiming(2), "const rate = 0.2;\nrate"]);
    const { code, output } = await collection.verify(["--full"]);
    expect([code, statuses(output)]).toEqual([0, { 1: "passed", 2: "passed" }]);
    expect(statuses((await collection.verify([])).output)).toEqual({ 1: "cached", 2: "cached" });
  }, 120_000);

  it("does not count edited text as a change", async () => {
    collection.writeDay(2, [{ type: "markdown", source: "# New text" }, claiming(2), "const rate = 0.2;\nrate"]);
    expect(statuses((await collection.verify([])).output)).toEqual({ 1: "cached", 2: "cached" });
  });

  it("changes only the rows of the days it has looked at", async () => {
    collection.writeDay(2, [claiming(2), "throw new Error('broken');"]);
    const partial = await collection.verify(["1"]);
    expect([partial.code, done()]).toEqual([0, [1, 2]]);
    const broken = await collection.verify(["2"]);
    expect([broken.code, done()]).toEqual([1, [1]]);
    expect(existsSync(collection.path(".cache/runs/day02/sigmoid_neurons.ipynb"))).toBe(true);
    expect(broken.output).toContain(".cache/runs/day02-failed/sigmoid_neurons.ipynb");
  }, 120_000);
});

describe("wrong use", () => {
  const collection = new TestCollection("usage");
  beforeAll(() => {
    collection.writeDay(1, [claiming(1)], { needs: [2] });
    collection.writeDay(2, [claiming(2)], { needs: [3] });
    collection.writeDay(3, [claiming(3)], { needs: [1] });
  });

  it.each([
    [["31"], "days are 1 to 30"],
    [["7-3"], "from the lower to the higher"],
    [["Week9/nothing.ipynb"], "names no day"],
    [["--jobs", "0"], "expected a number above 0"],
    [["--speed"], "unknown option"],
    [["--check", "--save"], "cannot be combined"],
    [[], "days need each other in a circle: 1 → 2 → 3 → 1"],
  ])("%j exits with 2 and says why", async (args, message) => {
    const { code, output } = await collection.verify(args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
  });

  it("does not start with a README whose markers are broken", async () => {
    collection.write("README.md", collection.read("README.md").replace("<!-- progress-badge:end -->", ""));
    const { code, output } = await collection.verify(["1"]);
    expect(code).toBe(2);
    expect(output).toContain("README.md: the marker <!-- progress-badge:end --> is missing");
  });

  it("explains itself", async () => {
    const { code, output } = await collection.verify(["--help"]);
    expect(code).toBe(0);
    for (const part of ["--jobs", "--full", "--save", "--check", "Examples:", "Exit code:"]) {
      expect(output).toContain(part);
    }
  });
});
