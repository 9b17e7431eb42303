// What the machine must bring: Python with venv, npm, and room on the disk. (Node is looked at before this is loaded.)

import { statfsSync } from "node:fs";
import { SetupFailure } from "./failure.mjs";
import { run } from "./processes.mjs";
import { findPrograms } from "./programs.mjs";

const OLDEST_PYTHON = [3, 10];
const NEWEST_TRIED_PYTHON = 14;

/**
 * @typedef {object} PythonFound
 * @property {string} path the interpreter itself, not a shim
 * @property {[number, number, number]} version
 * @property {boolean} venv whether it can make a virtual environment with pip in it
 */

/** Runs on any Python, also on version 2, so that an old one can be named. */
const PROBE = `
import json, sys
def has(name):
    try:
        __import__(name)
        return True
    except ImportError:
        return False
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "venv": has("venv") and has("ensurepip")}))
`;

/**
 * @param {string[]} command
 * @param {import("./context.mjs").Context} context
 * @returns {Promise<PythonFound | undefined>} undefined when it is no Python that runs
 */
async function probe(command, context) {
  const result = await run(command[0], [...command.slice(1), "-c", PROBE], {
    env: context.env,
    cwd: context.root,
    timeoutSeconds: 20,
  });
  if (result.code !== 0) return undefined;
  try {
    return JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/**
 * What to look for, best first. Every `python3` on PATH is tried, because the first may be a shim without a Python
 * behind it or one that is too old.
 *
 * @param {import("./context.mjs").Context} context
 * @returns {string[][]}
 */
export function pythonCandidates(context) {
  const chosen = context.env.NN30_PYTHON;
  if (chosen) return [[chosen]];
  const names = ["python3", "python"];
  for (let minor = NEWEST_TRIED_PYTHON; minor >= OLDEST_PYTHON[1]; minor--) names.push(`python3.${minor}`);
  const commands = names.flatMap((name) => findPrograms(name, context.env, context.platform)).map((path) => [path]);
  if (context.platform === "win32") {
    commands.push(...findPrograms("py", context.env, "win32").map((path) => [path, "-3"]));
  }
  return commands;
}

/**
 * The first Python that serves, or the sentence about what is missing.
 *
 * @param {import("./context.mjs").Context} context
 * @returns {Promise<PythonFound>}
 * @throws {SetupFailure} no Python, too old, or without venv
 */
export async function findPython(context) {
  /** @type {PythonFound[]} */
  const found = [];
  for (const command of pythonCandidates(context)) {
    const python = await probe(command, context);
    if (!python) continue;
    if (isNewEnough(python) && python.venv) return python;
    found.push(python);
  }
  throw new SetupFailure(pythonProblem(found, context));
}

/** @param {PythonFound} python */
function isNewEnough({ version: [major, minor] }) {
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/**
 * @param {PythonFound[]} found every Python that runs but does not serve
 * @param {import("./context.mjs").Context} context
 * @returns {string}
 */
export function pythonProblem(found, context) {
  const apt = findPrograms("apt-get", context.env, context.platform).length > 0;
  const install = apt
    ? "`sudo apt-get install python3 python3-venv`"
    : context.platform === "darwin"
      ? "`brew install python`, or the installer from python.org"
      : context.platform === "win32"
        ? "`winget install Python.Python.3.13`, or the installer from python.org"
        : "your system's package manager or the installer from python.org";
  const withoutVenv = found.find(isNewEnough);
  if (withoutVenv) {
    const [major, minor] = withoutVenv.version;
    return `Python ${withoutVenv.version.join(".")} (${withoutVenv.path}) lacks the modules venv and ensurepip: ${
      apt
        ? `install them with \`sudo apt-get install python3-venv\` (or python${major}.${minor}-venv)`
        : `install a complete Python with ${install}`
    }, then run the same command again.`;
  }
  const needed = OLDEST_PYTHON.join(".");
  const [old] = found;
  if (old)
    return `Python ${old.version.join(".")} (${old.path}) is too old, Python ${needed} or newer is needed: install one with ${install}, or name one in the environment variable NN30_PYTHON, then run the same command again.`;
  if (context.env.NN30_PYTHON)
    return `NN30_PYTHON names ${context.env.NN30_PYTHON}, which is no Python that runs: set it to the path of a Python ${needed} or newer, or unset it, then run the same command again.`;
  return `Python is not found on PATH, and version ${needed} or newer is needed: install it with ${install}, then run the same command again.`;
}

/**
 * @param {number} neededMegabytes
 * @param {number} freeMegabytes
 * @param {string} root
 * @returns {string | undefined} a sentence when there is too little room
 */
export function diskProblem(neededMegabytes, freeMegabytes, root) {
  if (freeMegabytes >= neededMegabytes) return undefined;
  /** @param {number} megabytes */
  const gigabytes = (megabytes) => `${(megabytes / 1000).toFixed(1)} GB`;
  return `The disk has too little room: set-up needs ${gigabytes(neededMegabytes)} in ${root} and ${gigabytes(
    freeMegabytes,
  )} are free; make room or move the checkout to another disk, then run the same command again.`;
}

/**
 * Checks the machine for the steps that are to be done, before anything is downloaded.
 *
 * @param {import("./context.mjs").Context} context
 * @param {import("./context.mjs").Step[]} steps
 */
export async function checkPrerequisites(context, steps) {
  const { bavail, bsize } = statfsSync(context.root);
  const needed = steps.reduce((sum, step) => sum + step.diskMegabytes, 0);
  const problem = diskProblem(needed, (bavail * bsize) / 1e6, context.root);
  if (problem) throw new SetupFailure(problem);
  if (steps.some((step) => step.name === "python")) {
    const python = await findPython(context);
    context.python = { path: python.path, version: python.version.join(".") };
    context.report.detail(`Python ${context.python.version}: ${context.python.path}`);
  }
}
