import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonPath } from "../../scripts/runner/paths.js";
import { claiming, type Finished, finished, reportOf, TestCollection } from "../runner/collection.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** Takes memory outside of JavaScript's heap, 64 MiB at a time, for as long as it is let. */
const TYPED_ARRAYS = `const kept: Float64Array[] = [];
for (;;) {
  kept.push(new Float64Array(2 ** 23).fill(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
}`;

describe.skipIf(process.platform !== "linux")("a notebook that takes ever more memory", () => {
  const collection = new TestCollection("memory");
  let before: Record<string, string>;
  let run: Finished;

  beforeAll(async () => {
    collection.writeDay(1, [claiming(1), TYPED_ARRAYS]);
    collection.writeDay(2, [
      claiming(2),
      `import * as tf from "@tensorflow/tfjs-node";
const kept: tf.Tensor[] = [];
for (;;) {
  kept.push(tf.fill([2 ** 24], 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
}`,
    ]);
    collection.writeDay(3, [
      claiming(3),
      `import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 26, 1)), 20)"]);
await new Promise((resolve) => child.once("exit", resolve));`,
    ]);
    // What cannot be had at once is an error like any other.
    collection.writeDay(4, [claiming(4), "const all = new Float64Array(2 ** 45);"]);
    collection.writeDay(6, [
      `import { readFileSync } from "node:fs";
const score = (process: string) => Number(readFileSync(\`/proc/\${process}/oom_score_adj\`, "utf8"));
if (score("self") !== 1000 || score(String(process.ppid)) >= 1000) throw new Error("the system would end the runner first");`,
      claiming(6),
    ]);
    before = notebooks();
    run = await collection.verify(["--jobs", "2", "--memory", "0.8"]);
  }, 180_000);

  const notebooks = (): Record<string, string> =>
    Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => file.startsWith("Week")));

  it.each([
    ["in typed arrays", 1],
    ["in tensors", 2],
    ["in a process that a cell has started", 3],
  ])("is ended at --memory: %s", (_what, day) => {
    const report = reportOf(collection, day, run.output);
    expect(report).toContain(`${collection.notebook(day)}: cell 2, line 1`);
    expect(report).toMatch(
      /the notebook took (0\.[89]|1\.[0-4]) GiB of memory, more than the 0\.8 GiB that --memory allows/,
    );
    expect(report).toContain(
      "→ dispose of tensors (tf.tidy) and let go of large arrays, or allow more with --memory <GiB>",
    );
  });

  it("gets the error that JavaScript has for a single array that is too large", () => {
    expect(reportOf(collection, 4, run.output)).toMatch(
      /RangeError: (Invalid typed array length|Array buffer allocation failed)/,
    );
  });

  it("fails alone; the system would end its kernel before the runner; no process is left", async () => {
    expect(run.code).toBe(1);
    expect(notebooks()).toEqual(before);
    expect(run.output).toMatch(/^ +6 .* passed/m);
    expect(await collection.leftovers()).toEqual([]);
  });

  it("passes when it is allowed what it needs", async () => {
    collection.writeDay(7, [claiming(7), "const kept = new Float64Array(2 ** 27).fill(1);\nkept.length"]);
    const args = ["7", "--memory"];
    expect((await collection.verify([...args, "0.5"])).code).toBe(1);
    expect((await collection.verify([...args, "2"])).code).toBe(0);
  }, 120_000);

  it("is told of a full heap in words, not as a signal", async () => {
    collection.writeDay(8, [
      claiming(8),
      "const kept: number[][] = [];\nfor (;;) kept.push(new Array(10_000).fill(0.5));",
    ]);
    const { code, output } = await collection.verify(["6", "8", "--force"], {
      NODE_OPTIONS: "--max-old-space-size=256",
    });
    expect(code).toBe(1);
    const report = reportOf(collection, 8, output);
    expect(report.split("\n")).toHaveLength(5);
    expect(report).toContain("cell 2, line 1");
    expect(report).toContain("the kernel died: the heap of JavaScript is full");
    expect(report).toContain("NODE_OPTIONS=--max-old-space-size=<MiB>");
    expect(output).toMatch(/^ +6 .* passed/m);
  }, 120_000);

  it("leaves no core dump where it aborts, also where the machine allows them, and its last words are told", async () => {
    collection.writeDay(5, [
      claiming(5),
      "require('node:fs').writeSync(2, 'terminate: bad_alloc\\n');\nprocess.abort();",
    ]);
    const files = Object.keys(notebooks());
    const program = path.join(CHECKOUT, "scripts/build/verify.js");
    const allowingDumps = ["-c", 'ulimit -c "$(ulimit -H -c)"; exec "$0" "$@"', process.execPath, program];
    const child = spawn("sh", [...allowingDumps, "--root", collection.root, "5"], {
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined },
    });
    const { code, output } = await finished(child);
    expect(code).toBe(1);
    const report = reportOf(collection, 5, output);
    expect(report).toContain("cell 2, line 1");
    expect(report).toContain("the kernel died: ended by SIGABRT");
    expect(report).toContain("terminate: bad_alloc");
    expect(Object.keys(notebooks())).toEqual(files);
  }, 60_000);

  it("is ended when the machine runs short, if it takes enough to matter", async () => {
    // No machine has so much memory to keep free: it is always short.
    const args = ["1", "6", "--force", "--jobs", "2", "--keep-free", "1000000"];
    const child = collection.start(args);
    const { code, output } = await finished(child);
    expect(code).toBe(1);
    const report = reportOf(collection, 1, output);
    expect(report).toContain("cell 2, line 1");
    expect(report).toMatch(/memory ran short: \d+\.\d GiB were left when the notebook took 1\.[0-4] GiB/);
    expect(report).toContain("→ run fewer notebooks at once (--jobs 1), close other programs");
    expect(output).toMatch(/^ +6 .* passed/m);
    expect(await collection.leftovers()).toEqual([]);
  }, 120_000);
});

describe("what a container may still take", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "nn30-groups-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const memoryOf = (name: string, files: Record<string, string>): unknown => {
    mkdirSync(path.join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, name, file), text);
    const script =
      "import json, memory, pathlib, sys; print(json.dumps(memory.group_memory(pathlib.Path(sys.argv[1]))))";
    const output = execFileSync(pythonPath(), ["-c", script, path.join(folder, name)], {
      cwd: path.join(CHECKOUT, "scripts/runner"),
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    return JSON.parse(output);
  };

  it("is read from both versions of Linux's control groups, without cached files", () => {
    const two = {
      "memory.max": "1000\n",
      "memory.current": "700\n",
      "memory.stat": "anon 1\ninactive_file 50\nactive_file 150\n",
    };
    expect(memoryOf("two", two)).toEqual([1000, 500]);
    const one = {
      "memory.limit_in_bytes": "2000\n",
      "memory.usage_in_bytes": "900\n",
      "memory.stat": "inactive_file 1\ntotal_inactive_file 100\ntotal_active_file 200\n",
    };
    expect(memoryOf("one", one)).toEqual([2000, 600]);
    expect(memoryOf("free", { ...two, "memory.max": "max\n" })).toBeNull();
    expect(memoryOf("empty", {})).toBeNull();
  });
});
