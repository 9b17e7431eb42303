// Child processes: run to the end, killed with all their children when set-up is stopped.

import { spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { Interrupted } from "./failure.mjs";
import { readText, writeWhole } from "./stamps.mjs";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [input] written to the child's standard input
 * @property {boolean} [showOutput] standard output goes to ours, standard error to both
 * @property {number} [timeoutSeconds] the child is killed after this time
 */

/**
 * @typedef {object} RunResult
 * @property {number} code exit status; 127 when the program could not be started, 124 when it ran out of time
 * @property {string} stdout empty where `showOutput` sent it to the terminal
 * @property {string} output standard output and error together
 */

const WINDOWS = process.platform === "win32";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** @type {NodeJS.Signals | undefined} */
let stopSignal;
/** @type {string | undefined} */
let recordFile;

/**
 * Time at which a process started, as the system tells it; undefined when there is no such process (any more).
 * A process id alone says little, because ids are used again.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  if (process.platform === "linux") {
    const stat = readText(`/proc/${pid}/stat`);
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields && fields[0] !== "Z" ? fields[19] : undefined;
  }
  if (WINDOWS) {
    try {
      process.kill(pid, 0);
      return "running";
    } catch {
      return undefined;
    }
  }
  return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() || undefined;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  try {
    if (WINDOWS) spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"]);
    else process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * From now on the running child is noted in a file, so that a later set-up can end it should this one be killed
 * without a chance to do so (SIGKILL, power cut).
 *
 * @param {string | undefined} file
 */
export function recordChildrenIn(file) {
  recordFile = file;
}

/**
 * Ends the process group that a killed set-up has left behind.
 *
 * @param {string} file
 */
export async function endRecordedChild(file) {
  const text = readText(file);
  try {
    const { pid, start } = JSON.parse(text ?? "{}");
    if (typeof pid === "number" && processStart(pid) === start) {
      killGroup(pid, "SIGKILL");
      for (let tries = 0; tries < 100 && processStart(pid) === start; tries++) await sleep(50);
    }
  } catch {
    // A half-written note tells nothing.
  }
  rmSync(file, { force: true });
}

/** @param {number} milliseconds */
export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Throws when a signal has asked set-up to stop. */
export function throwIfStopped() {
  if (stopSignal) throw new Interrupted(stopSignal);
}

/** Passes Ctrl-C and termination on to every child; a second signal, or three seconds, kills them. */
export function stopChildrenOnSignals() {
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      const again = stopSignal !== undefined;
      stopSignal ??= signal;
      for (const child of running) if (child.pid) killGroup(child.pid, again ? "SIGKILL" : "SIGTERM");
      setTimeout(() => {
        for (const child of running) if (child.pid) killGroup(child.pid, "SIGKILL");
      }, 3000).unref();
    });
  }
}

/**
 * Runs a program to its end. A failing program is a result, not an exception; a stopped set-up is an exception.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  throwIfStopped();
  const show = options.showOutput === true;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      // A group of its own, so that a signal reaches what the child itself has started.
      detached: !WINDOWS,
      // npm is a .cmd file on Windows, which only a shell runs.
      shell: WINDOWS && command.endsWith(".cmd"),
      stdio: [options.input === undefined ? "ignore" : "pipe", show ? "inherit" : "pipe", "pipe"],
    });
    running.add(child);
    if (recordFile && child.pid) {
      writeWhole(recordFile, JSON.stringify({ pid: child.pid, start: processStart(child.pid) }));
    }
    let stdout = "";
    let output = "";
    let timedOut = false;
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (show) process.stderr.write(text);
    });
    child.stdin?.on("error", () => undefined).end(options.input);
    const timer =
      options.timeoutSeconds &&
      setTimeout(() => {
        timedOut = true;
        if (child.pid) killGroup(child.pid, "SIGKILL");
      }, options.timeoutSeconds * 1000);
    /** @param {number} code */
    const finish = (code) => {
      if (timer) clearTimeout(timer);
      running.delete(child);
      if (recordFile) rmSync(recordFile, { force: true });
      if (stopSignal) reject(new Interrupted(stopSignal));
      else resolve({ code: timedOut ? 124 : code, stdout, output });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code, signal) => {
      if (signal && !timedOut) output += `\n(ended by ${signal})`;
      finish(code ?? 1);
    });
  });
}
