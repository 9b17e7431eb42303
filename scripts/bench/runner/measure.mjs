// Times the tools over the same notebooks, in turns.
import { copyOfCourse, notebooksOf, toolEnvironment } from "./copies.mjs";
import { observe } from "./observe.mjs";

/**
 * @typedef {object} Measurement
 * @property {string} tool
 * @property {number[]} cold seconds of the first run in a fresh copy
 * @property {number[]} warm seconds of the second one
 * @property {number[]} bytes the most memory that all processes of a cold run took together
 */

const LIMIT_SECONDS = 600;
const CELL_TIMEOUT = 300;

/**
 * Days that together are short, and of every kind: a perceptron, a network from scratch, a transformer on TensorFlow, and
 * two that read what other days have recorded. No one of them is so long that all the others wait for it.
 */
export const DAYS_TO_RUN = [1, 2, 7, 21, 27, 29];

/**
 * @param {string} root of the checkout
 * @param {import("./tools.mjs").Tool[]} tools
 * @param {{ days: readonly number[], turns: number, threads: number, say: (message: string) => void }} options
 * @returns {Promise<Measurement[]>}
 */
export async function measure(root, tools, { days, turns, threads, say }) {
  /** @type {Measurement[]} */
  const measurements = tools.map(({ name }) => ({ tool: name, cold: [], warm: [], bytes: [] }));
  for (let turn = 1; turn <= turns; turn++) {
    // Each turn begins with another tool, so that none is always the one that finds the machine cool.
    for (let i = 0; i < tools.length; i++) {
      const index = (i + turn - 1) % tools.length;
      const tool = tools[index];
      const folder = copyOfCourse(root, "course");
      const job = { root, folder, notebooks: notebooksOf(days), cellTimeout: CELL_TIMEOUT, saves: false };
      const options = { folder, environment: toolEnvironment(root, folder, threads), limitSeconds: LIMIT_SECONDS };
      const cold = green(tool, await observe(tool.run(job), options));
      measurements[index].cold.push(cold.seconds);
      measurements[index].bytes.push(cold.peakBytes);
      // A tool that remembers nothing does the same again: once is enough to see it.
      const again = tool.caches || turn === 1 ? green(tool, await observe(tool.again(job), options)) : undefined;
      if (again) measurements[index].warm.push(again.seconds);
      const warm = again ? `, again ${again.seconds.toFixed(1)} s` : "";
      const megabytes = (cold.peakBytes / 1e6).toFixed(0);
      say(`turn ${turn} of ${turns}, ${tool.name}: ${cold.seconds.toFixed(1)} s${warm}, ${megabytes} MB`);
    }
  }
  return measurements;
}

/**
 * @param {import("./tools.mjs").Tool} tool
 * @param {import("./observe.mjs").Observation} observation
 */
function green({ name, confesses }, observation) {
  const { code, hangs, output } = observation;
  if (code === 0 && !hangs && !confesses?.test(output)) return observation;
  throw new Error(`bench: ${name} did not pass the notebooks (exit code ${code}):\n${output.slice(-3000)}`);
}
