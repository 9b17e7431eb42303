import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type TypeScript from "typescript";
import { expect, it } from "vitest";

// The compiler inside tslab, which reads the helper's declarations in every notebook, is older than the one that writes them.
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab") as typeof TypeScript;
const root = fileURLToPath(new URL("../..", import.meta.url));

function problems(files: string[]): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    strict: true,
    noEmit: true,
  });
  return files.flatMap((name) => {
    const file = program.getSourceFile(name);
    if (!file) return [`${name}: not read`];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) =>
        `${relative(root, name)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` +
        ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  });
}

it("is TypeScript 5.0 that tslab brings", () => {
  expect(ts.version).toMatch(/^5\.0\./);
});

it("finds what that version cannot read", () => {
  const folder = mkdtempSync(join(tmpdir(), "nn30-declarations-"));
  const file = join(folder, "newer.d.ts");
  writeFileSync(
    file,
    "export declare const weights: Float64Array<ArrayBuffer>;\nexport declare const wrong: Missing;\n",
  );
  try {
    expect(problems([file])).toEqual([
      expect.stringContaining("newer.d.ts:1: Type 'Float64Array' is not generic."),
      expect.stringContaining("newer.d.ts:2: Cannot find name 'Missing'."),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("reads and type-checks every declaration file of the helper package", () => {
  const dist = join(root, "shared/dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => join(dist, name));
  expect(files.length).toBeGreaterThan(10);
  expect(problems(files)).toEqual([]);
});
