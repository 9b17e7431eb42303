import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { checkNotebooks } from "../../scripts/check/check.js";
import { readNotebook } from "../../scripts/check/notebook.js";
import type { Problem } from "../../scripts/check/problem.js";
import { CHECKOUT, TemporaryCollection, codeCell, inMemory } from "./notebooks.js";

const collection = new TemporaryCollection();
const { root } = collection;
afterAll(() => {
  collection.remove();
});

/** `cell:line:column code` of every problem. */
async function check(sources: readonly string[], lint = false): Promise<string[]> {
  const problems = await checkNotebooks([inMemory(root, "sample.ipynb", sources)], {
    root,
    installation: CHECKOUT,
    lint,
  });
  return problems.map(place);
}

function place({ cell, line, column, code }: Problem): string {
  return `${cell.number}:${line}:${column} ${code}`;
}

describe("cells share one scope, in order", () => {
  test("what an earlier cell declares is known later, with its type", async () => {
    const cells = [
      'import { EventEmitter } from "node:events";\nimport assert from "node:assert/strict";',
      "interface Point { x: number }\ntype Pair<T> = [T, T];\nenum Gate { And, Or }",
      "class Neuron<T> extends EventEmitter { constructor(public w: T) { super(); } }\nfunction twice(n: number) { return 2 * n; }",
      "const neuron = new Neuron<Pair<Point>>([{ x: 1 }, { x: 2 }]);\nlet total = twice(Gate.Or);",
      "assert(neuron.w[0].x === 1);\ntotal += neuron.w[1].x;\nconst copy: typeof neuron = neuron;\ncopy;",
      'neuron.w[0].x.toUpperCase();\ntotal = "many";',
    ];
    expect(await check(cells)).toEqual(["6:1:15 TS2339", "6:2:1 TS2322"]);
  });

  test("a later cell may declare a name anew, with another type and another kind", async () => {
    const cells = [
      "const a = 1;\nfunction b() { return 1; }\nclass C { n = 1; }\ntype T = number;",
      "a + b() + new C().n;\n({}) as { t: T };",
      'const a = "text";\nclass b {}\nfunction C() { return "text"; }\ninterface T { text: string }',
      "a.length + C().length;\nconst t: T = { text: a };\nnew b();\nt.text.missing;",
    ];
    expect(await check(cells)).toEqual(["4:4:8 TS2339"]);
  });

  test("a type and a value of one name come from different cells", async () => {
    const cells = [
      "interface Layer { units: number }\nconst unit: Layer = { units: 1 };\nunit;",
      "const Layer = (units: number) => ({ units });\nclass Net { layers: number[] = []; }",
      'const net: Net = new Net();\nconst layer: Layer = Layer(3);\nnet.layers.push(layer.units, "4");',
    ];
    expect(await check(cells)).toEqual(["3:3:30 TS2345"]);
  });

  test("a name is not known before the cell that declares it", async () => {
    expect(await check(["later();", "function later() { return 1; }\nlater();"])).toEqual(["1:1:1 TS2304"]);
  });

  test("a constant of an earlier cell cannot be assigned to, a variable can", async () => {
    expect(await check(["const fixed = 1;\nlet free = 1;", "free = 2;\nfixed = free;"])).toEqual(["2:2:1 TS2588"]);
  });

  test("await stands at the top of a cell", async () => {
    const cells = [
      "const values = await Promise.all([1, 2]);",
      "for await (const v of values) v.toFixed();\nawait values.foo;",
    ];
    expect(await check(cells)).toEqual(["2:2:14 TS2339"]);
  });

  test("what one cell has narrowed the next one does not know", async () => {
    const cells = [
      'const found = new Map([["a", "b"]]).get("a");\nif (found === undefined) throw new Error("none");\nfound.length;',
      "found.length;",
    ];
    expect(await check(cells)).toEqual(["2:1:1 TS18048"]);
  });

  test("strictness is the project's, the library is the kernel's", async () => {
    const cells = ["const f = (x) => x;\nf(1);", "[3, 1].toSorted();"];
    expect(await check(cells)).toEqual(["1:1:12 TS7006", "2:1:8 TS2550"]);
  });

  test("one notebook does not see another's names", async () => {
    const notebooks = [
      inMemory(root, "a.ipynb", ["const shared = 1;\nshared;"]),
      inMemory(root, "b.ipynb", ["shared;"]),
    ];
    const problems = await checkNotebooks(notebooks, { root, installation: CHECKOUT, lint: false });
    expect(problems.map((problem) => `${problem.notebook.name} ${place(problem)}`)).toEqual(["b.ipynb 1:1:1 TS2304"]);
  });
});

