import { beforeAll, describe, expect, it } from "vitest";
import { claiming, type Finished, reportOf, results, TestCollection } from "../runner/collection.js";

/** One run over notebooks that fail in every way that a notebook can. */
const collection = new TestCollection("failures");
const CELL_TIMEOUT = 12;

describe.skipIf(process.platform !== "linux")("a run over notebooks that fail", () => {
  let run: Finished;

  beforeAll(async () => {
    collection.writeDay(1, ["1 + 1;", "const text = 'a';\nconst count: number = text;", claiming(1)]);
    collection.writeDay(2, [
      "function train(): void {\n  throw new RangeError('expected [32, 10] but got [32]');\n}",
      { type: "markdown", source: "Text between." },
      "const before = 1;\ntrain();",
    ]);
    collection.writeDay(3, ["// comment\nawait Promise.reject(new Error('awaited'));", claiming(3)]);
    collection.writeDay(4, [
      claiming(4),
      "setTimeout(() => {\n  void Promise.reject(new Error('floating'));\n}, 300);\n'the cell is done';",
    ]);
    collection.writeDay(5, [claiming(5), "const code = 3;\nprocess.exit(code);"]);
    collection.writeDay(6, [claiming(6), "process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => undefined);"]);
    collection.writeDay(7, [claiming(7), "\nwhile (true) {}"]);
    collection.writeDay(8, [
      "class ClaimError extends Error {}\nthrow new ClaimError('claim \"accuracy\" does not hold: 0.8, target 0.95');",
    ]);
    collection.writeDay(9, ["'no results are written';"]);
    collection.writeDay(10, [claiming(10, [])]);
    collection.writeDay(11, [
      claiming(11),
      "const line = 'x'.repeat(10_000);\nfor (;;) {\n  console.log(line);\n  await new Promise((r) => setTimeout(r, 0));\n}",
    ]);
    collection.writeDay(12, [claiming(12), "console.log('y'.repeat(50_000_000));"]);
    collection.writeDay(13, [claiming(13)], { needs: [30] });
    collection.writeDay(14, [claiming(14)], { needs: [1] });
    collection.write(collection.results(1), JSON.stringify(results(1, [{ id: "kept", value: 1 }])));
    collection.writeDay(15, [
      claiming(15, [
        { id: "kept", value: 1 },
        { id: "drifted", value: 0.9, tolerance: 0.01 },
        { id: "fresh", value: 2 },
      ]),
    ]);
    collection.write(
      collection.results(15),
      JSON.stringify(
        results(15, [
          { id: "kept", value: 1 },
          { id: "drifted", value: 0.95, tolerance: 0.01 },
          { id: "gone", value: 3 },
        ]),
      ),
    );
    collection.write(collection.notebook(16), "{ not JSON");
    collection.writeDay(17, [claiming(17)], { timeBudget: "soon" });
    collection.writeDay(18, [claiming(18)]);
    collection.writeDay(19, [{ type: "markdown", source: "It is\n[2](#claim-one)." }, claiming(19)]);
    run = await collection.verify(["--jobs", "2", "--timeout", String(CELL_TIMEOUT)], { GITHUB_ACTIONS: "true" });
  }, 240_000);

  const report = (day: number): string => reportOf(collection, day, run.output);

  it("exits with 1, and the notebook that is right still passes", () => {
    expect(run.code).toBe(1);
    expect(run.output).toMatch(/^ 18 .* passed \(results are new\)/m);
    expect(report(18)).toBe("");
  });

  it.each<[what: string, day: number, place: string, source: string, reason: RegExp]>([
    ["a type error", 1, "cell 2, line 2", "const count: number = text;", /'string' is not assignable to type 'number'/],
    ["a thrown error", 2, "cell 2, line 2", "train();", /RangeError: expected \[32, 10\] but got \[32\]/],
    ["an awaited rejection", 3, "cell 1, line 2", "await Promise.reject", /Error: awaited/],
    ["a floating rejection", 4, "cell 2", "", /floating/],
    ["a kernel that exits", 5, "cell 2, line 1", "const code = 3;", /the kernel died: exit code 3/],
    ["a kernel that is killed", 6, "cell 2, line 1", "process.kill", /the kernel died: killed \(SIGKILL\)/],
    ["an endless loop", 7, "cell 2, line 2", "while (true) {}", /longer than 12 s \(time-out\)/],
    [
      "a false claim",
      8,
      "cell 1, line 2",
      "throw new ClaimError",
      /claim "accuracy" does not hold: 0\.8, target 0\.95/,
    ],
    ["endless output", 11, "cell 2, line 1", "const line", /the cell printed more than 10 MB \(output limit\)/],
    ["50 MB of output", 12, "cell 2, line 1", "console.log", /the cell printed more than 10 MB \(output limit\)/],
  ])("names notebook, cell, line and reason of %s", (_what, day, place, source, reason) => {
    const [first, ...rest] = report(day).split("\n");
    expect(first).toContain(`${collection.notebook(day)}: ${place}`);
    expect(rest.join("\n")).toMatch(reason);
    expect(rest.join("\n")).toContain(source);
  });

  it("takes a notebook without results, or without a claim in them, for a failure", () => {
    expect(report(9)).toContain("it makes no claim (the run wrote no results)");
    expect(report(10)).toMatch(/it makes no claim$/m);
  });

  it("says which results are missing and how to make them", () => {
    expect(report(13)).toContain("it needs the results of day 30, but Week4/Day30/results.json is missing");
    expect(report(13)).toContain("npm run verify -- 30 --save");
  });

  it("doubts what passed on the committed results of a failure", () => {
    expect(report(14)).toContain("in doubt: it reads the results of day 1, which did not pass");
    expect(run.output).toMatch(/^ 14 .* in doubt/m);
    expect(run.output).toMatch(/1 verified .* 17 failed, 1 in doubt/);
  });

  it("does not save what depends on a failure", async () => {
    const { code, output } = await collection.verify(["1", "14", "--save"]);
    expect(code).toBe(1);
    expect(reportOf(collection, 14, output)).toContain("not run: needs day 1");
    expect(output).toMatch(/^ 14 .* not run/m);
  }, 60_000);

  it("shows committed and fresh value of every claim that disagrees", () => {
    expect(report(15)).toContain('claim "drifted": committed 0.95 (0.95), fresh 0.9 (0.9), tolerance 0.01');
    expect(report(15)).toContain('claim "gone" is in the committed results, but this run did not make it');
    expect(report(15)).toContain('claim "fresh" is not in the committed results');
    expect(report(15)).not.toContain('"kept"');
    expect(report(15)).toContain("npm run verify -- 15 --save");
  });

  it("names file and field of a notebook that cannot be read", () => {
    expect(report(16)).toContain(`${collection.notebook(16)}: not a notebook`);
    expect(report(17)).toContain(`${collection.notebook(17)}: metadata.nn30.timeBudget`);
  });

  it("holds the numbers in the text against their claims", () => {
    expect(report(19)).toContain("line 2");
    expect(report(19)).toContain('the prose says 2 where claim "one" shows 1');
  });

  it("annotates the line of the notebook file, with its path from the root of the repository", () => {
    const file = collection.notebook(2);
    const at =
      collection
        .read(file)
        .split("\n")
        .findIndex((line) => line.includes('"train();"')) + 1;
    expect(at).toBeGreaterThan(1);
    expect(run.output).toContain(
      `::error file=.cache/test-runner/failures/${file},line=${at}::Day 2: cell 2, line 2: RangeError`,
    );
  });

  it("marks only what passed as done", () => {
    const done = collection
      .read("README.md")
      .split("\n")
      .filter((line) => line.includes("✅ Done"));
    expect(done).toHaveLength(1);
    expect(done[0]).toContain("| 18 |");
  });

  it("leaves no process and no unfinished run behind", async () => {
    expect(await collection.leftovers()).toEqual([]);
  });
});
