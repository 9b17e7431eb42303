// All processes that a command has started, however they were detached: they carry a mark in their environment.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The part of Linux's /proc that tells who is there and what it takes. */
export class ProcessFamily {
  #mark = `bench-${randomUUID()}`;
  /** Whether a process belongs to us: its environment does not change. @type {Map<string, boolean>} */
  #known = new Map();

  /** To be added to the environment of what is started. */
  get environment() {
    return { BENCH_FAMILY: this.#mark };
  }

  /** Numbers of the processes that are alive. */
  processes() {
    return readdirSync("/proc").filter((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      const known = this.#known.get(pid);
      if (known === false) return false;
      const environment = read(`/proc/${pid}/environ`);
      const belongs = environment?.includes(this.#mark) ?? false;
      // A process that has just been forked may not have its new environment yet.
      if (environment) this.#known.set(pid, belongs);
      return belongs;
    });
  }

  /** Memory of all of them; what they share is counted once (Linux's proportional set size). */
  bytes() {
    let kilobytes = 0;
    for (const pid of this.processes()) {
      kilobytes += Number(read(`/proc/${pid}/smaps_rollup`)?.match(/^Pss:\s+(\d+) kB/m)?.[1] ?? 0);
    }
    return kilobytes * 1024;
  }

  /**
   * Waits for all to end.
   *
   * @param {number} seconds to wait at most
   * @returns {Promise<string[]>} what is left: the programs' names
   */
  async left(seconds) {
    for (let waited = 0; this.processes().length > 0 && waited < seconds; waited += 0.2) await sleep(200);
    return this.processes().map(nameOf);
  }

  /** Ends all of them, at once. */
  async end() {
    for (let attempt = 0; attempt < 50 && this.processes().length > 0; attempt++) {
      for (const pid of this.processes()) {
        try {
          process.kill(Number(pid), "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
      await sleep(100);
    }
  }
}

/** @param {string} pid */
function nameOf(pid) {
  const words = (read(`/proc/${pid}/cmdline`) ?? "").split("\0");
  return words.some((word) => word.includes("launch.js")) ? "kernel" : (words[0].split("/").pop() ?? "");
}

/**
 * @param {string} file
 * @returns {string | undefined} undefined when the process has ended or is not ours to read
 */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
