// Step 4: tfjs-node's binding, compiled against the libraries in .native/ (or fetched by tfjs-node's own installer).

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { bindingArguments, compilerWorks, installZig, machineCompilers, removeZig } from "./compilers.mjs";
import { SetupFailure, lastLines } from "./failure.mjs";
import { nativeBuild } from "./native-builds.mjs";
import { runNpm } from "./npm-packages.mjs";
import { run } from "./processes.mjs";
import { inputKey, readText } from "./stamps.mjs";
import { hashOfFile, librariesKey, sizeOf } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/** @param {Context} context */
export function compiledBinding(context) {
  return context.path(".native", "tfjs_binding.node");
}

/**
 * Where tfjs-node loads its binding from.
 *
 * @param {Context} context
 */
export function placedBinding(context) {
  return context.path("node_modules", "@tensorflow", "tfjs-node", "lib", "napi-v8", "tfjs_binding.node");
}

/** @param {Context} context */
export function bindingKey(context) {
  const versions = ["@tensorflow/tfjs-node", "node-api-headers"].map(
    (name) => JSON.parse(readText(context.path("node_modules", name, "package.json")) ?? "{}").version,
  );
  // Paths differ between checkouts and do not matter: what is compiled finds its libraries relative to itself.
  const build = nativeBuild(context);
  const flags = build && bindingArguments({ ...context, path: (...parts) => parts.join("/") }, build.libraries, "");
  return inputKey(versions, flags ?? "stock", librariesKey(context));
}

/**
 * Whether Node can load an addon, in a process of its own: a bad one would take ours down.
 *
 * @param {Context} context
 * @param {string} addon
 */
async function loads(context, addon) {
  return run(process.execPath, ["-e", "require(process.argv[1])", addon], { env: context.env, timeoutSeconds: 120 });
}

/**
 * @param {Context} context
 * @param {import("./compilers.mjs").Compiler} compiler
 * @param {string[]} libraries
 * @returns {Promise<string | undefined>} what went wrong
 */
async function compileWith(context, compiler, libraries) {
  const partial = context.path(".native", "tfjs_binding.partial.node");
  rmSync(partial, { force: true });
  const [program, ...first] = compiler.command;
  const compiled = await run(program, [...first, ...bindingArguments(context, libraries, partial)], {
    cwd: context.root,
    env: { ...context.env, ...compiler.env },
  });
  if (compiled.code !== 0) return compiled.output;
  const loaded = await loads(context, partial);
  if (loaded.code !== 0) return loaded.output;
  renameSync(partial, compiledBinding(context));
  return undefined;
}

/**
 * Compiles with the first compiler that works; Zig is fetched when the machine has none.
 *
 * @param {Context} context
 * @param {import("./native-builds.mjs").NativeBuild} build
 * @returns {Promise<string>} label of the compiler
 */
export async function compileBinding(context, build) {
  let output = "";
  for (const compiler of machineCompilers(context)) {
    if (!(await compilerWorks(context, compiler))) continue;
    const problem = await compileWith(context, compiler, build.libraries);
    if (problem === undefined) return compiler.label;
    output += `${compiler.label}:\n${problem}\n`;
    context.report.note(`${compiler.label} cannot compile the binding, trying the next compiler`);
    context.report.detail(lastLines(problem).join("\n"));
  }
  context.report.note("no working C++ compiler on this machine: fetching Zig's (101 MB), removed afterwards");
  try {
    const zig = await installZig(context, build.zigTarget);
    const problem = await compileWith(context, zig, build.libraries);
    if (problem === undefined) return zig.label;
    output += `${zig.label}:\n${problem}\n`;
  } finally {
    removeZig(context);
  }
  throw new SetupFailure(
    `No C++ compiler could compile TensorFlow's binding for Node: install one (${
      context.platform === "darwin" ? "`xcode-select --install`" : "`sudo apt-get install g++`"
    }) or name one in the environment variable CXX, then run the same command again.`,
    { tool: "the compiler", output },
  );
}

/**
 * The installer that comes with tfjs-node, for platforms without a wheel.
 *
 * @param {Context} context
 */
async function runStockInstaller(context) {
  context.report.note(
    `TensorFlow publishes no libraries for ${context.platform}-${context.arch}, so tfjs-node's own installer fetches TensorFlow 2.9 (2022) from outside the package registries; this path is untested by us.`,
  );
  try {
    await runNpm(context, ["rebuild", "@tensorflow/tfjs-node", "--ignore-scripts=false", "--foreground-scripts"]);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    throw new SetupFailure(
      `tfjs-node's own installer failed on ${context.platform}-${context.arch}: let it reach its download host through your network (or see WINDOWS_TROUBLESHOOTING.md in node_modules/@tensorflow/tfjs-node), or use Linux (also in WSL or a container), where everything comes from the package registries.`,
      { tool: "tfjs-node's installer", output: error.output },
    );
  }
}

/** @type {import("./context.mjs").Step} */
export const tensorflowBinding = {
  name: "binding",
  title: (context) =>
    nativeBuild(context)
      ? "TensorFlow binding for Node: compile"
      : "TensorFlow binding for Node: tfjs-node's own installer",
  diskMegabytes: 700,
  isDone(context) {
    const stamp = context.stamps.read("binding");
    if (stamp?.key !== bindingKey(context)) return false;
    // The stock installer's files lie in node_modules/ only, under a name of its own choice.
    if (!nativeBuild(context)) return existsSync(context.path("node_modules", "@tensorflow", "tfjs-node", "lib"));
    return sizeOf(compiledBinding(context)) === stamp.facts?.size;
  },
  async perform(context) {
    const key = bindingKey(context);
    context.stamps.remove("binding");
    const build = nativeBuild(context);
    if (!build) {
      await runStockInstaller(context);
      context.stamps.write("binding", { key });
      return;
    }
    mkdirSync(context.path(".native"), { recursive: true });
    const compiler = await compileBinding(context, build);
    context.report.detail(`compiled with ${compiler}`);
    const file = compiledBinding(context);
    context.stamps.write("binding", { key, facts: { compiler, size: sizeOf(file), sha256: await hashOfFile(file) } });
  },
  async verify(context) {
    if (!nativeBuild(context)) return true;
    return (await hashOfFile(compiledBinding(context))) === context.stamps.read("binding")?.facts?.sha256;
  },
};