describe("names that nothing uses", () => {
  test("are those that no cell of the notebook uses", async () => {
    const cells = [
      'import path from "node:path";\nimport { readFileSync, statSync } from "node:fs";\nconst used = 1;\nconst unused = 2;',
      "statSync(path.sep);\nconst inner = (used: number) => used;\ninner(1);",
      "used;",
    ];
    expect(await check(cells)).toEqual(["1:2:10 TS6133", "1:4:7 TS6133"]);
  });

  test("are those that are declared anew before they are used", async () => {
    expect(await check(["const rate = 1;", "const rate = 2;", "rate;"])).toEqual(["1:1:7 TS6133"]);
  });

  test("a parameter of the same name is no use", async () => {
    expect(await check(["const x = 1;", "((x: number) => x)(2);"])).toEqual(["1:1:7 TS6133"]);
  });
});

test("a binding that tslab compiles wrongly is reported where it renames", async () => {
  const cells = [
    "function halfAdder() { return { sum: 1, carry: 0 }; }",
    "const { sum, carry } = halfAdder();\nconst { sum: total, carry: next } = halfAdder();\nsum + carry + total + next;",
    "const own = { a: 1 };\nconst { a: one } = own;\none;",
    'import { statSync } from "node:fs";\nconst named = statSync(".");\nconst spread = { ...new URL("http://a"), also: 1 };',
    "const { size: bytes } = named;\nconst { host: h } = spread;\n[bytes, h];",
  ];
  const code = "tslab/no-renaming-binding";
  expect(await check(cells)).toEqual([`2:2:9 ${code}`, `2:2:21 ${code}`, `5:2:9 ${code}`]);
});

test("a shorthand property that tslab loses is reported, one of the cell's own names is not", async () => {
  const cells = [
    'import path from "node:path";\nconst batchSize = 10;\nlet rate = 3;',
    "const own = 1;\nconst all = { own, batchSize, rate, path, size: batchSize };\nrate = 2;\nall;",
  ];
  const code = "tslab/no-shorthand-of-earlier-cell";
  expect(await check(cells)).toEqual([`2:2:20 ${code}`, `2:2:31 ${code}`, `2:2:37 ${code}`]);
});

test("a cell that cannot be parsed is reported alone, at its place", async () => {
  expect(await check(["const a = 1;", "a;\nconst b = (1;", "missing;"])).toEqual(["2:2:13 TS1005"]);
  expect(await check(["function f() {\n  return 1;\n"])).toEqual(["1:3:1 TS1005"]);
});

describe("lint", () => {
  test("a promise that is not awaited is reported where it stands", async () => {
    const cells = [
      "const fit = async () => Promise.resolve(1);",
      "await fit();\n\nif (true as boolean) {\n  fit();\n}",
    ];
    expect(await check(cells, true)).toEqual(["2:4:3 @typescript-eslint/no-floating-promises"]);
    expect(await check(cells, false)).toEqual([]);
  });

  test("a variable that a later cell assigns to is not asked to be constant, another one is", async () => {
    const cells = ["let steps = 0;\nlet fixed = 1;", "steps += fixed;\nsteps;"];
    expect(await check(cells, true)).toEqual(["1:2:5 prefer-const"]);
  });

  test("a cell's last value is no unused expression", async () => {
    expect(await check(["const a = [1];", "a;", "a.length === 1 && a[0];"], true)).toEqual([]);
  });
});

test("places do not depend on how many names come from earlier cells", async () => {
  const sample = fc.record({
    names: fc.uniqueArray(fc.constantFrom("alpha", "beta", "gamma", "delta", "omega"), { minLength: 0 }),
    lines: fc.integer({ min: 0, max: 4 }),
    indent: fc.integer({ min: 0, max: 8 }),
  });
  const samples = fc.sample(sample, { numRuns: 25, seed: 30 });
  const notebooks = samples.map(({ names, lines, indent }, index) =>
    inMemory(root, `sample${index}.ipynb`, [
      names.map((name) => `const ${name} = 1;`).join("\n") || "1;",
      `[${names.join(", ")}];${"\n// more".repeat(lines)}\n${" ".repeat(indent)}nowhere;`,
    ]),
  );
  const problems = await checkNotebooks(notebooks, { root, installation: CHECKOUT, lint: false });
  expect(problems.map(place)).toEqual(samples.map(({ lines, indent }) => `2:${lines + 2}:${indent + 1} TS2304`));
});

test("cells are counted as Run All numbers them", () => {
  const file = collection.write("numbers.ipynb", [
    codeCell("1;"),
    { cell_type: "markdown", id: "m", metadata: {}, source: ["# Title"] },
    codeCell("  \n"),
    codeCell("2;", { tags: ["skip-execution"] }),
    { ...codeCell(""), source: ["3;\n", "4;"] },
  ]);
  expect(readNotebook(file, root).cells).toEqual([
    { number: 1, source: "1;" },
    { number: 2, source: "3;\n4;" },
  ]);
});
