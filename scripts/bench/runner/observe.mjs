// Runs a tool's commands and says how long they took, what memory they needed and what they printed.
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";
import { execa } from "execa";
import { ProcessFamily } from "./process-family.mjs";

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} args
 */

/**
 * @typedef {object} Observation
 * @property {number} code exit code of the first command that failed, else 0
 * @property {number} seconds
 * @property {number} peakBytes of all processes together
 * @property {string} output
 * @property {boolean} hangs it had to be ended
 */

const SAMPLE_MILLISECONDS = 500;

/**
 * Runs commands one after the other, until one fails. All that they have started is ended with them.
 *
 * @param {Command[]} commands
 * @param {{ folder: string, environment: NodeJS.ProcessEnv, limitSeconds: number }} options
 * @returns {Promise<Observation>}
 */
export async function observe(commands, { folder, environment, limitSeconds }) {
  const family = new ProcessFamily();
  let peakBytes = 0;
  let output = "";
  let code = 0;
  let hangs = false;
  const sampler = setInterval(() => (peakBytes = Math.max(peakBytes, family.bytes())), SAMPLE_MILLISECONDS);
  const started = performance.now();
  const limit = setTimeout(() => {
    hangs = true;
    void family.end();
  }, limitSeconds * 1000);
  let seconds;
  try {
    for (const { program, args } of commands) {
      const result = await execa(program, args, {
        cwd: folder,
        env: { ...environment, ...family.environment },
        extendEnv: false,
        stdin: "ignore",
        all: true,
        reject: false,
      });
      output += result.all;
      code = result.exitCode ?? 1;
      if (code !== 0) break;
    }
    seconds = (performance.now() - started) / 1000;
  } finally {
    clearInterval(sampler);
    clearTimeout(limit);
    await family.end();
  }
  return { code, seconds, peakBytes, output, hangs };
}
