import fc from "fast-check";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { covers } from "../../scripts/runner/cache.js";
import { workerEnvironment } from "../../scripts/runner/environment.js";
import { acquireLock } from "../../scripts/runner/lock.js";
import { formatNotebook } from "../../scripts/runner/nbformat.js";
import { assertAcyclic, criticalSeconds } from "../../scripts/runner/order.js";
import { type Outcome, withDoubts } from "../../scripts/runner/outcome.js";
import { normaliseOutputs, replacePath } from "../../scripts/runner/outputs.js";
import { Collection, pythonPath } from "../../scripts/runner/paths.js";
import { defaultJobs, threadsPerJob } from "../../scripts/runner/resources.js";
import { disagreements, parseResults, sameRecords } from "../../scripts/runner/results.js";
import { schedule } from "../../scripts/runner/schedule.js";
import { selectDays } from "../../scripts/runner/selection.js";
import { sourceLine } from "../../scripts/runner/source-line.js";
import { results, type TestClaim } from "./collection.js";

describe("selectDays", () => {
  const collection = new Collection();
  it.each([
    [[], Array.from({ length: 30 }, (_, index) => index + 1)],
    [["5"], [5]],
    [
      ["1-3", "30"],
      [1, 2, 3, 30],
    ],
    [
      ["3,1", "1"],
      [1, 3],
    ],
    [["Week1/Day5"], [5]],
    [["Week2/Day8/backpropagation.ipynb"], [8]],
    [[collection.notebook(22)], [22]],
  ])("%j", (args, days) => expect(selectDays(args, collection)).toEqual(days));
});

describe("order", () => {
  it("accepts what has no circle and shows one that is there", () => {
    expect(() => assertAcyclic(new Map([[1, []], [2, [1]], [3, [1, 2]]]))).not.toThrow(); // prettier-ignore
    expect(() => assertAcyclic(new Map([[1, [4]], [4, [7]], [7, [4]]]))).toThrow("4 → 7 → 4"); // prettier-ignore
  });

  it("adds up the longest chain behind each day", () => {
    const needs = new Map([[1, []], [2, [1]], [3, [1]], [4, [2]]]); // prettier-ignore
    expect([...criticalSeconds(needs, (day) => day)]).toEqual(expect.arrayContaining([[1, 7], [2, 6], [3, 3], [4, 4]])); // prettier-ignore
  });
});

describe("withDoubts", () => {
  it("follows the days that are read, through others that passed or were not looked at", () => {
    const statuses: Outcome["status"][] = ["failed", "passed", "cached", "passed", "interrupted"];
    const outcomes = statuses.map((status, index): Outcome => ({ day: index + 1, status, failures: [], notes: [] }));
    const needs = new Map([[2, [6]], [6, [1]], [3, [2]], [4, [5]]]); // prettier-ignore
    const doubted = withDoubts(outcomes, needs);
    expect(doubted.map(({ status }) => status)).toEqual(["failed", "in doubt", "in doubt", "passed", "interrupted"]);
    expect(doubted[1].failures[0].reason).toContain("day 6");
  });
});

describe("schedule", () => {
  const graph = fc
    .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .map((lists) => lists.map((list, day) => ({ day, needs: day === 0 ? [] : list.map((n) => n % day), priority: list.length }))); // prettier-ignore

  it("runs each day once, after those it needs, at most `jobs` at a time, and blocks what depends on a failure", () =>
    fc.assert(
      fc.asyncProperty(graph, fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(11)), async (days, jobs, broken) => {
        const passed = new Set<number>();
        const seen: number[] = [];
        let running = 0;
        const run = async (day: number): Promise<boolean> => {
          running++;
          expect(running).toBeLessThanOrEqual(jobs);
          expect(days[day].needs.every((needed) => passed.has(needed))).toBe(true);
          await new Promise(setImmediate);
          running--;
          seen.push(day);
          if (!broken.includes(day)) passed.add(day);
          return !broken.includes(day);
        };
        const block = (day: number, needed: number): void => {
          expect(passed.has(needed)).toBe(false);
          expect(days[day].needs).toContain(needed);
          seen.push(day);
        };
        await schedule(days, jobs, run, block, new AbortController().signal);
        expect(seen.sort((a, b) => a - b)).toEqual(days.map(({ day }) => day));
      }),
      { seed: 5 },
    ));

  it("starts the most urgent first, and nothing once it is stopped", async () => {
    const stop = new AbortController();
    const started: number[] = [];
    const run = (day: number): Promise<boolean> => {
      started.push(day);
      if (started.length === 2) stop.abort();
      return Promise.resolve(true);
    };
    const days = [1, 2, 3].map((day) => ({ day, needs: [], priority: day }));
    await schedule(days, 1, run, () => undefined, stop.signal);
    expect(started).toEqual([3, 2]);
  });
});

