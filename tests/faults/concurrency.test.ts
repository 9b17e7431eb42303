import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claiming, finished, printed, TestCollection } from "../runner/collection.js";

// Set-ups: tests/setup/lock.test.ts and complete-set-up.test.ts. One run that waits for another: tests/runner.
describe.skipIf(process.platform !== "linux")("runs at the same time", () => {
  const lock = ".cache/verify.lock";
  let collection: TestCollection;
  beforeEach(() => {
    collection = new TestCollection("concurrency");
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, "'done'"]);
  });
  afterEach(async () => {
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.files().filter((file) => /partial|verify\.lock/.test(file))).toEqual([]);
  });

  it("that save, and all find the lock of a dead process: one at a time, and the others find it done", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    collection.write(lock, JSON.stringify({ pid, host: hostname(), started: "1" }));
    const runs = await Promise.all([1, 2, 3].map(() => collection.verify(["1", "--save"])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const statuses = runs.map(({ output }) => /^ {2}1 .* (passed \(saved\)|cached)/m.exec(output)?.[1]);
    expect(statuses.sort()).toEqual(["cached", "cached", "passed (saved)"]);
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    expect(await collection.verify(["--check", "1"])).toMatchObject({ code: 0 });
  });

  it.each([
    ["a process whose number is used again", JSON.stringify({ pid: process.pid, host: hostname(), started: "1" })],
    ["nobody who can be made out", "{"],
  ])("do not wait for %s", async (_who, content) => {
    collection.write(lock, content);
    const { code, output } = await collection.verify(["1"]);
    expect([code, output]).toEqual([0, expect.not.stringContaining("Waiting")]);
  });

  it("do not wait for a killed process that nobody has asked how it ended", async () => {
    // Its parent does not ask, so that the process stays in the table, as it may in a container.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    const fields = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    while (fields()[2] !== "Z") await setImmediate();
    collection.write(lock, JSON.stringify({ pid, host: hostname(), started: fields()[21] }));
    const { code, output } = await collection.verify(["1"]);
    expect([code, output]).toEqual([0, expect.not.stringContaining("Waiting")]);
    parent.kill("SIGKILL");
  });

  it("wait for another machine's, which cannot be asked, and say what to do if it is gone", async () => {
    collection.write(lock, JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
    const child = collection.start(["1"]);
    const end = finished(child);
    await printed(
      child,
      `(process 1 on elsewhere) to finish… If it is no longer there, remove ${collection.path(lock)}`,
    );
    rmSync(collection.path(lock));
    expect(await end).toMatchObject({ code: 0 });
  });

  it("can be told not to wait", async () => {
    collection.write(lock, JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
    const child = collection.start(["1"]);
    const end = finished(child);
    await printed(child, "Waiting for another run");
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130 });
    rmSync(collection.path(lock));
  });
});
