import { setInterval } from "node:timers";
import { workerData } from "node:worker_threads";

/**
 * Runs in a thread of its own, so that it also works while a cell computes or loops for ever: ends the process when
 * the program that started the kernel is gone.
 */

const { parent } = workerData as { parent: number };
const firstParent = process.ppid;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function check(): void {
  if (process.ppid === firstParent && isAlive(parent)) return;
  process.kill(process.pid, "SIGKILL");
}

check();
setInterval(check, 500);
