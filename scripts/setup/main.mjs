// The order of set-up, its options and its end.

import { accessSync, constants, rmSync } from "node:fs";
import { constants as system } from "node:os";
import { fileURLToPath } from "node:url";
import { compileKernels } from "./compile-kernels.mjs";
import { compileSources } from "./compile-sources.mjs";
import { clearTemporary, createContext } from "./context.mjs";
import { dataPackages } from "./data-packages.mjs";
import { fashionMnist } from "./fashion-mnist.mjs";
import { Interrupted, SetupFailure, explain, lastLines } from "./failure.mjs";
import { kernelSpec } from "./kernel-spec.mjs";
import { takeLock } from "./lock.mjs";
import { npmPackages } from "./npm-packages.mjs";
import { checkPrerequisites } from "./prerequisites.mjs";
import { endRecordedChild, recordChildrenIn, stopChildrenOnSignals, throwIfStopped } from "./processes.mjs";
import { pythonPackages } from "./python-packages.mjs";
import { tensorflowBinding } from "./tensorflow-binding.mjs";
import { tensorflowCheck } from "./tensorflow-check.mjs";
import { tensorflowLibraries } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {import("./context.mjs").Step} Step */

/** In the order in which they need each other. */
const STEPS = [
  npmPackages,
  pythonPackages,
  tensorflowLibraries,
  tensorflowBinding,
  tensorflowCheck,
  dataPackages,
  fashionMnist,
  compileSources,
  compileKernels,
  kernelSpec,
];

const HELP = `Usage: node scripts/setup.mjs [options]

Installs what this checkout lacks, all of it inside the checkout: npm packages, a Python environment with
JupyterLab (.venv), TensorFlow for Node (.native), data sets and pre-trained models (.data), the compiled helper
package, and the Jupyter kernel. Prints nothing and ends at once when nothing is missing.

Options:
  --verify   read everything that was installed, and repair what is damaged
  --verbose  show what the tools print, and steps that are up to date
  --quiet    print errors only
  --help     show this text

Environment:
  NN30_PYTHON  the Python to use (3.10 or newer), instead of the first suitable one on PATH
  CXX          the C++ compiler to use, instead of c++, g++ or clang++
  Settings of pip, npm and proxies (PIP_INDEX_URL, npm_config_registry, HTTPS_PROXY, …) apply as usual.
`;

/**
 * @param {string[]} args
 * @returns {{ verify: boolean, help: boolean, loudness: import("./report.mjs").Loudness }}
 */
export function parseOptions(args) {
  const known = ["--verify", "--verbose", "--quiet", "--help", "-h"];
  const unknown = args.find((argument) => !known.includes(argument));
  if (unknown !== undefined)
    throw new SetupFailure(`${unknown} is no option of set-up: \`node scripts/setup.mjs --help\` lists them.`);
  return {
    verify: args.includes("--verify"),
    help: args.includes("--help") || args.includes("-h"),
    loudness: args.includes("--verbose") ? "verbose" : args.includes("--quiet") ? "quiet" : "normal",
  };
}

/**
 * Does, in order, what is to be done.
 *
 * @param {Context} context
 * @param {Step[]} steps
 * @param {{ verify: boolean }} options
 */
export async function performSteps(context, steps, { verify }) {
  const pending = steps.filter((step) => !step.isDone(context));
  if (pending.length > 0) await checkPrerequisites(context, pending);
  for (const [index, step] of steps.entries()) {
    throwIfStopped();
    const position = `[${index + 1}/${steps.length}]`;
    let done = step.isDone(context);
    if (done && verify && step.verify) {
      context.report.begin(`${position} ${step.title(context).split(":")[0]}: check`);
      done = await step.verify(context);
      context.report.done();
      if (!done) context.report.note("damaged: doing it again");
    } else if (done) {
      context.report.detail(`${position} ${step.title(context).split(":")[0]}: up to date`);
    }
    if (done) continue;
    context.report.begin(`${position} ${step.title(context)}`);
    await step.perform(context);
    context.report.done();
  }
}

/**
 * Prints a failure as one sentence and the last lines of the tool that failed.
 *
 * @param {unknown} error
 * @param {Context} context
 * @returns {number} exit status
 */
function tell(error, context) {
  context.report.closeLine();
  if (error instanceof Interrupted) {
    console.error("set-up: stopped; the next run goes on from here.");
    return 128 + system.signals[error.signal];
  }
  const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
  const failure =
    error instanceof SetupFailure
      ? error
      : ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(code)
        ? new SetupFailure(explain("set-up", String(error), context), { tool: "set-up", output: String(error) })
        : undefined;
  if (!failure) throw error;
  console.error(`set-up: ${failure.message}`);
  const lines = lastLines(failure.output);
  if (lines.length > 0) console.error(`\nLast lines of ${failure.tool}:\n  ${lines.join("\n  ")}`);
  return 1;
}

/**
 * @param {string[]} args command line options
 * @param {string} [root] the checkout
 * @returns {Promise<number>} exit status
 */
export async function main(args, root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "")) {
  let context = createContext(root, "normal");
  let giveBack = () => undefined;
  try {
    const options = parseOptions(args);
    if (options.help) {
      console.log(HELP);
      return 0;
    }
    context = createContext(root, options.loudness);
    const nothingToDo = STEPS.every((step) => step.isDone(context));
    if (nothingToDo && !options.verify && options.loudness !== "verbose") return 0;

    // Before anything is begun. (Where it makes folders, Node would call a read-only disk a missing folder.)
    accessSync(root, constants.W_OK);
    stopChildrenOnSignals();
    giveBack = /** @type {() => undefined} */ (
      await takeLock(context.path(".cache", "setup", "lock"), (pid) =>
        context.report.note(`another set-up is running in this checkout (process ${pid}): waiting for it`),
      )
    );
    const child = context.path(".cache", "setup", "child.json");
    await endRecordedChild(child);
    recordChildrenIn(child);
    clearTemporary(context);
    await performSteps(context, STEPS, options);
    rmSync(context.path(".cache", "tmp"), { recursive: true, force: true });
    return 0;
  } catch (error) {
    return tell(error, context);
  } finally {
    giveBack();
  }
}
