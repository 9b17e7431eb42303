import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INSTALLATION } from "../../scripts/runner/paths.js";
import { claiming, finished, printed, TestCollection } from "../runner/collection.js";

const HOLD = `--import=${pathToFileURL(path.join(import.meta.dirname, "preloads", "hold-rename.mjs")).href}`;

// Set-up itself: tests/setup/complete-set-up.test.ts. JupyterLab: tests/lab/lab.test.ts.
describe.skipIf(process.platform !== "linux").each(["SIGINT", "SIGTERM"] as const)("%s", (signal) => {
  let collection: TestCollection;
  let before: Record<string, string>;
  beforeEach(() => {
    collection = new TestCollection("interrupted");
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, "'done'"]);
    collection.writeDay(2, [claiming(2), "await new Promise(() => setInterval(() => undefined, 1000));"]);
    collection.writeDay(3, [claiming(3), "while (true) {}"]);
    before = collection.snapshot();
  });
  afterEach(async () => {
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.files().filter((file) => file.endsWith(".partial") || file.endsWith(".lock"))).toEqual([]);
  });

  it("while cells run: nothing has changed", async () => {
    const child = collection.start(["--verbose", "--save", "--jobs", "2", "2-3"]);
    const end = finished(child);
    await Promise.all([printed(child, "Day  2  cell 1"), printed(child, "Day  3  cell 1")]);
    expect(collection.processes().filter((line) => line.includes("launch.js"))).toHaveLength(2);
    child.kill(signal);
    const { code, output } = await end;
    expect([code, output]).toEqual([130, expect.stringContaining("Interrupted. Badge and tracker are as they were")]);
    expect(collection.snapshot()).toEqual(before);
  });

  it("while a notebook is saved: it is saved whole, and the next run finds it done", async () => {
    const child = collection.start(["1-2", "--jobs", "2", "--save"], {
      NODE_OPTIONS: HOLD,
      HOLD_RENAME: collection.notebook(1),
    });
    const end = finished(child);
    await printed(child, "held before");
    child.kill(signal);
    const { code, output } = await end;
    expect(code).toBe(130);
    expect(output).toMatch(/^ {2}1 .* passed \(saved\)/m);
    expect(output).toMatch(/^ {2}2 .* interrupted/m);
    expect(JSON.parse(collection.read(collection.results(1)))).toMatchObject({ day: 1 });
    expect(collection.snapshot()).toMatchObject({
      "README.md": before["README.md"],
      [collection.notebook(2)]: before[collection.notebook(2)],
    });
    const next = await collection.verify(["1", "--save"]);
    expect([next.code, next.output]).toEqual([0, expect.stringMatching(/^ {2}1 .* cached/m)]);
  });

  it("while drafts are exported, and while they are checked: every file is whole, and the next time completes", async () => {
    expect(await collection.verify(["1", "--save"])).toMatchObject({ code: 0 });
    const saved = collection.snapshot();
    // The first rename of an export keeps what nbconvert has made; the second one puts the draft in its place.
    for (const [command, args, held, files] of [
      ["verify", ["--check", "1"], "day01.md.json", 0],
      ["export", ["1"], "day01.md.json", 0],
      ["export", ["1"], "blog_draft.md", 0],
      ["export", ["1"], "Day1/README.md", 1],
    ] as const) {
      const child = collection.start([...args], { NODE_OPTIONS: HOLD, HOLD_RENAME: held }, command);
      const end = finished(child);
      await printed(child, "held before");
      child.kill(signal);
      const { code, output } = await end;
      expect([code, held]).toEqual([130, held]);
      if (command === "export") expect(output).toContain("Interrupted. Every file is whole");
      const { "Week1/Day1/blog_draft.md": draft, ...others } = collection.snapshot();
      expect(others).toEqual(saved);
      expect(draft === undefined ? 0 : 1).toBe(files);
    }
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    expect(await collection.verify(["--check", "1"])).toMatchObject({ code: 0 });
  });

  it("as a terminal or a CI machine sends it, to npm and all that it has started", async () => {
    const child = spawn("npm", ["run", "verify", "--", "--root", collection.root, "--verbose", "2"], {
      cwd: INSTALLATION,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, VERIFY_TEST: collection.marker },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = finished(child);
    await printed(child, "Day  2  cell 1");
    process.kill(-Number(child.pid), signal);
    const { output } = await end;
    expect(output).toMatch(/^ {2}2 .* interrupted/m);
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.snapshot()).toEqual(before);
  });
});
