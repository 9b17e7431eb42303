// A contender is a process that trains one epoch whenever it is asked to and says how long that took.
import { createInterface } from "node:readline";
import { execa } from "execa";

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {Record<string, unknown>} about versions, as the process reported them
 * @property {() => Promise<number>} epoch trains one epoch; its seconds
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a contender and waits until it is ready.
 *
 * @param {string} name for errors and tables
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<Contender>}
 */
export async function startContender(name, program, args) {
  const child = execa(program, args, {
    stdin: "pipe",
    buffer: { stdout: false },
    env: { TF_CPP_MIN_LOG_LEVEL: "3" },
    reject: false,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** @returns {Promise<Record<string, unknown>>} */
  const answer = async () => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    const { stderr, exitCode } = await child;
    throw new Error(`${name} ended with code ${exitCode}:\n${String(stderr).split("\n").slice(-15).join("\n")}`);
  };
  const about = await answer();
  return {
    name,
    about,
    epoch: async () => {
      child.stdin.write("epoch\n");
      const { seconds } = await answer();
      if (typeof seconds !== "number") throw new TypeError(`${name}: expected seconds but got ${String(seconds)}`);
      return seconds;
    },
    stop: async () => {
      child.stdin.end();
      await child;
    },
  };
}

/**
 * Lets contenders train an epoch each in turns, so that whatever else the machine does meets all of them.
 *
 * @param {Contender[]} contenders
 * @param {{ warmUp: number, repeats: number, onTurn: (turn: number) => void }} options
 * @returns {Promise<number[][]>} seconds, a list for each contender
 */
export async function inTurns(contenders, { warmUp, repeats, onTurn }) {
  /** @type {number[][]} */
  const seconds = contenders.map(() => []);
  for (let turn = 1 - warmUp; turn <= repeats; turn++) {
    onTurn(turn);
    for (const [i, contender] of contenders.entries()) {
      const time = await contender.epoch();
      if (turn > 0) seconds[i].push(time);
    }
  }
  return seconds;
}
