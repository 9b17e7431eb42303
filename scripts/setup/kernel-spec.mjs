// Step 10: Jupyter's description of our kernel, in the virtual environment.

import { readText, writeWhole } from "./stamps.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/** @param {Context} context */
export function kernelSpecPath(context) {
  return context.path(".venv", "share", "jupyter", "kernels", "tslab", "kernel.json");
}

/**
 * Absolute paths, because Jupyter starts a kernel in the notebook's own folder; so a moved checkout or another Node
 * is another text.
 *
 * @param {Context} context
 * @returns {string}
 */
export function kernelSpecText(context) {
  const spec = {
    argv: [process.execPath, context.path("scripts", "build", "kernel", "launch.js"), "{connection_file}"],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  };
  return `${JSON.stringify(spec, undefined, 2)}\n`;
}

/** @type {import("./context.mjs").Step} */
export const kernelSpec = {
  name: "kernel-spec",
  title: () => "Jupyter kernel: TypeScript (tslab)",
  diskMegabytes: 1,
  isDone: (context) => readText(kernelSpecPath(context)) === kernelSpecText(context),
  perform: (context) => Promise.resolve(writeWhole(kernelSpecPath(context), kernelSpecText(context))),
};
