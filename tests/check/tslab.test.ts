import { createRequire } from "node:module";
import { afterAll, expect, test } from "vitest";
import { checkNotebooks } from "../../scripts/check/check.js";
import { CHECKOUT, inMemory } from "./notebooks.js";

interface Converted {
  diagnostics: { code: number; start: { line: number; character: number } }[];
  declOutput?: string;
}

interface Converter {
  convert(previousDeclarations: string, source: string): Converted;
  close(): void;
}

const { createConverter } = createRequire(import.meta.url)("tslab/dist/converter.js") as {
  createConverter: () => Converter;
};
const converter = createConverter();
afterAll(() => {
  converter.close();
});

/** What the kernel's own compiler says, cell by cell; a cell that it refuses declares nothing, as in a session. */
function kernelProblems(cells: readonly string[]): string[] {
  let declarations = "";
  return cells.flatMap((source, index) => {
    const { diagnostics, declOutput } = converter.convert(declarations, source);
    if (declOutput !== undefined) declarations = declOutput;
    return diagnostics.map(({ code, start }) => `${index + 1}:${start.line + 1}:${start.character + 1} TS${code}`);
  });
}

const SESSIONS: Record<string, string[]> = {
  "a session without errors": [
    'import fs from "node:fs";\nlet count = 0;\nconst { a, b: [c] } = { a: 1, b: ["x"] };',
    "count += a;\nfs.existsSync(c);\nfunction f<T>(x: T): T { return x; }\nclass P { static n = 1; }",
    "const count = f(P.n);\nnamespace N { export const z = 1; }\nvar v = count;",
    "v = N.z;\nlet p: P = new P();\np = f(p);\nawait Promise.resolve(p);",
  ],
  "a wrong assignment": ["let n = 1;", 'n = "one";'],
  "a constant assigned": ["const n = 1;", "n = 2;"],
  "a missing member": ["const xs = [1];", "xs.foo;"],
  "a name that is not there": ["here;", "const here = 1;\nhere;"],
  "a name declared anew": ["const n = 1;", 'const n = "a";', "n.toFixed();"],
  "a module that is not there": ['import x from "no-such-module";\nx;'],
  "a function declared anew": ["function f(n: number) { return n; }", "function f(s: string) { return s; }", "f(1);"],
};

test.each(Object.entries(SESSIONS))("agrees with the kernel's compiler on %s", async (_, cells) => {
  const root = CHECKOUT;
  const notebooks = [inMemory(root, "session.ipynb", cells)];
  const problems = await checkNotebooks(notebooks, { root, installation: CHECKOUT, lint: false });
  // The kernel does not mind names that nothing uses.
  const ours = problems.filter(({ code }) => code !== "TS6133");
  expect(ours.map(({ cell, line, column, code }) => `${cell.number}:${line}:${column} ${code}`)).toEqual(
    kernelProblems(cells),
  );
});
