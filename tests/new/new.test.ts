import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkNotebooks } from "../../scripts/check/check.js";
import { readNotebook } from "../../scripts/check/notebook.js";
import { DAYS } from "../../scripts/curriculum.js";
import { createDay } from "../../scripts/new/create.js";
import { Collection } from "../../scripts/runner/paths.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

interface RawNotebook {
  cells: { cell_type: string; source: string[]; metadata: { tags?: string[] } }[];
  metadata: { nn30: Record<string, unknown>; kernelspec: { name: string } };
}

let collection: Collection;
beforeAll(() => {
  const parent = path.join(CHECKOUT, ".cache", "tests");
  mkdirSync(parent, { recursive: true });
  collection = new Collection(mkdtempSync(path.join(parent, "new-")));
  for (const { day } of DAYS) createDay(String(day), undefined, collection);
});
afterAll(() => {
  rmSync(collection.root, { recursive: true, force: true });
});

function read(day: number): RawNotebook {
  return JSON.parse(readFileSync(collection.notebook(day), "utf8")) as RawNotebook;
}

test("a day lies where the curriculum says and knows what it is", () => {
  expect(collection.relative(collection.notebook(8))).toBe("Week2/Day8/backpropagation.ipynb");
  const { metadata, cells } = read(8);
  expect(metadata.kernelspec.name).toBe("tslab");
  expect(metadata.nn30).toMatchObject({ day: 8, title: "Backpropagation Implementation", needs: [] });
  expect(cells[0].source[0]).toBe("# Day 8 · Backpropagation Implementation\n");
  expect(cells.at(-1)?.source.join("")).toContain("Day 9, Cross-Entropy Cost Function");
});

test("it has the nine parts of a lesson, in order", () => {
  const headings = read(1).cells.flatMap(({ source }) => /^#{1,2} (.*)/.exec(source[0])?.[1] ?? []);
  expect(headings).toEqual([
    "Day 1 · Perceptrons and Logic Gates",
    "The idea",
    "The maths, by hand",
    "From scratch",
    "Experiments",
    "Claims",
    "What goes wrong",
    "Exercises",
    "Sources and next day",
  ]);
});

test("the last day announces no next one", () => {
  expect(read(30).cells.at(-1)?.source.join("")).not.toContain("Day 31");
});

test("new days pass the check", async () => {
  const notebooks = [1, 8, 30].map((day) => readNotebook(collection.notebook(day), collection.root));
  const options = { root: collection.root, installation: CHECKOUT, lint: true };
  expect(await checkNotebooks(notebooks, options)).toEqual([]);
});

test("it runs, and only the claim that nobody has written yet fails", async () => {
  const python = path.join(CHECKOUT, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const script = path.join(import.meta.dirname, "execute.py");
  const results = path.join(collection.root, "results.json");
  const { stdout } = await execa(python, [script, collection.notebook(8), collection.folder(8)], {
    env: { NN30_RESULTS: results },
  });
  const { cells, failed } = JSON.parse(stdout) as { cells: number[]; failed: Record<string, string> };
  expect(cells).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(Object.keys(failed)).toEqual(["5"]);
  expect(failed["5"]).toMatch(/ClaimError: Claim "headline" does not hold/);
});

describe("nothing is overwritten", () => {
  test("a day that exists", () => {
    const file = collection.notebook(3);
    writeFileSync(file, "mine");
    expect(() => createDay("3", undefined, collection)).toThrow(
      "Week1/Day3/feedforward_network_design.ipynb exists already and was left as it is",
    );
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("a day under another name", () => {
    const other = new Collection(path.join(collection.root, "other"));
    mkdirSync(other.folder(2), { recursive: true });
    writeFileSync(path.join(other.folder(2), "draft.ipynb"), "mine");
    expect(() => createDay("2", "sigmoid_neurons", other)).toThrow("Week1/Day2/draft.ipynb exists already");
  });
});

test.each([
  ["0", undefined, '"0": expected a day from 1 to 30'],
  ["31", undefined, '"31": expected a day from 1 to 30'],
  ["eight", undefined, '"eight": expected a day from 1 to 30'],
  ["8", "backprop", 'Day 8 is called "backpropagation" in scripts/curriculum.ts: got "backprop"'],
])("a day that is not in the curriculum: %s %s", (day, name, message) => {
  expect(() => createDay(day, name, collection)).toThrow(message);
});