describe("resources", () => {
  it("bounds jobs by cores and memory, and divides the threads", () => {
    expect(defaultJobs(8, 64 * 2 ** 30)).toBe(8);
    expect(defaultJobs(8, 4 * 2 ** 30)).toBe(2);
    expect(defaultJobs(8, 0)).toBe(1);
    expect([threadsPerJob(3, 8), threadsPerJob(16, 8)]).toEqual([2, 1]);
  });

  it("keeps a user's own Jupyter and Python settings out", () => {
    const own = { PATH: "/bin", JUPYTER_PATH: "/x", IPYTHONDIR: "/y", PYTHONPATH: "/z", NN30_FULL: "1", LANG: "de_DE" };
    const made = workerEnvironment({ results: "/r.json", full: false, threads: 3, jupyter: "/c/jupyter" }, own);
    expect(made).toMatchObject({ PATH: "/bin", NN30_RESULTS: "/r.json", TF_NUM_INTRAOP_THREADS: "3", IPYTHONDIR: "/c/jupyter/ipython" }); // prettier-ignore
    for (const name of ["JUPYTER_PATH", "PYTHONPATH", "NN30_FULL", "LANG"]) expect(made).not.toHaveProperty(name);
  });

  it("takes a full run for a default one, but not the other way round", () => {
    const entry = { format: 1, key: "k", full: false, cells: 1, claims: 1, seconds: 1, peakBytes: 1 } as const;
    expect([covers(entry, "k", false), covers(entry, "k", true), covers(entry, "other", false)]).toEqual([true, false, false]); // prettier-ignore
    expect([covers({ ...entry, full: true }, "k", false), covers(undefined, "k", false)]).toEqual([true, false]);
  });
});

describe("results", () => {
  const of = (claims: TestClaim[], experiments = {}) => parseResults(JSON.stringify(results(5, claims, experiments)));
  const record = (key: string, accuracy: number, seconds = 1) => ({
    train: { key, config: {}, tolerance: 0.01, runs: [{ seed: 1, seconds, metrics: { accuracy }, history: { loss: [1, 0.5] } }] },
  }); // prettier-ignore

  it.each([
    [100, 100.9, 0.01, 0],
    [100, 101.1, 0.01, 1],
    [0.001, 0.0105, 0.01, 0],
    [0.001, 0.02, 0.01, 1],
  ])("committed %d against %d with tolerance %d: %i disagreement(s)", (committed, fresh, tolerance, count) => {
    const found = disagreements(of([{ id: "a", value: committed }]), of([{ id: "a", value: fresh, tolerance }]));
    expect(found).toHaveLength(count);
  });

  it("compares whether the published value is met, and the keys of experiments", () => {
    const published = (met: boolean) =>
      of([{ id: "a", value: 1, published: { value: 1, shown: "1", source: "s", met } }]);
    expect(disagreements(published(true), published(false))).toEqual([
      'claim "a": the published value was met, now missed',
    ]);
    expect(disagreements(of([], record("k", 1)), of([], record("k", 0)))).toEqual([]);
    expect(disagreements(of([], record("k", 1)), of([], record("other", 1)))).toHaveLength(1);
    expect(disagreements(of([], record("k", 1)), of([]))).toHaveLength(1);
  });

  it("compares every run with its record where all seeds were trained, and lets claims move with them", () => {
    const claim = (value: number) => [{ id: "a", value, tolerance: 0 }];
    const full = (value: number, accuracy: number) =>
      disagreements(of(claim(1), record("k", 0.9)), of(claim(value), record("k", accuracy)), true);
    expect(full(2, 0.905)).toEqual([]);
    expect(full(1, 0.92)).toEqual(['experiment "train", seed 1: accuracy off the record by more than 0.01']);
    const wide = (value: number) => ({ train: { ...record("k", value).train, fullTolerance: 0.3 } });
    expect(disagreements(of([], wide(0.9)), of([], wide(0.7)), true)).toEqual([]);
    expect(disagreements(of([], wide(0.9)), of([], wide(0.5)), true)).toHaveLength(1);
    const exact = (value: number) => {
      const { train } = record("k", 0.9);
      return of(claim(value), { train: { ...train, tolerance: 0 } });
    };
    expect(disagreements(exact(1), exact(2), true)).toHaveLength(1);
    expect(disagreements(exact(1), exact(1), true)).toEqual([]);
  });

  it("keeps committed records that differ in seconds or within tolerance, unless all seeds were trained", () => {
    const same = (a: object, b: object, full: boolean) => sameRecords(of([], a), of([], b), full);
    expect(same(record("k", 0.9, 1), record("k", 0.9, 9), true)).toBe(true);
    expect(same(record("k", 0.9), record("k", 0.905), false)).toBe(true);
    expect(same(record("k", 0.9), record("k", 0.905), true)).toBe(false);
    expect(same(record("k", 0.9), record("k", 0.95), false)).toBe(false);
  });

  it("names the field that is wrong, and accepts no claim that does not hold", () => {
    const text = JSON.stringify(results(5, [{ id: "a", value: 1 }]));
    expect(() => parseResults(text.replace('"holds":true', '"holds":false'))).toThrow("claims.0.holds");
    expect(() => parseResults(text.replace('"value":1', '"value":null'))).toThrow("claims.0.value");
  });
});

