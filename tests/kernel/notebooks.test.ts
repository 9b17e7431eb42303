import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelFixture, PATIENCE } from "./fixture.js";

interface NotebookOutput {
  readonly output_type: string;
  readonly text?: string;
  readonly ename?: string;
  readonly data?: Record<string, unknown>;
}

interface NotebookResult {
  readonly failed: { readonly ename: string; readonly evalue: string; readonly text: string } | null;
  readonly language: Record<string, unknown>;
  readonly cells: { readonly count: number | null; readonly outputs: NotebookOutput[] }[];
}

const LINES = "for (let i = 0; i < 5000; i++) console.log(i);";

/** Written so that it says the same on both kernels: no bare values, everything through tslab's public means. */
const PORTABLE = [
  { source: 'import { display } from "tslab";\ninterface Point {\n  x: number;\n}\nconst point: Point = { x: 2 };' },
  { source: "console.log(point.x + 1);" },
  { source: 'display.html("<b>shown</b>");' },
  { source: "const later = await Promise.resolve(40);\nconsole.log(later + point.x);" },
];

const fixture = new KernelFixture();
let good: NotebookResult;
let typeError: NotebookResult;
let floating: NotebookResult;
let onStock: NotebookResult;
let onLauncher: NotebookResult;

beforeAll(async () => {
  const tolerated = { source: "throw new RangeError('on purpose');", tags: ["raises-exception"] };
  const notebooks = [
    {
      kernel: "launcher",
      cells: [
        { source: LINES },
        tolerated,
        { source: "console.log('not skipped');\n[1, 2]" },
        tolerated,
        { source: "3" },
      ],
    },
    { kernel: "launcher", cells: [{ source: "1" }, { source: "const x: string = 1;" }, { source: "2" }] },
    {
      kernel: "launcher",
      cells: [{ source: "void (async () => { throw new Error('floating'); })();" }, { source: "2" }],
    },
    { kernel: "stock", cells: PORTABLE },
    { kernel: "launcher", cells: PORTABLE },
  ];
  const { stdout, stderr, exitCode } = await fixture.script("notebooks.py", notebooks);
  if (exitCode !== 0) throw new Error(stderr);
  [good, typeError, floating, onStock, onLauncher] = JSON.parse(stdout) as NotebookResult[];
}, PATIENCE);

afterAll(() => fixture.remove());

describe("nbclient", () => {
  it("gets every line, every cell and every value", () => {
    expect(good.failed).toBeNull();
    const lines = good.cells[0].outputs.map(({ text }) => text).join("");
    expect(lines).toBe(Array.from({ length: 5000 }, (_, index) => `${index}\n`).join(""));
    expect(good.cells[1].outputs).toMatchObject([{ output_type: "error", ename: "RangeError" }]);
    expect(good.cells[2].outputs).toMatchObject([
      { output_type: "stream", text: "not skipped\n" },
      { output_type: "execute_result", data: { "text/plain": "[ 1, 2 ]" } },
    ]);
    expect(good.cells.map(({ count }) => count)).toEqual([1, 2, 3, 4, 5]);
    expect(good.language).toMatchObject({ name: "typescript", file_extension: ".ts" });
  });

  it("stops at a type error and names it", () => {
    expect(typeError.failed).toMatchObject({ ename: "TypeScriptError" });
    expect(typeError.failed?.evalue).toMatch(/^1:7 - Type 'number'/);
    expect(typeError.failed?.text).toContain("1 | const x: string = 1;");
    expect(typeError.cells[2].outputs).toEqual([]);
  });

  it("stops at a rejection that no one awaits", () => {
    expect(floating.failed).toMatchObject({ ename: "Error", evalue: "floating" });
    expect(floating.cells[1].outputs).toEqual([]);
  });
});

describe("the stock kernel", () => {
  it("runs a notebook with the same outputs", () => {
    expect(onStock.failed).toBeNull();
    expect(onStock.cells.map(({ outputs }) => outputs)).toEqual(onLauncher.cells.map(({ outputs }) => outputs));
    expect(onStock.cells[3].outputs).toMatchObject([{ text: "42\n" }]);
  });
});
