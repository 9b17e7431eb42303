// Step 9: the helper package's inner loops, compiled to WebAssembly by AssemblyScript.

import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { run } from "./processes.mjs";
import { inputKey, readText } from "./stamps.mjs";
import { hashOfFile } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */

const SOURCES = "shared/assembly";
const ENTRY = "shared/assembly/index.ts";
const OUTPUT = "shared/dist/nn/kernels.wasm";

/** Optimised, without a garbage collector (the memory is laid out by the caller), with vectors. */
const OPTIONS = [
  ...["-O3", "--runtime", "stub", "--noAssert", "--enable", "simd"],
  // A warning that JavaScript cannot call functions of vectors: only the kernels do.
  ...["--disableWarning", "112"],
];

/** @param {Context} context */
function compiler(context) {
  return context.path("node_modules", "assemblyscript", "bin", "asc.js");
}

/** @param {Context} context */
export function kernelsKey(context) {
  const folder = context.path(SOURCES);
  const sources = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".ts"))
        .sort()
    : [];
  const version = JSON.parse(readText(context.path("node_modules", "assemblyscript", "package.json")) ?? "{}").version;
  return inputKey(
    sources.map((name) => [name, readText(join(folder, name))]),
    OPTIONS,
    version,
  );
}

/** @type {import("./context.mjs").Step} */
export const compileKernels = {
  name: "kernels",
  title: () => "Inner loops of the helper package: compile to WebAssembly",
  diskMegabytes: 1,
  isDone: (context) => context.stamps.matches("kernels", kernelsKey(context)) && existsSync(context.path(OUTPUT)),
  async perform(context) {
    const key = kernelsKey(context);
    context.stamps.remove("kernels");
    const output = context.path(OUTPUT);
    mkdirSync(dirname(output), { recursive: true });
    const partial = `${OUTPUT.slice(0, -".wasm".length)}.partial.wasm`;
    const args = [compiler(context), ENTRY, "--outFile", partial, ...OPTIONS];
    const result = await run(process.execPath, args, { cwd: context.root, env: context.env });
    if (result.code !== 0)
      throw new SetupFailure(
        `AssemblyScript finds errors in ${SOURCES}: mend the places named below (or restore them with git), then run the same command again.`,
        { tool: "asc", output: result.output },
      );
    renameSync(context.path(partial), output);
    context.stamps.write("kernels", { key, facts: { sha256: await hashOfFile(output) } });
  },
  async verify(context) {
    return (await hashOfFile(context.path(OUTPUT))) === context.stamps.read("kernels")?.facts?.sha256;
  },
};
