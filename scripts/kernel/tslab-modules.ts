import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { withSecondTimer } from "./compiler-timers.js";

/**
 * Everything the launcher takes from tslab, zeromq and tslab's TypeScript, typed as far as the launcher uses it.
 * These are internals of an exactly pinned version, so each is checked for before anything starts.
 */

/** The version whose internals this launcher was written against; package.json pins the same one. */
const EXPECTED_TSLAB = "1.0.22";

interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Diagnostic {
  readonly start: Position;
  readonly messageText: string;
  readonly code: number;
  readonly fileName?: string;
}

interface SideOutput {
  readonly path: string;
  readonly data: string;
}

export interface Conversion {
  readonly output?: string;
  readonly declOutput?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasToplevelAwait?: boolean;
  readonly sideOutputs?: readonly SideOutput[];
  readonly lastExpressionVar?: string;
}

export interface Converter {
  convert(previousDeclarations: string, source: string): Conversion;
  inspect(previousDeclarations: string, source: string, position: number): unknown;
  complete(previousDeclarations: string, source: string, position: number): unknown;
  addModule(name: string, content: string, meta: unknown): Diagnostic[];
  close(): void;
}

export interface ConverterSet {
  readonly node: Converter;
  readonly browser: Converter;
  close(): void;
}

export interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
}

