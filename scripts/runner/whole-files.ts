import { rmSync } from "node:fs";
import { open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { isRunning, ownIdentity } from "./process-identity.js";

/** What a file is to hold. */
export interface FileContent {
  file: string;
  content: string | Uint8Array;
}

/** Content that is complete, beside the place where it belongs. */
interface Staged {
  partial: string;
  target: string;
}

/** What this process has not put in its place yet: removed even when it is told to end at once. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const partial of unfinished) rmSync(partial, { force: true });
});
let count = 0;

/**
 * Writes files whole, and all of them or none: each is written beside its place, and the places are taken when the last
 * one is complete. A full disk, a kill or a power cut leaves what was there before.
 *
 * This is not left to the package write-file-atomic: it takes a part that the system has accepted for the whole (that is
 * how a disk fills up) and puts it in the place of the good file, without an error.
 *
 * @throws the system's error, with the file it is about
 */
export async function writeWhole(...files: readonly FileContent[]): Promise<void> {
  const staged: Staged[] = [];
  try {
    for (const file of files) staged.push(await stage(file));
    for (const { partial, target } of staged) await rename(partial, target);
  } finally {
    await Promise.all(staged.map(({ partial }) => discard(partial)));
  }
}

async function stage({ file, content }: FileContent): Promise<Staged> {
  // A link stays a link.
  const target = await realpath(file).catch(() => file);
  const { pid, started } = ownIdentity();
  const partial = `${target}.${pid}-${started}-${++count}.partial`;
  unfinished.add(partial);
  try {
    const before = await stat(target).catch(() => undefined);
    const handle = await open(partial, "w");
    try {
      await handle.writeFile(content);
      if (before !== undefined) {
        await handle.chmod(before.mode & 0o7777);
        // Who may not give files away owns them anyway, or has them from a group.
        await handle.chown(before.uid, before.gid).catch(() => undefined);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await discard(partial);
    throw Object.assign(error as NodeJS.ErrnoException, { path: file });
  }
  return { partial, target };
}

async function discard(partial: string): Promise<void> {
  await rm(partial, { force: true }).catch(() => undefined);
  unfinished.delete(partial);
}

/** Removes what killed processes have left of the files that they were writing in a folder. */
export async function removePartial(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, started] = /\.(\d+)-(\d*)-\d+\.partial$/.exec(name) ?? [];
    const file = path.join(folder, name);
    if (pid === undefined || unfinished.has(file) || isRunning({ pid: Number(pid), started })) continue;
    await rm(file, { force: true });
  }
}
