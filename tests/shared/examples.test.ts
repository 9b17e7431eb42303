import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { type Example, findExamples } from "./find-examples.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = join(root, "shared/src/index.ts");
const folder = join(root, ".cache/examples");
const sources = readdirSync(join(root, "shared/src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `shared/src/${name.replaceAll("\\", "/")}`)
  .sort();
const examples = sources.flatMap((source) => findExamples(source, readFileSync(join(root, source), "utf8")));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  sourceMap: true,
};

const fileOf = (example: Example) =>
  join(folder, `${example.source.replace(/^shared\/src\//, "").replace(/\W/g, "_")}_${example.line}.ts`);

/** Type errors by example, each with its place in the source file. */
function compile(): Map<string, string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  // An example keeps the line numbers that it has in its source file, so positions need no translation.
  for (const example of examples) writeFileSync(fileOf(example), "\n".repeat(example.line - 1) + example.code);
  const program = ts.createProgram(examples.map(fileOf), options);
  program.emit();
  const errors = new Map<string, string[]>();
  for (const { file, start = 0, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file?.fileName ?? "";
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    errors.set(name, [...(errors.get(name) ?? []), `${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`]);
  }
  return errors;
}

describe("findExamples", () => {
  it("takes every ts block under @example, with its line", () => {
    const found = findExamples(
      "a.ts",
      "/**\n * Text.\n * @example\n * ```ts\n * one();\n *\n *   two();\n * ```\n */\n",
    );
    expect(found).toEqual([{ source: "a.ts", line: 5, code: "one();\n\n  two();\n" }]);
  });
  it("refuses an @example without a ts block, and a block without an end", () => {
    expect(() => findExamples("a.ts", "/**\n * @example\n * one();\n */\n")).toThrow(
      "a.ts:2: @example has no ```ts block",
    );
    expect(() => findExamples("a.ts", "/**\n * @example\n * ```ts\n * one();\n */\n")).toThrow("a.ts:3: the ts block");
  });
});

describe("every @example of the helper package", () => {
  let errors: Map<string, string[]>;
  beforeAll(() => {
    errors = compile();
  });

  it("is found", () => {
    const tags = sources.flatMap(
      (source) => readFileSync(join(root, source), "utf8").match(/^\s*\* @example\b/gm) ?? [],
    );
    expect(examples.length).toBeGreaterThan(20);
    expect(examples).toHaveLength(tags.length);
  });

  it.concurrent.each(examples.map((example) => [`${example.source}:${example.line}`, example] as const))(
    "%s type-checks, asserts something, and runs",
    async (place, example) => {
      const problems = errors.get(fileOf(example)) ?? [];
      if (problems.length > 0) throw new Error(problems.map((problem) => `${example.source}:${problem}`).join("\n"));
      if (!/\bassert\b\S*\(/.test(example.code)) throw new Error(`${place}: the example asserts nothing`);
      const script = fileOf(example).replace(/\.ts$/, ".js");
      await promisify(execFile)(process.execPath, ["--enable-source-maps", script], {
        cwd: folder,
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", NN30_RESULTS: script.replace(/\.js$/, ".results.json") },
      }).catch((failure: { stderr: string }) => {
        throw new Error(`${place}: the example fails\n${failure.stderr}`);
      });
    },
    60_000,
  );
});

describe("the public interface", () => {
  const program = ts.createProgram([entry], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const entryFile = program.getSourceFile(entry);
  const entrySymbol = entryFile && checker.getSymbolAtLocation(entryFile);
  const exported = entrySymbol ? checker.getExportsOfModule(entrySymbol) : [];
  const target = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const placeOf = (symbol: ts.Symbol) => {
    const declaration = symbol.declarations?.[0];
    if (!declaration) return symbol.name;
    const file = declaration.getSourceFile();
    const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
    return `${relative(root, file.fileName)}:${line + 1}: ${symbol.name}`;
  };
  const isDocumented = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length > 0;

  it("is not empty", () => {
    expect(exported.map((symbol) => symbol.name)).toEqual(expect.arrayContaining(["mnist", "Network", "Random"]));
  });

  it("has documentation on every export and on every public method of its classes", () => {
    const members = (symbol: ts.Symbol) =>
      symbol.flags & ts.SymbolFlags.Class
        ? [...(symbol.members?.values() ?? [])].filter((member) => {
            const [declaration] = member.declarations ?? [];
            const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
            return (
              (ts.isMethodDeclaration(declaration) || ts.isGetAccessor(declaration)) &&
              !ts.isPrivateIdentifier(declaration.name) &&
              !ts.isComputedPropertyName(declaration.name) &&
              !(ts.getCombinedModifierFlags(declaration) & hidden)
            );
          })
        : [];
    const bare = exported
      .map(target)
      .flatMap((symbol) => [symbol, ...members(symbol)])
      .filter((symbol) => !isDocumented(symbol))
      .map(placeOf);
    expect(bare).toEqual([]);
  });

  it("has an @example on every function", () => {
    const without = exported
      .map(target)
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Function)
      .filter((symbol) => !symbol.getJsDocTags(checker).some((tag) => tag.name === "example"))
      .map(placeOf);
    expect(without).toEqual([]);
  });
});
