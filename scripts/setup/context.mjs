// Where everything lies in a checkout, and the environment that tools run in.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Report } from "./report.mjs";
import { Stamps } from "./stamps.mjs";

/**
 * @typedef {object} Context
 * @property {string} root the checkout
 * @property {NodeJS.Platform} platform
 * @property {string} arch as Node names it: "x64", "arm64"
 * @property {NodeJS.ProcessEnv} env what tools run in
 * @property {Report} report
 * @property {Stamps} stamps
 * @property {{ path: string, version: string } | undefined} python the machine's Python, once prerequisites are checked
 * @property {(...parts: string[]) => string} path a path in the checkout
 */

/**
 * @typedef {object} Step
 * @property {string} name also the name of its stamp
 * @property {(context: Context) => string} title what it does, with the size of what it downloads
 * @property {number} diskMegabytes room that it needs at most
 * @property {(context: Context) => boolean} isDone quick: looks at stamps, sizes and times only
 * @property {(context: Context) => Promise<void>} perform does all of it, from any state that a killed run left
 * @property {(context: Context) => Promise<boolean>} [verify] thorough: reads what the step has made
 */

/**
 * @param {string} folder
 * @returns {boolean}
 */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The environment for npm, Python, pip and compilers: the reader's own (proxies, mirrors, certificates), without
 * what would make pip install elsewhere, and with temporary files inside the checkout.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(root, env) {
  const temporary = join(root, ".cache", "tmp");
  /** @type {NodeJS.ProcessEnv} */
  const tools = { ...env, TMPDIR: temporary, TMP: temporary, TEMP: temporary };
  for (const name of ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH"]) {
    delete tools[name];
  }
  tools.PIP_USER = "0";
  tools.PIP_DISABLE_PIP_VERSION_CHECK = "1";
  tools.PIP_NO_INPUT = "1";
  // npm waits up to a minute between tries by default: too long to say "offline".
  tools.npm_config_fetch_retry_mintimeout ??= "1000";
  tools.npm_config_fetch_retry_maxtimeout ??= "8000";
  const home = env.HOME || env.USERPROFILE || homedir();
  if (!isWritable(home)) {
    // npm cannot work without a cache; pip can.
    tools.npm_config_cache ??= join(root, ".cache", "npm");
    tools.PIP_NO_CACHE_DIR ??= "1";
  }
  return tools;
}

/**
 * @param {string} root
 * @param {import("./report.mjs").Loudness} loudness
 * @returns {Context}
 */
export function createContext(root, loudness) {
  return {
    root,
    platform: process.platform,
    arch: process.arch,
    env: toolEnvironment(root, process.env),
    report: new Report(loudness),
    stamps: new Stamps(join(root, ".cache", "setup")),
    python: undefined,
    path: (...parts) => join(root, ...parts),
  };
}

/**
 * The Python of the checkout's virtual environment.
 *
 * @param {Context} context
 */
export function venvPython(context) {
  return context.platform === "win32"
    ? context.path(".venv", "Scripts", "python.exe")
    : context.path(".venv", "bin", "python");
}

/**
 * Removes a folder so that no half-removed one is ever in its place: it is moved aside first.
 *
 * @param {Context} context
 * @param {string} folder
 */
export function removeFolder(context, folder) {
  if (!existsSync(folder)) {
    rmSync(folder, { force: true, recursive: true }); // a dangling link
    return;
  }
  const trash = context.path(".cache", "trash");
  mkdirSync(trash, { recursive: true });
  const aside = join(trash, `${process.pid}-${readdirSync(trash).length}`);
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Empties what an earlier, killed set-up may have left.
 *
 * @param {Context} context
 */
export function clearTemporary(context) {
  for (const name of ["tmp", "trash"]) {
    rmSync(context.path(".cache", name), { recursive: true, force: true, maxRetries: 3 });
  }
  mkdirSync(context.path(".cache", "tmp"), { recursive: true });
}
