// Puts each fault before each tool and reads what the tool says.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { SmallCollection, notebooksOf, toolEnvironment } from "./copies.mjs";
import { observe } from "./observe.mjs";

/**
 * How much a person, or a build that looks at exit codes, learns of a fault:
 *
 * - "cell": it fails, and names the notebook and shows the cell
 * - "notebook": it fails, and names the notebook
 * - "exit code": it fails, and does not say where
 * - "printed": its output tells, its exit code does not
 * - "hangs": it had to be ended
 * - "no"
 *
 * @typedef {"cell" | "notebook" | "exit code" | "printed" | "hangs" | "no"} Verdict
 */

/** Seconds that a cell may take. */
export const CELL_TIMEOUT = 10;
const LIMIT_SECONDS = 90;

/**
 * @param {import("./observe.mjs").Observation} observation
 * @param {{ notebook: string, place: string | undefined, confesses: RegExp | undefined }} expected
 * @returns {Verdict}
 */
export function verdict({ code, output, hangs }, { notebook, place, confesses }) {
  if (hangs) return "hangs";
  if (code === 0) return confesses?.test(output) ? "printed" : "no";
  const plain = stripVTControlCharacters(output);
  if (!plain.includes(basename(notebook))) return "exit code";
  return place !== undefined && plain.includes(place) ? "cell" : "notebook";
}

/**
 * @param {string} root of the checkout
 * @param {import("./tools.mjs").Tool} tool
 * @param {import("./faults.mjs").Fault} fault
 * @returns {Promise<Verdict>}
 * @throws {Error} when the run before the fault is not green: the comparison would mean nothing
 */
export async function tryFault(root, tool, { what, prepare, place, day = 1, later }) {
  const collection = new SmallCollection(root, "fault");
  prepare(collection);
  const { folder } = collection;
  const notebooks = notebooksOf([day]);
  const job = { root, folder, notebooks, cellTimeout: CELL_TIMEOUT, saves: false };
  const options = { folder, environment: toolEnvironment(root, folder, 1), limitSeconds: LIMIT_SECONDS };
  let commands = tool.run(job);
  if (later) {
    const before = await observe(tool.run({ ...job, saves: later.first === "save" }), options);
    if (before.code !== 0)
      throw new Error(`bench: ${what}: ${tool.name} fails before there is a fault\n${before.output}`);
    later.alter(collection);
    commands = later.then === "check" ? (tool.check ?? tool.run)(job) : tool.again(job);
  }
  const observation = await observe(commands, options);
  keep(root, `${what}, ${tool.name}`, observation);
  return verdict(observation, { notebook: notebooks[0].file, place, confesses: tool.confesses });
}

/**
 * Puts aside what a tool has printed, for those who doubt a verdict.
 *
 * @param {string} root of the checkout
 * @param {string} name
 * @param {import("./observe.mjs").Observation} observation
 */
function keep(root, name, { code, hangs, output }) {
  const folder = join(root, ".cache", "bench-runner", "printed");
  mkdirSync(folder, { recursive: true });
  const end = hangs ? "had to be ended" : `exit code ${code}`;
  writeFileSync(join(folder, `${name.replaceAll(/[^\w, ]/g, "")}.txt`), `${output}\n${end}\n`);
}
