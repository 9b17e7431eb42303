import fc from "fast-check";
import { cpSync, existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { committedSeconds } from "../../scripts/runner/durations.js";
import { mergeReports } from "../../scripts/runner/merge.js";
import { Collection } from "../../scripts/runner/paths.js";
import { describeParts } from "../../scripts/runner/parts.js";
import { divide, parseShard } from "../../scripts/runner/shard.js";
import { openReport, type ReadReport, readReports } from "../../scripts/runner/shard-report.js";
import { claiming, TestCollection } from "./collection.js";
import { parseJUnit } from "./junit-schema.js";

describe("dividing days among machines", () => {
  const costs = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 });

  it("gives each day to one machine, the same whatever the order, none much longer than it has to be", () =>
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 35 }), (seconds, count) => {
        const days = seconds.map((_, index) => index + 1);
        const of = (day: number): number => seconds[day - 1];
        const shares = divide(days, count, of);
        expect(shares).toHaveLength(count);
        expect(shares.flat().sort((a, b) => a - b)).toEqual(days);
        expect(divide([...days].reverse(), count, of)).toEqual(shares);
        // The bound of every rule that never leaves a machine idle: the mean and one more day.
        const total = (share: number[]): number => share.reduce((sum, day) => sum + of(day), 0);
        expect(Math.max(...shares.map(total))).toBeLessThanOrEqual(total(days) / count + Math.max(...seconds));
      }),
      { seed: 8 },
    ));

  it("puts the longest first, each where there is least to do", () => {
    const seconds = new Map([[1, 50], [2, 40], [3, 30], [4, 20], [5, 10]]); // prettier-ignore
    expect(divide([1, 2, 3, 4, 5], 2, (day) => seconds.get(day)!)).toEqual([
      [1, 4, 5],
      [2, 3],
    ]);
  });

  it.each(["0/4", "5/4", "1", "1/0", "-1/2", "a/b", "1/2/3"])("refuses %s", (text) =>
    expect(() => parseShard(text)).toThrow("expected part/parts"),
  );

  it("reckons with the measured seconds, else with the author's, and with none where there is no notebook", () => {
    const collection = new TestCollection("durations");
    collection.writeDay(1, [claiming(1)], { timeBudget: 30 });
    collection.writeDay(2, [claiming(2)], { timeBudget: 30 });
    collection.write("docs/durations.json", JSON.stringify({ days: { 1: 12.5, 3: 99 } }));
    const seconds = committedSeconds(new Collection(collection.root));
    expect([1, 2, 3].map(seconds)).toEqual([12.5, 30, 0]);
    collection.write("docs/durations.json", "{");
    expect(() => committedSeconds(new Collection(collection.root))).toThrow("docs/durations.json cannot be read");
  });
});

