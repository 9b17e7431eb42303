// Step 8: the helper package and the command lines, compiled by TypeScript.

import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { run } from "./processes.mjs";
import { inputKey, readText } from "./stamps.mjs";
import { sizeOf } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/** Source folder and where its compiled files go. */
const PROJECTS = [
  { sources: "shared/src", output: "shared/dist" },
  { sources: "scripts", output: "scripts/build" },
];

const CONFIGURATIONS = ["tsconfig.base.json", "tsconfig.json", "shared/tsconfig.json", "scripts/tsconfig.json"];

/**
 * TypeScript sources below a folder, sorted; folders of compiled files are left out.
 *
 * @param {string} folder
 * @param {string} output
 * @returns {string[]}
 */
function sourcesIn(folder, output) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return path === output ? [] : sourcesIn(path, output);
      return entry.name.endsWith(".ts") ? [path] : [];
    })
    .sort();
}

/**
 * Every source with its compiled file (none for declarations).
 *
 * @param {Context} context
 * @returns {{ source: string, compiled: string | undefined }[]}
 */
export function compiledFiles({ path }) {
  return PROJECTS.flatMap(({ sources, output }) =>
    sourcesIn(path(sources), path(output)).map((source) => ({
      source,
      compiled: source.endsWith(".d.ts")
        ? undefined
        : path(output, relative(path(sources), source).replace(/\.ts$/, ".js")),
    })),
  );
}

/** @param {Context} context */
export function compileKey(context) {
  const sources = compiledFiles(context).map(({ source }) => {
    const { size, mtimeMs } = statSync(source);
    return [relative(context.root, source), size, mtimeMs];
  });
  const configurations = CONFIGURATIONS.map((file) => readText(context.path(file)));
  return inputKey(sources, configurations, readText(context.path("package-lock.json")));
}

/**
 * Bytes of all compiled files together; undefined when one is missing. One that was cut short shows in them.
 *
 * @param {Context} context
 */
function compiledBytes(context) {
  const sizes = compiledFiles(context).map(({ compiled }) => (compiled ? sizeOf(compiled) : 0));
  return sizes.includes(-1) ? undefined : sizes.reduce((sum, size) => sum + size, 0);
}

/** @param {Context} context */
function compiledHash(context) {
  return inputKey(compiledFiles(context).map(({ compiled }) => compiled && readText(compiled)));
}

/**
 * The compiler takes a source that is older than its notes for one that it has seen. A clock that was set back, or a
 * file that was restored with its date, would go unnoticed; with old notes, it compares contents.
 *
 * @param {string} notes
 */
function lookOld(notes) {
  if (existsSync(notes)) utimesSync(notes, 0, 0);
}

/** @type {import("./context.mjs").Step} */
export const compileSources = {
  name: "compile",
  title: () => "Helper package and commands: compile",
  diskMegabytes: 20,
  isDone(context) {
    const stamp = context.stamps.read("compile");
    const bytes = compiledBytes(context);
    return bytes !== undefined && stamp?.facts?.bytes === bytes && stamp.key === compileKey(context);
  },
  async perform(context) {
    // Taken first: a source that is saved while the compiler runs is compiled again next time.
    const key = compileKey(context);
    // The compiler goes by its own notes and would not miss files that were deleted or damaged: it starts afresh then.
    const damaged = context.stamps.matches("compile", key) || compiledBytes(context) === undefined;
    context.stamps.remove("compile");
    for (const { output } of PROJECTS) lookOld(context.path(output, ".tsbuildinfo"));
    const compiler = context.path("node_modules", "typescript", "bin", "tsc");
    const args = [compiler, "-b", ...(damaged ? ["--force"] : []), "--pretty", "false"];
    const result = await run(process.execPath, args, { cwd: context.root, env: context.env });
    if (result.code !== 0)
      throw new SetupFailure(
        "TypeScript finds errors in the project's own sources: mend the places named below (or restore them with git), then run the same command again.",
        { tool: "tsc -b", output: result.output },
      );
    context.stamps.write("compile", { key, facts: { bytes: compiledBytes(context), sha256: compiledHash(context) } });
  },
  verify: (context) => Promise.resolve(compiledHash(context) === context.stamps.read("compile")?.facts?.sha256),
};
