import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { takeLock } from "../../scripts/setup/lock.mjs";
import { endRecordedChild, processStart } from "../../scripts/setup/processes.mjs";
import { repository } from "./fake-checkout.js";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nn30-lock-"));
  lock = join(folder, "lock");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The id of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

it("is given back", async () => {
  const giveBack = await takeLock(lock, () => undefined);
  expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: process.pid });
  giveBack();
  expect(existsSync(lock)).toBe(false);
});

it("makes the second wait for the first, and says for whom", async () => {
  const giveBack = await takeLock(lock, () => undefined);
  const told: number[] = [];
  const second = takeLock(lock, (pid) => {
    told.push(pid);
    giveBack();
  });
  (await second)();
  expect(told).toEqual([process.pid]);
});

it.each([
  ["a dead process", () => JSON.stringify({ pid: deadProcess(), start: "1" })],
  ["a process whose id is used again", () => JSON.stringify({ pid: process.pid, start: "long ago" })],
  ["nobody that can be read", () => "{"],
])("is taken over from %s", async (_, content) => {
  writeFileSync(lock, content());
  let waited = false;
  const giveBack = await takeLock(lock, () => (waited = true));
  expect(waited).toBe(false);
  expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: process.pid });
  giveBack();
});

it("lets one in at a time, also when many find a stale lock at once", async () => {
  writeFileSync(lock, JSON.stringify({ pid: deadProcess(), start: "1" }));
  const journal = join(folder, "journal");
  const program = `
    import { appendFileSync } from "node:fs";
    const { takeLock } = await import(process.argv[1]);
    for (let turn = 0; turn < 5; turn++) {
      const giveBack = await takeLock(process.argv[2], () => undefined);
      appendFileSync(process.argv[3], "in " + process.pid + "\\n");
      await new Promise((resolve) => setImmediate(resolve));
      appendFileSync(process.argv[3], "out " + process.pid + "\\n");
      giveBack();
    }`;
  const module = pathToFileURL(join(repository, "scripts", "setup", "lock.mjs")).href;
  const codes = await Promise.all(
    Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, module, lock, journal]);
      return new Promise((resolve) => child.on("close", resolve));
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(journal, "utf8").trim().split("\n");
  expect(lines).toHaveLength(40);
  for (let line = 0; line < lines.length; line += 2) {
    expect(lines[line + 1]).toBe(lines[line].replace("in ", "out "));
  }
});

it("ends what a killed set-up left running, and only that", async () => {
  const note = join(folder, "child.json");
  const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  const ended = new Promise((resolve) =>
    left.on("exit", (_code, signal) => {
      resolve(signal);
    }),
  );
  const pid = left.pid ?? 0;

  writeFileSync(note, JSON.stringify({ pid, start: "another time" }));
  await endRecordedChild(note);
  expect(processStart(pid)).toBeDefined();
  expect(existsSync(note)).toBe(false);

  writeFileSync(note, JSON.stringify({ pid, start: processStart(pid) }));
  await endRecordedChild(note);
  expect(await ended).toBe("SIGKILL");
  expect(processStart(pid)).toBeUndefined();
});
