import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { readFileSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "./errors.js";
import { readIfPresent } from "./files.js";

const POLL_MILLISECONDS = 200;

interface Holder {
  pid: number;
  host: string;
  /** When the process started, in the system's own units: tells it from a later one with the same number. */
  started: string;
}

/** When a process started, as Linux counts it; empty where that is not known. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return "";
  }
}

function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true; // Another machine on a shared disk: cannot be known from here.
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== "EPERM") return false;
  }
  const now = startOf(pid);
  return started === "" || now === "" || started === now;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    if (typeof value.pid === "number" && typeof value.host === "string" && typeof value.started === "string") {
      return { pid: value.pid, host: value.host, started: value.started };
    }
  } catch {
    // Not written by us: nobody can hold it.
  }
  return undefined;
}

/**
 * One run at a time works on a collection: the second one waits, and then finds most of its work in the cache. The lock
 * of a process that no longer exists is taken over.
 *
 * @param onWait called once, with the process that holds the lock, when there is need to wait
 * @returns releases the lock; safe to call in an exit handler
 */
export async function acquireLock(
  file: string,
  onWait: (pid: number) => void,
  signal?: AbortSignal,
): Promise<() => void> {
  await mkdir(path.dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Holder);
  // Linking a finished file makes the lock appear with its content, or not at all.
  const prepared = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(prepared, own);
  try {
    for (let waited = false; !(await tryLink(prepared, file));) {
      const text = readIfPresent(file);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder === undefined || !isAlive(holder)) {
        await removeStale(file, text);
        continue;
      }
      if (!waited) onWait(holder.pid);
      waited = true;
      await sleep(POLL_MILLISECONDS, undefined, { signal });
    }
  } finally {
    await rm(prepared, { force: true });
  }
  return () => {
    if (readIfPresent(file) === own) unlinkSync(file);
  };
}

async function tryLink(prepared: string, file: string): Promise<boolean> {
  try {
    await link(prepared, file);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Two runs may find the same stale lock; the slower one must not remove the lock that the faster one has taken. */
async function removeStale(file: string, expected: string): Promise<void> {
  const aside = `${file}.stale.${process.pid}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== expected) await tryLink(aside, file);
  await rm(aside, { force: true });
}
