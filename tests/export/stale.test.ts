import { readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportDays, staleExports } from "../../scripts/export/export.js";
import { Collection } from "../../scripts/runner/paths.js";
import { MET, MISSED, SMALL, TemporaryCollection, chart, code } from "./collection.js";

let temporary: TemporaryCollection;
const stale = (...days: number[]) => staleExports(new Collection(temporary.root), days);

beforeEach(() => {
  temporary = new TemporaryCollection();
});
afterEach(() => {
  temporary.remove();
});

describe("staleExports", () => {
  it("finds nothing after an export, and writes nothing when there is something", async () => {
    temporary.day(1, SMALL);
    const files = (await stale(1)).map(({ file }) => file).sort();
    expect(files).toEqual([
      "README.md",
      "Week1/Day1/README.md",
      "Week1/Day1/blog_draft.md",
      "Week1/Day1/blog_draft_files/chart-01.png",
    ]);
    expect(readdirSync(path.join(temporary.root, "Week1/Day1")).sort()).toEqual([
      "perceptrons_logic_gates.ipynb",
      "results.json",
    ]);
    await exportDays(new Collection(temporary.root), [1]);
    expect(await stale(1)).toEqual([]);
  });

  it("says what a changed notebook, a changed result and an edit in the generated part have made stale", async () => {
    temporary.day(1, SMALL);
    await exportDays(new Collection(temporary.root), [1]);
    temporary.day(1, [
      code("const x = 2;", [], ["key"]),
      code("y;", [{ output_type: "stream", name: "stdout", text: "1" }]),
    ]);
    const command = "npm run export -- 1";
    expect(await stale(1)).toContainEqual({
      file: "Week1/Day1/blog_draft_files/chart-01.png",
      problem: "its chart is gone from the notebook",
      command,
    });
    temporary.day(1, SMALL);
    expect(await stale(1)).toEqual([]);

    temporary.day(1, SMALL, [MISSED]);
    const problem = "it is not what the notebook and its results give";
    expect(await stale(1)).toEqual([
      { file: "Week1/Day1/README.md", problem, command },
      { file: "README.md", problem, command: "npm run export" },
    ]);
    temporary.day(1, SMALL);
    temporary.write("Week1/Day1/blog_draft.md", temporary.read("Week1/Day1/blog_draft.md").replace("const x", "let x"));
    expect(await stale(1)).toEqual([{ file: "Week1/Day1/blog_draft.md", problem, command }]);
  });

  it("does not trust a damaged cache", async () => {
    temporary.day(1, SMALL);
    await exportDays(new Collection(temporary.root), [1]);
    temporary.write(".cache/export/day01.md.json", '{"key": ');
    expect(await stale(1)).toEqual([]);
  });

  it.each([
    [
      "outputs",
      () => {
        temporary.day(1, [code("x;", [], ["key"])]);
      },
      /has no saved outputs/,
    ],
    [
      "results",
      () => {
        temporary.day(1, SMALL, []);
      },
      /results\.json does not exist/,
    ],
  ])("asks for a run that saves when there are no %s", async (_what, arrange, reason) => {
    arrange();
    const [found] = await stale(1);
    expect(found.problem).toMatch(reason);
    expect(found.command).toBe("npm run verify -- 1 --save && npm run export -- 1");
  });

  it("asks for a picture of a chart that was saved without one", async () => {
    temporary.day(1, [
      code("x;", [{ ...chart("A."), data: { "application/vnd.plotly.v1+json": {}, "text/plain": "A." } }], ["key"]),
    ]);
    expect((await stale(1))[0].problem).toMatch(/cell 1: expected a chart with its picture .* --save first/);
  });

  it("points at a field of the results that is not what it should be", async () => {
    temporary.day(1, SMALL);
    temporary.write(
      "Week1/Day1/results.json",
      JSON.stringify({ format: 1, day: 1, seed: 1, versions: {}, claims: [{ ...MET, target: 1 }], experiments: {} }),
    );
    expect((await stale(1))[0].problem).toMatch(/Week1\/Day1\/results\.json: claims\.0\.target/);
  });

  it("expects nothing of a day that has no notebook", async () => {
    expect(await stale(4)).toEqual([]);
  });
});
