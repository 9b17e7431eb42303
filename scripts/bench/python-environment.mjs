// Virtual environments that only the benchmarks need. Made when first needed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/**
 * @typedef {object} Environment
 * @property {string} folder in the checkout
 * @property {string} requirements file in this folder, with hashes
 * @property {string} about what is downloaded
 */

/**
 * Keras and NumPy on the TensorFlow whose libraries set-up takes for tfjs-node.
 *
 * @type {Environment}
 */
export const keras = {
  folder: ".venv-bench",
  requirements: "requirements.txt",
  about: "Keras and TensorFlow for Python: about 450 MB",
};

/**
 * Other runners of notebooks, on the nbclient that ours uses.
 *
 * @type {Environment}
 */
export const peers = {
  folder: ".venv-peers",
  requirements: "peers.txt",
  about: "nbmake, papermill and jupyter-cache: about 20 MB",
};

/** @param {string} environment folder of a virtual environment */
function pythonOf(environment) {
  return join(environment, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
}

/**
 * The Python of an environment, installed now if it is not there or its pins have changed.
 *
 * @param {string} root of the checkout
 * @param {Environment} environment
 * @param {(message: string) => void} say
 * @returns {Promise<string>} path of the interpreter
 */
export async function benchPython(root, { folder: name, requirements: file, about }, say) {
  const requirements = fileURLToPath(new URL(file, import.meta.url));
  const folder = join(root, name);
  const stamp = join(folder, "requirements.sha256");
  const pins = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const python = pythonOf(folder);
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, "utf8") === pins) return python;
  say(`${about} to download, once`);
  rmSync(folder, { recursive: true, force: true });
  try {
    await execa(pythonOf(join(root, ".venv")), ["-I", "-m", "venv", folder]);
    const install = ["install", "--quiet", "--require-hashes", "--only-binary=:all:", `--requirement=${requirements}`];
    await execa(python, ["-I", "-m", "pip", "--disable-pip-version-check", ...install]);
  } catch (failure) {
    const { stderr } = /** @type {{ stderr?: string }} */ (failure);
    throw new Error(
      `bench: Python's side could not be installed into ${name}; check the network and run the command again.\n${stderr ?? ""}`,
      { cause: failure },
    );
  }
  writeFileSync(stamp, pins); // last: a half-made environment is made anew
  return python;
}
