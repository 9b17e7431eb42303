import { readFileSync } from "node:fs";
import { errorCode } from "./errors.js";

/** A process, told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own units; empty where that is not known. */
  started: string;
}

/** The process that we are. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: statusOf(process.pid)?.started ?? "" };
}

/** Whether a process of this machine still runs. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== "EPERM") return false;
  }
  const now = statusOf(pid);
  if (now === undefined) return true; // Not Linux: the number has to do.
  // In a container, a killed process may wait for ever for somebody to ask how it ended.
  return now.state !== "Z" && (started === "" || started === now.started);
}

/** What Linux says of a process. */
function statusOf(pid: number): { state: string; started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined;
  }
}
