import { spawn } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { INSTALLATION } from "../../scripts/runner/paths.js";
import { claiming, finished, TestCollection } from "../runner/collection.js";
import { fakeCheckout } from "../setup/fake-checkout.js";
import { CANNOT_MOUNT, MountNamespace } from "./namespace.js";

const FOLDER = path.join(INSTALLATION, ".cache", "test-runner", "disk-full");
mkdirSync(FOLDER, { recursive: true });
// The disk has 3 MB: a collection of one small day, and its cache, take less than one.
const mounts =
  process.platform === "linux" ? await MountNamespace.create('mount -t tmpfs -o size=3m none "$1"', FOLDER) : undefined;

/** Fills the disk, but for so many bytes as the file `spare` says; without such a file, it does nothing. */
const FILL = `
import * as fs from "node:fs";
if (fs.existsSync("../../spare")) {
  const { bavail, bsize } = fs.statfsSync(".");
  fs.writeFileSync("../../filler", Buffer.alloc(bavail * bsize - Number(fs.readFileSync("../../spare", "utf8"))));
}`;
/** What this prints, 200 kB, has to be written twice: into the executed copy, and into the notebook. */
const PRINT = `console.log("x".repeat(200_000));`;

describe.skipIf(mounts === undefined)(`a disk that fills up${mounts ? "" : ` (not tested: ${CANNOT_MOUNT})`}`, () => {
  let collection: TestCollection;
  let committed: Record<string, string>;

  const write = (shown: string) =>
    collection.writeDay(1, [
      claiming(1, [{ id: "one", value: shown.length }]),
      { source: `"${shown}";`, tags: ["key"] },
      PRINT,
      FILL,
    ]);
  const spare = (bytes: number) => writeFileSync(collection.path("spare"), String(bytes));
  const makeRoom = () => ["filler", "spare"].forEach((name) => rmSync(collection.path(name), { force: true }));
  const snapshot = (): Record<string, string> => {
    // Badge and tracker say that the changed day has not passed yet.
    return Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => file.startsWith("Week")));
  };

  beforeAll(async () => {
    collection = new TestCollection("disk-full", mounts?.place(FOLDER));
    write("first");
    expect(await collection.verify(["1", "--save"])).toMatchObject({ code: 0 });
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    // Code and claims change, so that saving has to write both files anew.
    write("second");
    committed = snapshot();
  });
  beforeEach(makeRoom);
  afterAll(async () => {
    expect(await collection.leftovers()).toEqual([]);
    await mounts?.close();
  });

  function expectNothingChanged(): void {
    expect(snapshot()).toEqual(committed);
    expect(collection.read("README.md")).toMatch(/^# A collection[^]*After\.\n$/);
    expect(collection.files().filter((file) => file.includes("partial"))).toEqual([]);
  }

  it("while a notebook is saved: notebook and results stay as they were", async () => {
    // Room for the copy, the results and a part of the notebook: the system takes that part without an error.
    spare(300_000);
    const { code, output } = await collection.verify(["1", "--save"]);
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(
        `${collection.root}/${collection.notebook(1)}: the disk is full; make room, then run the same command again`,
      ),
    ]);
    expect(output).toContain("executed copy: .cache/runs/day01-failed/");
    expectNothingChanged();
  });

  it("while the executed copy is written", async () => {
    spare(50_000);
    const { code, output } = await collection.verify(["1", "--save"]);
    expect(code).toBe(1);
    expect(output).toMatch(/its executed copy could not be written: .*No space left on device/);
    expect(output).toContain("→ the disk is full: make room, then run the same command again");
    expectNothingChanged();
  });

  it("while the helper package writes", async () => {
    collection.write(".cache/kept", "kept");
    const { bavail, bsize } = statfsSync(collection.path());
    writeFileSync(collection.path("filler"), Buffer.alloc(bavail * bsize - 50_000));
    const program = `require(process.argv[1]).writeWholeFile(process.argv[2], "x".repeat(100_000))`;
    const compiled = path.join(INSTALLATION, "shared", "dist", "data", "whole-file.js");
    const [command, ...args] = [...collection.place.through, process.execPath, "-e", program, compiled];
    const { code, output } = await finished(spawn(command, [...args, path.join(collection.root, ".cache", "kept")]));
    expect([code, output]).toEqual([1, expect.stringContaining("ENOSPC")]);
    expect(collection.read(".cache/kept")).toBe("kept");
    expectNothingChanged();
  });

  it("before a run begins", async () => {
    writeFileSync(collection.path("spare"), "");
    expect(() => writeFileSync(collection.path("filler"), Buffer.alloc(4_000_000))).toThrow("ENOSPC");
    const { code, output } = await collection.verify(["1"]);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^verify: \S+\/\.cache\/verify\.lock: the disk is full; make room, .*\n$/),
    ]);
    expectNothingChanged();
  });

  it("before set-up begins", async () => {
    const checkout = fakeCheckout();
    const small = path.join(path.dirname(checkout.root), "small");
    mkdirSync(small);
    const disk = await MountNamespace.create(
      'mount -t tmpfs -o size=3m none "$2"; cp -r "$1/." "$2"',
      checkout.root,
      small,
    );
    const [command, ...args] = [...(disk?.place(small).through ?? []), process.execPath];
    const environment = { env: { PATH: process.env.PATH } };
    const { code, output } = await finished(
      spawn(command, [...args, path.join(small, "scripts", "setup.mjs")], environment),
    );
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^set-up: The disk has too little room: set-up needs [\d.]+ GB in .*; make room or move/),
    ]);
    await disk?.close();
    checkout.remove();
  });

  it("with room made, the next run completes; so does an export that found none", async () => {
    expect(await collection.verify(["1", "--save"])).toMatchObject({ code: 0 });
    expect(collection.read(collection.notebook(1))).toContain("second");
    expect(collection.read(collection.results(1))).toContain('"value":6');

    const before = snapshot();
    expect(() => writeFileSync(collection.path("filler"), Buffer.alloc(4_000_000))).toThrow("ENOSPC");
    const { code, output } = await collection.export(["1"]);
    expect([code, output]).toEqual([1, expect.stringMatching(/Week1\/Day1\/\S+: the disk is full; make room/)]);
    expect(snapshot()).toEqual(before);

    makeRoom();
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    expect(await collection.verify(["--check", "1"])).toMatchObject({ code: 0 });
  });
});
