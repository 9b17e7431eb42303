// Step 2: the virtual environment .venv with JupyterLab, nbclient, nbconvert and the chart renderer.

import { existsSync } from "node:fs";
import { removeFolder, venvPython } from "./context.mjs";
import { SetupFailure, toolFailure } from "./failure.mjs";
import { runPip } from "./pip.mjs";
import { findPython } from "./prerequisites.mjs";
import { run } from "./processes.mjs";
import { inputKey, readText } from "./stamps.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/**
 * The checkout's own path belongs to the input: the programs of a virtual environment hold it, so that a moved
 * checkout needs a new one.
 *
 * @param {Context} context
 */
export function pythonKey(context) {
  return inputKey(readText(context.path("requirements.txt")), context.root, context.platform, context.arch);
}

/** @type {import("./context.mjs").Step} */
export const pythonPackages = {
  name: "python",
  title: ({ python }) =>
    `Python packages (JupyterLab): about 80 MB to download${python ? `, for Python ${python.version}` : ""}`,
  diskMegabytes: 700,
  isDone(context) {
    const stamp = context.stamps.read("python");
    const chosen = context.env.NN30_PYTHON;
    return (
      stamp?.key === pythonKey(context) &&
      // Follows the link: a Python that was uninstalled is missing here.
      existsSync(venvPython(context)) &&
      existsSync(context.path(".venv", "share", "jupyter")) &&
      (!chosen || stamp.facts?.chosen === chosen || stamp.facts?.python === chosen)
    );
  },
  async perform(context) {
    const key = pythonKey(context);
    context.stamps.remove("python");
    const python = context.python?.path ?? (await findPython(context)).path;
    // pip takes a half-installed package for an installed one: what was interrupted is made anew.
    removeFolder(context, context.path(".venv"));
    const venv = await run(python, ["-I", "-m", "venv", context.path(".venv")], {
      cwd: context.root,
      env: context.env,
    });
    if (venv.code !== 0) {
      if (/ensurepip/.test(venv.output))
        throw new SetupFailure(
          `Python (${python}) cannot make a virtual environment with pip in it: install the missing part with \`sudo apt-get install python3-venv\` (other systems: a complete Python from python.org), then run the same command again.`,
          { tool: "python -m venv", output: venv.output },
        );
      throw toolFailure("python -m venv", venv.output, context);
    }
    await runPip(context, [
      "install",
      "--require-hashes",
      "--only-binary=:all:",
      // Modules are compiled when first imported; most never are.
      "--no-compile",
      `--requirement=${context.path("requirements.txt")}`,
    ]);
    context.stamps.write("python", { key, facts: { python, chosen: context.env.NN30_PYTHON } });
  },
  async verify(context) {
    const check = await run(venvPython(context), ["-I", "-m", "pip", "check"], { env: context.env });
    return check.code === 0;
  },
};
