// Step 5: the binding where tfjs-node looks for it, and one operation run on it.

import { copyFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupFailure } from "./failure.mjs";
import { TENSORFLOW_VERSION, nativeBuild } from "./native-builds.mjs";
import { run } from "./processes.mjs";
import { inputKey } from "./stamps.mjs";
import { bindingKey, compiledBinding, placedBinding } from "./tensorflow-binding.mjs";

/** @typedef {import("./context.mjs").Context} Context */

const PROGRAM = fileURLToPath(new URL("run-tensorflow-op.mjs", import.meta.url));

/**
 * Another Node is another check.
 *
 * @param {Context} context
 */
export function checkKey(context) {
  return inputKey(bindingKey(context), process.version, TENSORFLOW_VERSION);
}

/** @param {Context} context */
function isPlaced(context) {
  if (!nativeBuild(context)) return true;
  try {
    return readFileSync(placedBinding(context)).equals(readFileSync(compiledBinding(context)));
  } catch {
    return false;
  }
}

/**
 * @param {Context} context
 * @returns {Promise<{ problem?: string, output: string }>}
 */
async function runOperation(context) {
  const result = await run(process.execPath, [PROGRAM], { cwd: context.root, env: context.env, timeoutSeconds: 180 });
  if (result.code !== 0) return { problem: "TensorFlow does not run", output: result.output };
  const { tensorflow, product } = JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "");
  if (JSON.stringify(product) !== "[58,64,139,154]")
    return { problem: `TensorFlow multiplies matrices wrongly (${product})`, output: result.output };
  if (nativeBuild(context) && tensorflow !== TENSORFLOW_VERSION)
    return { problem: `TensorFlow is version ${tensorflow} instead of ${TENSORFLOW_VERSION}`, output: result.output };
  return { output: "" };
}

/** @type {import("./context.mjs").Step} */
export const tensorflowCheck = {
  name: "tensorflow-check",
  title: () => "TensorFlow: run an operation",
  diskMegabytes: 1,
  isDone: (context) => context.stamps.matches("tensorflow-check", checkKey(context)) && isPlaced(context),
  async perform(context) {
    const key = checkKey(context);
    context.stamps.remove("tensorflow-check");
    if (nativeBuild(context)) {
      const place = placedBinding(context);
      mkdirSync(dirname(place), { recursive: true });
      copyFileSync(compiledBinding(context), `${place}.partial`);
      renameSync(`${place}.partial`, place);
    }
    const { problem, output } = await runOperation(context);
    if (problem) {
      // Whatever is wrong with the libraries or the binding, the next run makes them anew.
      context.stamps.remove("tensorflow");
      context.stamps.remove("binding");
      throw new SetupFailure(
        `${problem} on Node ${process.versions.node}: run the same command again to rebuild it; should that not help, delete the folder .native and try once more.`,
        { tool: "TensorFlow", output },
      );
    }
    context.stamps.write("tensorflow-check", { key });
  },
  async verify(context) {
    return (await runOperation(context)).problem === undefined;
  },
};