describe("notebook files", () => {
  it("prints numbers, escapes and lines as Python does", () => {
    const numbers = [0, -0, 1, 1.5, 1e-4, 9.9e-5, 1e-7, -3.25e-10, 1e20, 1e21, 1.5e300, 5e-324, 0.1 + 0.2];
    const text = 'a\r\nb\rc\vd\u2028e\u0085f\u001cg\n\n\té\u007f\u0001"\\ 🔲';
    const output = { data: { "text/plain": text, "application/json": { b: [], a: {}, n: null, numbers } }, metadata: {}, output_type: "display_data" }; // prettier-ignore
    const cells = [
      { cell_type: "markdown", id: "m", metadata: {}, source: text },
      { cell_type: "code", execution_count: 1, id: "c", metadata: {}, outputs: [output], source: "" },
    ];
    const ours = formatNotebook({ cells, metadata: { z: 1, a: true }, nbformat: 4, nbformat_minor: 5 } as never);
    const script =
      "import json, sys; from nbformat.v4 import nbjson; " +
      "sys.stdout.buffer.write((nbjson.writes(nbjson.reads(sys.stdin.buffer.read().decode())) + '\\n').encode())";
    expect(execFileSync(pythonPath(), ["-c", script], { input: ours, encoding: "utf8" })).toBe(ours);
  });

  it("finds a cell's line in the file, and gives none for another layout", () => {
    const cells = [
      { cell_type: "markdown", metadata: {}, source: "x\ny" },
      { cell_type: "code", metadata: {}, outputs: [], source: "one\ntwo\nthree" },
    ];
    const json = formatNotebook({ cells });
    expect(json.split("\n")[sourceLine(json, 2, 1, 2)! - 1].trim()).toBe('"two\\n",');
    expect(sourceLine(JSON.stringify({ cells }), 2, 1, 2)).toBeUndefined();
  });

  it("normalises outputs without touching pictures or encoded data", () => {
    const noise = "2026-11-21 08:00:00.000001: I tensorflow/core/platform/cpu_feature_guard.cc:210] oneDNN\nkept\n";
    const bundle = { "text/plain": "\u001b[33m1\u001b[39m", "image/png": "AAAA/home/me/BB", "text/html": "/home/me/a" };
    const [stream, result] = normaliseOutputs(
      [
        { output_type: "stream", name: "stderr", text: [noise] },
        { output_type: "execute_result", execution_count: 9, data: bundle, metadata: {}, id: "x" },
        { output_type: "stream", name: "stderr", text: noise.split("kept")[0] },
      ],
      2,
      [replacePath("/home/me", "~")],
    );
    expect(stream).toEqual({ name: "stderr", output_type: "stream", text: "kept\n" });
    expect(result).toEqual({
      data: { "text/plain": "1", "image/png": "AAAA/home/me/BB", "text/html": "~/a" },
      execution_count: 2,
      metadata: {},
      output_type: "execute_result",
    });
    const { pattern } = replacePath("/root", "~");
    expect("xy/root/ /rootless file:///root/a (/root)".replace(pattern, "~")).toBe("xy/root/ /rootless ~/a (~)");
  });
});

describe("the lock", () => {
  const inFolder = async (run: (file: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(path.join(tmpdir(), "lock-"));
    await run(path.join(folder, "verify.lock")).finally(() => rmSync(folder, { recursive: true }));
  };
  const dead = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

  it.each([
    ["a process that has ended", () => JSON.stringify({ pid: dead(), host: hostname(), started: "" })],
    [
      "another process with the same number",
      () => JSON.stringify({ pid: process.pid, host: hostname(), started: "1" }),
    ],
    ["nobody", () => "half a l"],
  ])("of %s is taken over, and released", (_who, content) =>
    inFolder(async (file) => {
      if (_who.startsWith("another") && process.platform !== "linux") return;
      writeFileSync(file, content());
      const release = await acquireLock(file, () => expect.unreachable());
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
      release();
      expect(existsSync(file)).toBe(false);
    }),
  );

  it("is waited for, and one holder at a time has it", () =>
    inFolder(async (file) => {
      let holders = 0;
      let waits = 0;
      const turn = async (): Promise<void> => {
        const release = await acquireLock(file, () => void waits++);
        expect(++holders).toBe(1);
        await new Promise(setImmediate);
        holders--;
        release();
      };
      await Promise.all([turn(), turn(), turn()]);
      expect(waits).toBeGreaterThan(0);
    }));

  it("is given up waiting for when the run is stopped", () =>
    inFolder(async (file) => {
      const release = await acquireLock(file, () => undefined);
      const stop = new AbortController();
      await expect(acquireLock(file, () => stop.abort(), stop.signal)).rejects.toThrow(/abort/i);
      release();
    }));
});
