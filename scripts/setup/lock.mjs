// One set-up at a time in a checkout.

import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { processStart, sleep, throwIfStopped } from "./processes.mjs";
import { readText } from "./stamps.mjs";

/**
 * @param {string} path
 * @param {string} text
 * @returns {boolean} false when the file exists already
 */
function createWhole(path, text) {
  const partial = `${path}.${process.pid}.partial`;
  try {
    // A hard link appears with its content at once: nobody ever reads an empty lock.
    writeFileSync(partial, text);
    linkSync(partial, path);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  try {
    // File systems without hard links.
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {{ pid: number, alive: boolean } | undefined} undefined when nobody holds the lock
 */
function holderOf(path) {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const { pid, start } = JSON.parse(text);
    return { pid, alive: start !== undefined && processStart(pid) === start };
  } catch {
    return { pid: 0, alive: false };
  }
}

/**
 * Removes the lock of a process that is gone. Only one waiter at a time may do so: otherwise the second could
 * remove the lock that the first has just taken.
 *
 * @param {string} path
 */
function removeStale(path) {
  const guard = `${path}.takeover`;
  if (createWhole(guard, identity())) {
    try {
      if (holderOf(path)?.alive === false) rmSync(path, { force: true });
    } finally {
      rmSync(guard, { force: true });
    }
  } else if (holderOf(guard)?.alive === false) {
    rmSync(guard, { force: true }); // Left by a process that was killed in between.
  }
}

/** Who we are: a process id alone says little, because ids are used again. */
function identity() {
  return JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
}

/**
 * Waits for the lock and takes it. The lock of a dead process is taken over.
 *
 * @param {string} path
 * @param {(pid: number) => void} onWait called once, when somebody else holds it
 * @returns {Promise<() => void>} gives it back
 */
export async function takeLock(path, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identity();
  let told = false;
  while (!createWhole(path, mine)) {
    throwIfStopped();
    const holder = holderOf(path);
    if (holder?.alive === false) {
      removeStale(path);
      if (holderOf(path)?.alive !== false) continue;
    } else if (holder && !told) {
      told = true;
      onWait(holder.pid);
    }
    await sleep(holder?.alive ? 250 : 20);
  }
  return () => {
    if (readText(path) === mine) rmSync(path, { force: true });
  };
}
