import path from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { CHECKOUT, TemporaryCollection, codeCell } from "./notebooks.js";

const collection = new TemporaryCollection();
afterAll(() => {
  collection.remove();
});

const first = "Week1/Day1/perceptrons_logic_gates.ipynb";
collection.write(first, [codeCell("const a = 1;"), codeCell('const b: number = "b";\na + b;')]);
collection.write("Week1/Day2/sigmoid_neurons.ipynb", [codeCell("Math.exp(1);")]);
collection.write("Week1/Day3/feedforward_network_design.ipynb", [codeCell("print(1)")], "python3");
collection.write("drafts/idea.ipynb", [codeCell("1;")]);

async function check(...args: string[]) {
  const script = path.join(CHECKOUT, "scripts", "build", "check.js");
  const env = { NO_COLOR: "1", FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined };
  const { exitCode, all } = await execa(process.execPath, [script, "--root", collection.root, ...args], {
    all: true,
    reject: false,
    env,
  });
  return { exitCode, all };
}

test("an error is shown with its place, its line and a mark, and fails", async () => {
  const { exitCode, all } = await check("1,2");
  expect(all).toContain(`${first}:cell 2:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.`);
  expect(all).toContain('1   const b: number = "b";\n          ~\n');
  expect(all).toMatch(/1 error in 1 notebook; checked 2 notebooks, 3 code cells in/);
  expect(exitCode).toBe(1);
});

test("nothing found succeeds", async () => {
  const { exitCode, all } = await check("2", path.join(collection.root, "drafts", "idea.ipynb"));
  expect(all).toMatch(/^No errors in 2 notebooks, 2 code cells in/);
  expect(exitCode).toBe(0);
});

test.each([
  [["31"], /days are 1 to 30/],
  [["9"], /Week2\/Day9\/cross_entropy.ipynb has not been written yet/],
  [["3"], /expected a notebook for the kernel "tslab" but it is for "python3"/],
  [["--no-such-option"], /unknown option/],
])("what cannot be checked is said: %j", async (args, message) => {
  const { exitCode, all } = await check(...args);
  expect(all).toMatch(message);
  expect(exitCode).toBe(2);
});

test("--help says how cells are counted", async () => {
  const { exitCode, all } = await check("--help");
  expect(all).toContain("Cell 7 is the seventh code cell that Run All executes");
  expect(exitCode).toBe(0);
});