/** Where tslab's executor sends a cell's last value (`log`) and its errors and diagnostics (`error`). */
interface ExecutorConsole {
  log(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

export interface JupyterHandler {
  handleInspect(request: { code: string; cursor_pos: number }): Record<string, unknown>;
  handleComplete(request: { code: string; cursor_pos: number }): {
    cursor_start: number;
    cursor_end: number;
    matches: string[];
  };
}

export interface DisplayData {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  readonly transient?: Record<string, unknown>;
}

interface JupyterModule {
  JupyterHandlerImpl: new (executor: Executor, isJavaScript: boolean) => JupyterHandler;
  /** What tslab's `display` and the helper package's `show` call. */
  lastWriteDisplayData: ((data: DisplayData, update?: boolean) => void) | null;
}

export interface TypeScriptNode {
  readonly kind: number;
  readonly statements?: readonly TypeScriptNode[];
  readonly expression?: TypeScriptNode;
  readonly operatorToken?: TypeScriptNode;
}

interface ParseDiagnostic {
  readonly start: number;
  readonly code: number;
}

export interface TypeScriptModule {
  readonly version: string;
  readonly ScriptTarget: { readonly Latest: number };
  readonly ScriptKind: { readonly TS: number };
  readonly SyntaxKind: Readonly<Record<string, number>>;
  forEachChild<Result>(node: TypeScriptNode, visit: (child: TypeScriptNode) => Result | undefined): Result | undefined;
  isFunctionLike(node: TypeScriptNode): boolean;
  isClassElement(node: TypeScriptNode): boolean;
  createSourceFile(
    name: string,
    text: string,
    target: number,
    setParents: boolean,
    kind: number,
  ): TypeScriptNode & { readonly parseDiagnostics?: readonly ParseDiagnostic[] };
  createWatchCompilerHost(files: string[], options: Record<string, unknown>, ...rest: unknown[]): unknown;
  transpileModule(
    input: string,
    options: { compilerOptions?: Record<string, unknown> },
  ): { outputText: string; sourceMapText?: string };
}

export interface ZmqSocket {
  send(parts: (string | Buffer)[]): Promise<void>;
  bind(address: string): Promise<void>;
  close(): void;
}

export interface ZmqReceiver extends ZmqSocket, AsyncIterable<Buffer[]> {}

interface ZmqModule {
  readonly Publisher: new (options: Record<string, unknown>) => ZmqSocket;
  readonly Router: new (options: Record<string, unknown>) => ZmqReceiver;
  readonly Reply: new (options: Record<string, unknown>) => ZmqReceiver;
}

export interface TslabModules {
  readonly version: string;
  readonly typescript: TypeScriptModule;
  readonly createConverter: (options: { isJS: boolean; isBrowser: boolean }) => Converter;
  readonly createExecutor: (folder: string, converters: ConverterSet, console: ExecutorConsole) => Executor;
  readonly jupyter: JupyterModule;
  readonly zmq: ZmqModule;
}

/** Functions that replace TypeScript's own in the copy that tslab's compiler sees. */
export type TypeScriptPatch = (
  original: TypeScriptModule,
) => Pick<TypeScriptModule, "createWatchCompilerHost" | "transpileModule">;

class LauncherError extends Error {}

function expectFunctions(where: string, module: object, names: readonly string[]): void {
  for (const name of names) {
    if (typeof (module as Record<string, unknown>)[name] !== "function") {
      throw new LauncherError(
        `kernel launcher: ${where} has no function ${name}; the launcher works with tslab ${EXPECTED_TSLAB} exactly. ` +
          "Run `npm run setup` to install the pinned version.",
      );
    }
  }
}

/**
 * Loads tslab with a patched TypeScript and checks that all of the internals used here exist.
 *
 * @param root the checkout's root folder, in whose `node_modules` tslab lies
 * @throws Error with one sentence and the command that mends it, when a part is missing or of another version
 */
export function loadTslab(root: string, patch: TypeScriptPatch): TslabModules {
  const manifest = path.join(root, "node_modules", "tslab", "package.json");
  if (!existsSync(manifest)) {
    throw new LauncherError("kernel launcher: tslab is not installed. Run `npm run setup`.");
  }
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  if (version !== EXPECTED_TSLAB) {
    throw new LauncherError(
      `kernel launcher: expected tslab ${EXPECTED_TSLAB} but found ${version}. Run \`npm run setup\`.`,
    );
  }
  const require = createRequire(manifest);
  const typescriptName = "@tslab/typescript-for-tslab";
  const typescript = require(typescriptName) as TypeScriptModule;
  expectFunctions(typescriptName, typescript, [
    "createSourceFile",
    "createWatchCompilerHost",
    "transpileModule",
    "forEachChild",
    "isFunctionLike",
    "isClassElement",
  ]);

  // TypeScript's exports are read-only getters, so tslab is handed a copy of the module object with two of them replaced.
  const cached = require.cache[require.resolve(typescriptName)];
  if (!cached) throw new LauncherError("kernel launcher: TypeScript did not register in the module cache.");
  const timed: TypeScriptModule = {
    ...typescript,
    createWatchCompilerHost: (...request) => withSecondTimer(typescript.createWatchCompilerHost(...request)),
  };
  cached.exports = { ...timed, ...patch(timed) };

  const converter = require("./dist/converter.js") as Pick<TslabModules, "createConverter">;
  const executor = require("./dist/executor.js") as Pick<TslabModules, "createExecutor">;
  const jupyter = require("./dist/jupyter.js") as JupyterModule;
  const zmq = require("zeromq") as ZmqModule;
  expectFunctions("tslab/dist/converter.js", converter, ["createConverter"]);
  expectFunctions("tslab/dist/executor.js", executor, ["createExecutor"]);
  expectFunctions("tslab/dist/jupyter.js", jupyter, ["JupyterHandlerImpl"]);
  expectFunctions("tslab's JupyterHandlerImpl", jupyter.JupyterHandlerImpl.prototype as object, [
    "handleInspect",
    "handleComplete",
  ]);
  if (!("lastWriteDisplayData" in jupyter)) {
    throw new LauncherError(`kernel launcher: tslab ${version} has no lastWriteDisplayData. Run \`npm run setup\`.`);
  }
  expectFunctions("zeromq", zmq, ["Publisher", "Router", "Reply"]);
  return {
    version,
    typescript,
    createConverter: converter.createConverter,
    createExecutor: executor.createExecutor,
    jupyter,
    zmq,
  };
}
