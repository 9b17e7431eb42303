// What happens to a tool in the middle of its work, and what it leaves behind.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { CELL_TIMEOUT } from "./fault-run.mjs";
import { SmallCollection, notebooksOf, toolEnvironment } from "./copies.mjs";
import { observe } from "./observe.mjs";
import { ProcessFamily } from "./process-family.mjs";

/** Seconds after which a process that outlives its runner counts as left. */
const PATIENCE_SECONDS = 15;
const START_SECONDS = 60;

/** Small enough for a few outputs not to fit. */
const DISK_KILOBYTES = 128;

/**
 * Sends SIGKILL to the process that the person has started, while the second of three cells runs.
 *
 * @param {string} root of the checkout
 * @param {import("./tools.mjs").Tool} tool
 * @returns {Promise<{ left: string[], notebook: string }>} processes that are left, and what has become of the notebook
 */
export async function killed(root, tool) {
  const collection = new SmallCollection(root, "accident");
  collection.writeDay(1, [
    "1 + 1;",
    'import fs from "node:fs";\nfs.writeFileSync("running", "");\nawait new Promise((resolve) => setTimeout(resolve, 120_000));',
    "2 + 2;",
  ]);
  const before = collection.read(1);
  const { folder } = collection;
  const family = new ProcessFamily();
  const job = { root, folder, notebooks: notebooksOf([1]), cellTimeout: 300, saves: true };
  const environment = { ...toolEnvironment(root, folder, 1), ...family.environment };
  const running = join(dirname(collection.notebook(1)), "running");
  try {
    for (const { program, args } of tool.run(job)) {
      const child = spawn(program, args, { cwd: folder, env: environment, stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("close", resolve));
      let over = false;
      void ended.then(() => (over = true));
      for (let waited = 0; !over && !existsSync(running); waited += 0.1) {
        if (waited > START_SECONDS) throw new Error(`bench: ${tool.name} has not reached the second cell`);
        await sleep(100);
      }
      if (over) continue; // a command that only prepares
      child.kill("SIGKILL");
      await ended;
      const left = await family.left(PATIENCE_SECONDS);
      return { left, notebook: stateOf(before, collection.read(1)) };
    }
    throw new Error(`bench: ${tool.name} ended before it could be killed`);
  } finally {
    await family.end();
  }
}

/**
 * Saves a notebook whose outputs do not fit on its disk.
 *
 * @param {string} root of the checkout
 * @param {import("./tools.mjs").Tool} tool
 * @returns {Promise<{ code: number, notebook: string } | undefined>} undefined where no small disk can be made
 */
export async function diskFull(root, tool) {
  const mount = ["-rm", "sh", "-c"];
  if ((await execa("unshare", [...mount, "mount -t tmpfs tmpfs /mnt"], { reject: false })).failed) return undefined;
  const collection = new SmallCollection(root, "accident");
  collection.writeDay(1, [
    'import { lesson } from "@nn30/shared";\nconst day = lesson(1, { seed: 1 });\nday.claim("one", { what: "One", value: 1, equals: 1 });',
    "const text = 'z'.repeat(400_000);\nconsole.log(text);",
  ]);
  const before = collection.read(1);
  const { folder } = collection;
  const week = join(folder, "Week1");
  const job = { root, folder, notebooks: notebooksOf([1]), cellTimeout: CELL_TIMEOUT, saves: true };
  const quoted = (/** @type {string} */ word) => `'${word.replaceAll("'", `'\\''`)}'`;
  const commands = tool.run(job).map(({ program, args }) => [program, ...args].map(quoted).join(" "));
  // The small disk is seen by these processes only, and is gone with them: hence the copies in and out.
  const script = [
    `cp -r "$0" "$0.before" && mount -t tmpfs -o size=${DISK_KILOBYTES}k tmpfs "$0" && cp -r "$0.before/." "$0" || exit 99`,
    `${commands.join(" && ")}; code=$?`,
    'cp -r "$0" "$0.after"; exit $code',
  ].join("\n");
  const { code } = await observe([{ program: "unshare", args: [...mount, script, week] }], {
    folder,
    environment: toolEnvironment(root, folder, 1),
    limitSeconds: 90,
  });
  const after = join(`${week}.after`, collection.notebook(1).slice(week.length + 1));
  return { code, notebook: existsSync(after) ? stateOf(before, readFileSync(after, "utf8")) : "gone" };
}

/**
 * @param {string} before
 * @param {string} after
 */
function stateOf(before, after) {
  if (after === before) return "as it was";
  try {
    const { cells } = /** @type {{ cells: { execution_count: number | null }[] }} */ (JSON.parse(after));
    return cells.every(({ execution_count: count }) => count !== null) ? "whole" : "half executed";
  } catch {
    return "destroyed";
  }
}
