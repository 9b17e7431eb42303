// Finding programs on PATH.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Every file of this name on PATH, in order: the first may be a shim that does not work.
 *
 * @param {string} name without extension
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} [platform]
 * @returns {string[]} absolute paths
 */
export function findPrograms(name, env, platform = process.platform) {
  const extensions = platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter(Boolean);
  const found = folders
    .flatMap((folder) => extensions.map((extension) => join(folder, name + extension)))
    .filter(isProgram);
  return [...new Set(found)];
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
