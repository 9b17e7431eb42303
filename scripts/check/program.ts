import path from "node:path";
import ts from "typescript";
import type { CellModule } from "./modules.js";

/** What the kernel compiles with, whatever the project's own configuration says: only what runs may be checked as right. */
const KERNEL: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  ignoreDeprecations: "6.0",
  esModuleInterop: true,
  resolveJsonModule: true,
  experimentalDecorators: true,
};

/** What makes sense for files that are compiled to disk, and not for cells. */
const NOT_FOR_CELLS: ts.CompilerOptions = {
  composite: false,
  declaration: false,
  sourceMap: false,
  isolatedModules: false,
  noEmit: true,
  skipLibCheck: true,
};

/**
 * Compiles all cells of all notebooks as one program, so that libraries are read once.
 *
 * @param modules - the cells
 * @param configuration - the `tsconfig` whose strictness applies
 */
export function programOf(modules: readonly CellModule[], configuration: string): ts.Program {
  const options: ts.CompilerOptions = {
    ...strictness(configuration),
    ...KERNEL,
    ...NOT_FOR_CELLS,
    types: ["node"],
    typeRoots: [path.join(path.dirname(configuration), "node_modules", "@types")],
  };
  const texts = new Map(modules.map(({ file, text }) => [file, text]));
  const host = ts.createCompilerHost(options, true);
  const fromDisk = { ...host };
  host.fileExists = (file) => texts.has(file) || fromDisk.fileExists(file);
  host.readFile = (file) => texts.get(file) ?? fromDisk.readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? fromDisk.getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const [broken] = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  if (broken !== undefined) {
    throw new Error(`The compiler cannot work: ${ts.flattenDiagnosticMessageText(broken.messageText, "\n")}`);
  }
  return program;
}

function strictness(configuration: string): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(configuration, (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
    error?: ts.Diagnostic;
  };
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, path.dirname(configuration)).options;
}