describe("putting reports together", () => {
  const files = new TestCollection("merge");
  const collection = new Collection(files.root);
  const PARTS = { node: "22", helper: "a".repeat(64) };

  beforeAll(() => {
    for (const day of [1, 2, 3, 4]) files.writeDay(day, [claiming(day)], { needs: day === 4 ? [1] : [] });
  });

  /** The report of a shard that ran days 1 and 2, or 3 and 4. */
  async function report(index: number, change: Partial<ReadReport> = {}): Promise<ReadReport> {
    const days = index === 1 ? [1, 2] : [3, 4];
    const file = files.path(`.cache/${index}.json`);
    const shard = { index, count: 2 };
    const run = { collection, shard, chosen: [1, 2, 3, 4], days, full: false, environment: PARTS, report: file };
    const opened = await openReport(run);
    await opened.write(
      days.map((day) => ({ day, status: "passed", failures: [], notes: [], seconds: day, copy: "not of the others" })),
      10 * index,
    );
    return { ...(await readReports([file]))[0], ...change };
  }
  const failedDay1 = async (): Promise<ReadReport> => {
    const { outcomes, ...rest } = await report(1);
    return { ...rest, outcomes: [{ ...outcomes[0], status: "failed", failures: [{ reason: "broken" }] }, outcomes[1]] };
  };

  it("has every day once, in order, and nothing that exists on one machine only", async () => {
    const { outcomes, missing, news } = mergeReports(collection, [await report(2), await report(1)]);
    expect(outcomes.map(({ day, status }) => [day, status])).toEqual([[1, "passed"], [2, "passed"], [3, "passed"], [4, "passed"]]); // prettier-ignore
    expect([missing, news]).toEqual([[], []]);
    expect(JSON.stringify(outcomes)).not.toContain("copy");
  });

  it("doubts a day whose need failed on another machine, and says that it is news", async () => {
    const { outcomes, news } = mergeReports(collection, [await failedDay1(), await report(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["failed", "passed", "passed", "in doubt"]);
    expect(news.map(({ day }) => day)).toEqual([4]);
  });

  it("says which days were not run where a shard is missing", async () => {
    const { outcomes, missing } = mergeReports(collection, [await report(2)]);
    expect(missing).toEqual([1]);
    expect(outcomes.map(({ status }) => status)).toEqual(["not run", "not run", "passed", "passed"]);
    expect(outcomes[0].failures[0].reason).toBe("not run: shard 1/2 left no report");
  });

  it.each<[what: string, change: Partial<ReadReport>, message: string]>([
    ["another number of parts", { shard: { index: 2, count: 3 } }, "one has 2 parts, the other 3"],
    ["other days", { chosen: [1, 2, 3] }, "they were given other days"],
    ["another mode", { full: true }, "--full"],
    ["another environment", { environment: { ...PARTS, node: "24" } }, "their machines differ in Node (22, 24)"],
    ["another commit", { commit: "abc" }, "abc"],
    ["the same part", { shard: { index: 1, count: 2 } }, "shard 1/2 is there twice"],
    ["another notebook", { keys: { 3: "0" } }, "is about another Day 3 than the one that is checked out here"],
    ["too few days", { outcomes: [] }, "day 3 is in none of them"],
  ])("refuses a second report with %s", async (_what, change, message) => {
    const reports = [await report(1), await report(2, change)];
    expect(() => mergeReports(collection, reports)).toThrow(message);
  });

  it("refuses a day that two shards have run", async () => {
    const first = await report(1);
    const second = await report(2);
    second.outcomes.push(first.outcomes[0]);
    expect(() => mergeReports(collection, [first, second])).toThrow("day 1 is in more than one of them");
  });

  it("refuses what is no report, and names the file", async () => {
    files.write(".cache/other/1.json", '{"format":1}');
    await expect(readReports([files.path(".cache/other")])).rejects.toThrow(/other\/1\.json is no report of a shard/);
    await expect(readReports([files.path("nowhere")])).rejects.toThrow("there is no");
  });

  it("names what environments differ in, with values that say something", () => {
    const there = { node: "20", helper: "b".repeat(64), data: "absent" };
    expect(describeParts({ ...PARTS, data: "c".repeat(64) }, there)).toEqual([
      "Node (22, 20)",
      "the helper package (shared/dist)",
      "the data sets (.data) (present, absent)",
    ]);
  });
});

describe.skipIf(process.platform !== "linux")("two machines that share three days", () => {
  const here = new TestCollection("shard-1");
  const there = new TestCollection("shard-2");
  const done = (): number[] =>
    [...here.read("README.md").matchAll(/^\| (\d+) \|.*✅ Done \|$/gm)].map((match) => Number(match[1]));

  beforeAll(() => {
    here.writeDay(1, [claiming(1)], { timeBudget: 20 });
    here.writeDay(2, ["throw new RangeError('a < b & \"c\" \\u0007');"], { timeBudget: 10 });
    here.writeDay(3, [claiming(3)], { timeBudget: 9, needs: [2] });
    here.write(here.results(2), "{}");
    cpSync(here.root, there.root, { recursive: true });
  });

  it("leave reports, and touch neither badge nor tracker", async () => {
    const before = [here.snapshot(), there.snapshot()];
    here.write(".cache/shards/1-of-2.json", "of an earlier run");
    const [first, second] = [
      await here.verify(["1-3", "--shard", "1/2"]),
      await there.verify(["1-3", "--shard", "2/2", "--report", here.path(".cache/shards/second.json")]),
    ];
    expect([first.code, second.code], first.output + second.output).toEqual([0, 1]);
    expect(first.output).toContain("npm run verify -- --merge");
    expect(first.output).toMatch(/^ {2}1 .* passed/m);
    expect(second.output).toMatch(/^ {2}2 .* failed/m);
    expect(second.output).toMatch(/^ {2}3 .* in doubt/m);
    expect([here.snapshot(), there.snapshot()]).toEqual(before);
  }, 120_000);

  it("fail when one is missing, and leave the badge alone", async () => {
    const { code, output } = await here.verify(["--merge", here.path(".cache/shards/1-of-2.json")]);
    expect(code).toBe(1);
    expect(output).toContain("not run: shard 2/2 left no report");
    expect(output).toContain("Badge and tracker are as they were");
    expect(existsSync(here.path(".github/progress.svg"))).toBe(false);
  });

  it("have one report, one badge and one JUnit file together", async () => {
    const junit = here.path(".cache/junit.xml");
    const { code, output } = await here.verify(["--merge", here.path(".cache/shards"), "--junit", junit]);
    expect(code, output).toBe(1);
    expect(output).toMatch(/1 verified \(0 unchanged\), 1 claim holds, 1 failed, 1 in doubt/);
    expect(done()).toEqual([1]);
    expect(here.read(".github/progress.svg")).toContain("Progress: 3%");
    const cases = parseJUnit(here.read(".cache/junit.xml"));
    expect(cases.map(({ name, verdict }) => [name.split(":")[0], verdict])).toEqual([
      ["Day 1", "passed"],
      ["Day 2", "failure"],
      ["Day 3", "failure"],
    ]);
    expect(cases[1]).toMatchObject({ type: "RangeError", message: expect.stringContaining('a < b & "c"') as string });
  });

  it.each([
    [["--shard", "1/2", "--save"], "it cannot be combined with --save"],
    [["--shard", "3/2"], "expected part/parts"],
    [["--report", "x.json"], "add --shard"],
    [["--merge", "x", "--shard", "1/2"], "it cannot be combined with --shard"],
    [["--merge", ".", "--gateway-url", "http://127.0.0.1:1"], "it cannot be combined with --gateway-url"],
    [["--check", "--junit", "x"], "it cannot be combined with --junit"],
  ])("refuse %j", async (args, message) => {
    const { code, output } = await here.verify(args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
  });
});
