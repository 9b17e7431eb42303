import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { unlinkSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "./errors.js";
import { makeFolder, readIfPresent } from "./files.js";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity.js";

const POLL_MILLISECONDS = 200;

/** Who holds the lock. */
interface Holder extends ProcessIdentity {
  host: string;
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true; // Another machine on a shared disk: cannot be known from here.
  return isRunning(holder);
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
 * @param onWait called once, with a sentence about who is waited for, when there is need to wait
 * @returns releases the lock; safe to call in an exit handler
 */
export async function acquireLock(
  file: string,
  onWait: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<() => void> {
  const own = JSON.stringify({ ...ownIdentity(), host: hostname() } satisfies Holder);
  // Linking a finished file makes the lock appear with its content, or not at all.
  const prepared = `${file}.${process.pid}.${randomUUID()}`;
  try {
    await makeFolder(path.dirname(file));
    await writeFile(prepared, own);
  } catch (error) {
    await rm(prepared, { force: true }).catch(() => undefined);
    throw Object.assign(error as NodeJS.ErrnoException, { path: file });
  }
  try {
    for (let waited = false; !(await tryLink(prepared, file));) {
      const text = readIfPresent(file);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder === undefined || !isAlive(holder)) {
        await removeStale(file, text);
        continue;
      }
      if (!waited) onWait(waitingFor(holder, file));
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

function waitingFor({ pid, host }: Holder, file: string): string {
  if (host === hostname()) return `Waiting for another run (process ${pid}) to finish…`;
  // A container that is gone had a name of its own, too.
  return `Waiting for another run (process ${pid} on ${host}) to finish… If it is no longer there, remove ${file}`;
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
