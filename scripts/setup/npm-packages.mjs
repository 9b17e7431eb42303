// Step 1: npm packages, exactly those of the lockfile, without any package's own install script.

import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { NPM_DATA } from "./data-files.mjs";
import { SetupFailure, toolFailure } from "./failure.mjs";
import { run } from "./processes.mjs";
import { findPrograms } from "./programs.mjs";
import { inputKey, readText } from "./stamps.mjs";
import { hashOfFile, sizeOf } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/**
 * What is installed holds programs for one platform.
 *
 * @param {Context} context
 */
function npmKey({ platform, arch }) {
  return inputKey(platform, arch);
}

/**
 * The command that runs npm: the npm that runs us, else the one on PATH.
 *
 * @param {Context} context
 * @returns {[command: string, ...args: string[]]}
 */
function npmCommand({ env, platform }) {
  const running = env.npm_execpath;
  if (running && basename(running) === "npm-cli.js" && existsSync(running)) return [process.execPath, running];
  const [npm] = findPrograms("npm", env, platform);
  if (npm) return [npm];
  throw new SetupFailure(
    `npm is not found on PATH although Node ${process.versions.node} runs: install Node together with npm from nodejs.org (on Debian and Ubuntu: \`sudo apt-get install npm\`), then run the same command again.`,
  );
}

/**
 * Runs npm in the checkout; a failure is explained.
 *
 * @param {Context} context
 * @param {string[]} args
 */
export async function runNpm(context, args) {
  const [command, ...first] = npmCommand(context);
  const result = await run(command, [...first, ...args], { cwd: context.root, env: context.env });
  context.report.detail(result.output.trim());
  // On a full disk npm only warns about the files that it could not write, and ends as if all were well.
  const incomplete = /TAR_ENTRY_ERROR/.test(result.output);
  if (result.code !== 0 || incomplete) throw toolFailure("npm", result.output, context);
}

/**
 * What npm says it has installed, by path; nothing where its list is missing or damaged.
 *
 * @param {Context} context
 * @returns {Record<string, any>}
 */
function installedPackages({ path }) {
  try {
    return JSON.parse(readText(path("node_modules/.package-lock.json")) ?? "{}").packages ?? {};
  } catch {
    return {};
  }
}

/**
 * A file of the project in JSON.
 *
 * @param {Context} context
 * @param {string} file
 * @returns {Record<string, any>}
 */
function readManifest({ path }, file) {
  try {
    return JSON.parse(readText(path(file)) ?? "{}");
  } catch (error) {
    throw new SetupFailure(
      `${file} is not JSON (${/** @type {Error} */ (error).message.replaceAll(/\s+/g, " ")}): restore it with \`git checkout HEAD -- ${file}\`, then run the same command again.`,
    );
  }
}

/**
 * Paths of every installed copy of a package, as npm's own list of what it installed has them.
 *
 * @param {Context} context
 * @param {string} name
 * @returns {string[]}
 */
export function installedCopies(context, name) {
  return Object.keys(installedPackages(context)).filter((key) => key.endsWith(`node_modules/${name}`));
}

/**
 * Whether everything that the lockfile asks for is installed, in that version; also true after a maintainer's own
 * `npm install`, which changes both. Packages for other platforms may be missing.
 *
 * @param {Context} context
 */
export function installedMatchesLockfile(context) {
  const { packages: locked = {} } = readManifest(context, "package-lock.json");
  const installed = installedPackages(context);
  const inStep = [
    ["", "package.json"],
    ["shared", "shared/package.json"],
  ].every(([key, file]) => {
    const manifest = readManifest(context, file);
    return ["dependencies", "devDependencies", "optionalDependencies"].every(
      (field) => inputKey(manifest[field] ?? {}) === inputKey(locked[key]?.[field] ?? {}),
    );
  });
  /** @param {string} key */
  const same = (key) =>
    ["version", "integrity", "link"].every((field) => locked[key]?.[field] === installed[key]?.[field]);
  return (
    inStep &&
    Object.keys(locked).every((key) => key === "" || (key in installed ? same(key) : locked[key].optional === true))
  );
}

/**
 * Whether the folder of every package that npm says it has installed is still there: someone may have removed parts of
 * node_modules.
 *
 * @param {Context} context
 */
function nothingWasRemoved(context) {
  const installed = Object.keys(installedPackages(context));
  return installed.length > 0 && installed.every((key) => existsSync(context.path(key, "package.json")));
}

/**
 * Whether the data files that npm packages carry are the pinned ones.
 *
 * @param {Context} context
 * @param {import("./data-files.mjs").NpmData[]} packages
 */
export async function npmDataIsWhole({ path }, packages) {
  for (const { name, files } of packages) {
    for (const { file, size, sha256 } of files) {
      const installed = path("node_modules", name, file);
      if (sizeOf(installed) !== size || (await hashOfFile(installed)) !== sha256) return false;
    }
  }
  return true;
}

/** @type {import("./context.mjs").Step} */
export const npmPackages = {
  name: "npm",
  title: () => "npm packages: about 360 MB to download",
  diskMegabytes: 1300,
  isDone(context) {
    return (
      // The stamp is missing while npm works, or after it was killed.
      context.stamps.matches("npm", npmKey(context)) && installedMatchesLockfile(context) && nothingWasRemoved(context)
    );
  },
  async perform(context) {
    const key = npmKey(context);
    context.stamps.remove("npm");
    await runNpm(context, [
      "ci",
      "--ignore-scripts",
      // A machine set to production would leave out the compiler, an `omit` setting the platform's own parts.
      "--include=dev",
      "--include=optional",
      "--no-audit",
      "--no-fund",
    ]);
    // The cache that stands in for an unwritable home folder has served.
    rmSync(context.path(".cache", "npm"), { recursive: true, force: true });
    const copies = installedCopies(context, "@tensorflow/tfjs-node");
    if (copies.length !== 1) {
      throw new SetupFailure(
        `npm installed ${copies.length} copies of @tensorflow/tfjs-node (${copies.join(", ")}) where exactly one may be: restore package.json and package-lock.json (\`git checkout package.json package-lock.json\`), then run the same command again.`,
      );
    }
    context.stamps.write("npm", { key });
  },
  // Of all that npm installs, these files alone could be damaged without anything failing.
  verify: (context) => npmDataIsWhole(context, NPM_DATA),
};
