import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claiming, finished, printed, reportOf, TestCollection } from "../runner/collection.js";

const HOLD = `--import=${pathToFileURL(path.join(import.meta.dirname, "preloads", "hold-rename.mjs")).href}`;
/** Ends when the test says so. */
const UNTIL_TOLD = `import { existsSync } from "node:fs";
while (!existsSync("../../go")) await new Promise((resolve) => setTimeout(resolve, 20));`;

describe.skipIf(process.platform !== "linux")("SIGKILL", () => {
  let collection: TestCollection;
  beforeEach(() => {
    collection = new TestCollection("processes");
    collection.writeDay(1, [claiming(1), "await new Promise(() => setInterval(() => undefined, 1000));"]);
    collection.writeDay(2, [{ source: claiming(2), tags: ["key"] }, UNTIL_TOLD, "'done'"]);
  });
  afterEach(async () => {
    expect(await collection.leftovers()).toEqual([]);
  });

  /** What was being written when a process was killed. */
  function partialFiles(): string[] {
    return collection.files().filter((file) => file.endsWith(".partial"));
  }

  /** Kills a command at the moment when a file takes its place. */
  async function killHeld(args: string[], held: string, command?: string): Promise<void> {
    const child = collection.start(args, { NODE_OPTIONS: HOLD, HOLD_RENAME: held }, command);
    const end = finished(child);
    await printed(child, "held before");
    child.kill("SIGKILL");
    await end;
  }

  /** The kernel that runs Day 1: the path of its connection file says so. */
  function kernel(): number {
    const [line] = collection.processes().filter((text) => /launch\.js .*\/day01\./.test(text));
    return Number(line.split(" ")[0]);
  }
  /** The worker that started it. */
  function worker(): number {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${kernel()}/status`, "utf8"))?.[1]);
  }

  it.each([
    ["a kernel", kernel, /cell 2, line 1\n +the kernel died: killed \(SIGKILL\); was there enough memory\?/],
    ["the worker that runs a notebook", worker, /the worker was ended by SIGKILL\n.*--jobs 1/],
  ])("of %s fails its notebook, with the reason; the other one passes", async (_what, victim, reason) => {
    const before = collection.snapshot();
    const child = collection.start(["--verbose", "--jobs", "2"]);
    const end = finished(child);
    const failed = printed(child, "✗ Day  1");
    await Promise.all([printed(child, "Day  1  cell 1"), printed(child, "Day  2  cell 1")]);
    process.kill(victim(), "SIGKILL");
    await failed;
    collection.write("go", "");
    const { code, output } = await end;
    expect(code).toBe(1);
    expect(reportOf(collection, 1, output)).toMatch(reason);
    expect(output).toMatch(/^ {2}2 .* passed/m);
    expect(collection.snapshot()).toMatchObject({ [collection.notebook(1)]: before[collection.notebook(1)] });
  });

  it("of the runner in a cell: nothing has changed, and the next run completes", async () => {
    collection.writeDay(1, [claiming(1), "while (true) {}"]);
    const before = collection.snapshot();
    const child = collection.start(["1-2", "--jobs", "2", "--verbose", "--save"]);
    const end = finished(child);
    await Promise.all([printed(child, "Day  1  cell 1"), printed(child, "Day  2  cell 1")]);
    child.kill("SIGKILL");
    await end;
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.snapshot()).toEqual(before);

    collection.write("go", "");
    const next = await collection.verify(["2", "--save"]);
    expect([next.code, next.output]).toEqual([0, expect.not.stringContaining("Waiting")]);
    expect(collection.files().filter((file) => /\/day\d\d\.\d+\//.test(file))).toEqual([]);
  });

  it.each([
    ["before results and notebook take their places", "Day2/results.json", false],
    ["between the two", ".ipynb", true],
  ])("of the runner while it saves, %s: files are whole, the next run completes", async (_when, held, isSaved) => {
    collection.write("go", "");
    expect(await collection.verify(["2", "--save"])).toMatchObject({ code: 0 });
    collection.writeDay(2, [{ source: claiming(2, [{ id: "new", value: 2 }]), tags: ["key"] }, "'saved again'"]);
    const before = collection.snapshot();

    await killHeld(["2", "--save"], held);
    const partial = partialFiles();
    expect(partial).toHaveLength(isSaved ? 1 : 2);
    const after = Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => !partial.includes(file)));
    const results = collection.results(2);
    expect({ ...after, [results]: "" }).toEqual({ ...before, [results]: "" });
    expect(after[results] === before[results]).toBe(!isSaved);
    expect(JSON.parse(after[results])).toMatchObject({ claims: [{ id: isSaved ? "new" : "one" }] });

    expect(await collection.verify(["2", "--save"])).toMatchObject({ code: 0 });
    expect(partialFiles()).toEqual([]);
    expect(collection.read(collection.notebook(2))).toContain("saved again");
    await killHeld(["2"], "blog_draft.md", "export");
    expect(partialFiles()).toHaveLength(1);
    expect(await collection.export(["2"])).toMatchObject({ code: 0 });
    expect(partialFiles()).toEqual([]);
    expect(await collection.verify(["--check", "2"])).toMatchObject({ code: 0 });
  });
});
