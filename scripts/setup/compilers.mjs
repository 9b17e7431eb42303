// C++ compilers: the machine's own, or Zig's out of a Python package where there is none that works.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runPip } from "./pip.mjs";
import { run } from "./processes.mjs";
import { findPrograms } from "./programs.mjs";
import { fileURLToPath } from "node:url";

/** @typedef {import("./context.mjs").Context} Context */

/**
 * @typedef {object} Compiler
 * @property {string} label for the reader
 * @property {string[]} command program and first arguments
 * @property {NodeJS.ProcessEnv} [env] in addition
 */

/**
 * The machine's compilers, best first: the one that CXX names, then the usual names.
 *
 * @param {Context} context
 * @returns {Compiler[]}
 */
export function machineCompilers({ env, platform }) {
  const chosen = (env.CXX ?? "").split(/\s+/).filter(Boolean);
  const commands = ["c++", "g++", "clang++"].flatMap((name) => findPrograms(name, env, platform).slice(0, 1));
  return [...(chosen.length > 0 ? [chosen] : []), ...commands.map((path) => [path])].map((command) => ({
    label: [basename(command[0]), ...command.slice(1)].join(" "),
    command,
  }));
}

const PROBE_SOURCE = `#include <memory>
#include <string>
#include <vector>
extern "C" int probe(int n) { return static_cast<int>(std::make_unique<std::vector<std::string>>(n, "x")->size()); }
`;

/**
 * Whether a compiler makes a shared library out of C++17: some are installed without their headers or linker.
 *
 * @param {Context} context
 * @param {Compiler} compiler
 */
export async function compilerWorks(context, compiler) {
  const folder = context.path(".cache", "tmp", "probe");
  mkdirSync(folder, { recursive: true });
  const source = join(folder, "probe.cc");
  writeFileSync(source, PROBE_SOURCE);
  const [program, ...first] = compiler.command;
  const result = await run(
    program,
    [...first, "-shared", "-fPIC", "-std=c++17", source, "-o", join(folder, "probe.so")],
    { cwd: folder, env: { ...context.env, ...compiler.env }, timeoutSeconds: 120 },
  );
  if (result.code !== 0) context.report.detail(`${compiler.label} does not work:\n${result.output.trim()}`);
  return result.code === 0;
}

/**
 * Arguments that compile tfjs-node's binding against TensorFlow's libraries. They are found relative to the
 * compiled file, both from .native/ and from its place in node_modules/, so that a moved checkout still works.
 *
 * @param {Context} context
 * @param {string[]} libraries file names in .native/lib
 * @param {string} output path of the addon
 * @returns {string[]}
 */
export function bindingArguments(context, libraries, output) {
  const tfjsNode = context.path("node_modules", "@tensorflow", "tfjs-node");
  const mac = context.platform === "darwin";
  const origin = mac ? "@loader_path" : "$ORIGIN";
  return [
    ...(mac ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared", "-Wl,--allow-shlib-undefined"]),
    "-fPIC",
    "-O2",
    "-std=c++17",
    "-w",
    "-DNAPI_VERSION=8",
    ...[context.path("node_modules", "node-api-headers", "include"), context.path(".native", "include"), tfjsNode].map(
      (folder) => `-I${folder}`,
    ),
    join(tfjsNode, "binding", "tfjs_backend.cc"),
    join(tfjsNode, "binding", "tfjs_binding.cc"),
    ...libraries.map((name) => context.path(".native", "lib", name)),
    `-Wl,-rpath,${origin}/lib`,
    `-Wl,-rpath,${origin}/../../../../../.native/lib`,
    "-o",
    output,
  ];
}

/**
 * Installs Zig, whose C++ compiler needs nothing else of the machine, into .cache/.
 *
 * @param {Context} context
 * @param {string} target Zig's name of the platform
 * @returns {Promise<Compiler>}
 */
export async function installZig(context, target) {
  const folder = context.path(".cache", "ziglang");
  rmSync(folder, { recursive: true, force: true });
  await runPip(
    context,
    [
      "install",
      "--no-deps",
      "--no-compile",
      "--only-binary=:all:",
      "--require-hashes",
      `--requirement=${fileURLToPath(new URL("ziglang.txt", import.meta.url))}`,
      `--target=${folder}`,
    ],
    { progress: true },
  );
  const zig = join(folder, "ziglang", context.platform === "win32" ? "zig.exe" : "zig");
  return {
    label: "Zig",
    // A named target, so that Zig takes its own C library's headers and not a part of the machine's.
    command: [zig, "c++", "-target", target],
    env: { ZIG_LOCAL_CACHE_DIR: join(folder, "local"), ZIG_GLOBAL_CACHE_DIR: join(folder, "global") },
  };
}

/** @param {Context} context */
export function removeZig(context) {
  rmSync(context.path(".cache", "ziglang"), { recursive: true, force: true });
}
