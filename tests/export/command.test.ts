import path from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SMALL, TemporaryCollection, code } from "./collection.js";

const COMMAND = path.resolve(import.meta.dirname, "../../scripts/build/export.js");
let temporary: TemporaryCollection;
const run = (...args: string[]) =>
  execa("node", [COMMAND, "--root", temporary.root, ...args], { reject: false, env: { NO_COLOR: "1" } });

beforeEach(() => {
  temporary = new TemporaryCollection();
});
afterEach(() => {
  temporary.remove();
});

it("checks, writes, and finds nothing more to do", async () => {
  temporary.day(1, SMALL);
  const before = await run("--check");
  expect(before.exitCode).toBe(1);
  expect(before.stderr).toContain("Week1/Day1/blog_draft.md: it does not exist\n  npm run export -- 1");
  const first = await run();
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toContain("✓ Week1/Day1/blog_draft.md");
  expect((await run("1")).stdout).toBe("0 written, 4 unchanged");
  expect((await run("--check")).exitCode).toBe(0);
});

it("exports what it can, and says which day needs a run first", async () => {
  temporary.day(1, [code("x;", [], ["key"])]);
  temporary.day(2, SMALL);
  const { exitCode, stdout, stderr } = await run();
  expect(exitCode).toBe(1);
  expect(stdout).toContain("✓ Week1/Day2/README.md");
  expect(stderr).toBe(
    "✗ Week1/Day1/perceptrons_logic_gates.ipynb has no saved outputs: run npm run verify -- 1 --save first",
  );
});

it.each([["31"], ["nowhere.ipynb"], ["--format", "pdf"], ["--output", "x"], ["--check", "--format", "html"]])(
  "refuses %s %s",
  async (...args) => {
    expect((await run(...args)).exitCode).toBe(2);
  },
);
