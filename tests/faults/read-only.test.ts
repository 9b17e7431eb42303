import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claiming, finished, TestCollection } from "../runner/collection.js";
import { fakeCheckout } from "../setup/fake-checkout.js";
import { CANNOT_MOUNT, MountNamespace } from "./namespace.js";

const BIND = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"';
/** Root writes where permissions forbid it, unless it gives up the right to. */
const ORDINARY = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];

describe.skipIf(process.platform !== "linux")("a checkout that cannot be written", () => {
  const collection = new TestCollection("read-only");
  const { place } = collection;
  const draft = "Week1/Day1/blog_draft.md";
  let before: Record<string, string>;

  beforeAll(async () => {
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, "'done'"]);
    expect(await collection.verify(["1", "--save"])).toMatchObject({ code: 0 });
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    before = collection.snapshot();
  });
  beforeEach(() => {
    // A fresh checkout has nothing in its cache.
    rmSync(collection.path(".cache"), { recursive: true, force: true });
    mkdirSync(collection.path(".cache"));
  });
  afterAll(async () => {
    expect(collection.snapshot()).toEqual(before);
    expect(await collection.leftovers()).toEqual([]);
  });

  /** Runs every command in a checkout without its draft. */
  async function expectRemedy(remedy: string): Promise<void> {
    for (const args of [["1"], ["1", "--save", "--force"]]) {
      const { code, output } = await collection.verify(args);
      expect([code, output]).toEqual([1, expect.stringContaining(`${collection.root}/.cache/verify.lock: ${remedy}`)]);
    }
    // What only looks does not need to write.
    const check = await collection.verify(["--check", "1"]);
    expect([check.code, check.output]).toEqual([1, `✗ ${draft}: it does not exist\n  → npm run export -- 1\n`]);
    const { code, output } = await collection.export(["1"]);
    expect([code, output]).toEqual([1, expect.stringContaining(`${collection.root}/${draft}: ${remedy}`)]);
  }

  it("because its disk is read-only: says which file, and what to do; checking works", async ({ skip }) => {
    rmSync(collection.path(draft));
    const mounts = await MountNamespace.create(BIND, collection.root);
    if (mounts === undefined) skip(CANNOT_MOUNT);
    collection.place = { ...place, ...mounts?.place(collection.root) };
    try {
      await expectRemedy("it lies on a disk that is read-only; make that writable, or copy the checkout");
    } finally {
      collection.place = place;
      await mounts?.close();
      collection.write(draft, before[draft]);
    }
  });

  it("because it is somebody else's: says which file, and what to do; checking works", async ({ skip }) => {
    if (ORDINARY.length > 0 && spawnSync(ORDINARY[0], [ORDINARY[1], "true"]).status !== 0) {
      skip("root may not give up its rights here, so permissions do not bind it");
    }
    rmSync(collection.path(draft));
    const folders = [".", ".cache", "Week1/Day1"].map((folder) => collection.path(folder));
    for (const folder of folders) chmodSync(folder, 0o555);
    collection.place = { ...place, through: ORDINARY };
    try {
      await expectRemedy("you have no permission; make the checkout and all that is in it yours");
    } finally {
      collection.place = place;
      for (const folder of folders) chmodSync(folder, 0o755);
      collection.write(draft, before[draft]);
    }
  });

  it("does not let JupyterLab start, and says why", async ({ skip }) => {
    const mounts = await MountNamespace.create(BIND, place.installation);
    if (mounts === undefined) skip(CANNOT_MOUNT);
    collection.place = { ...place, ...mounts?.place(collection.root) };
    const { code, output } = await collection.run("lab", ["--no-browser"]);
    collection.place = place;
    await mounts?.close();
    expect([code, output]).toEqual([1, expect.stringMatching(/^\S+: it lies on a disk that is read-only; make that/)]);
  });

  it("stops set-up as well, with what to do", async ({ skip }) => {
    const checkout = fakeCheckout();
    const mounts = await MountNamespace.create(BIND, checkout.root);
    try {
      if (mounts === undefined) skip(CANNOT_MOUNT);
      const { through = [] } = mounts?.place(checkout.root) ?? {};
      const command = [...through, process.execPath, checkout.path("scripts", "setup.mjs")];
      const { code, output } = await finished(spawn(command[0], command.slice(1), { env: { PATH: process.env.PATH } }));
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/^set-up: set-up may not write a file that it needs: make .* writable for you/),
      ]);
    } finally {
      await mounts?.close();
      checkout.remove();
    }
  });
});
