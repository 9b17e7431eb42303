import { cpSync, truncateSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { claiming, type Finished, finished, reportOf, results, TestCollection } from "../runner/collection.js";
import { commit, git, runInShell } from "./repository.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** The command at the end of a report's line `→ …: command`. */
function commandOf(report: string): string {
  return /git checkout HEAD -- .*$/m.exec(report)?.[0] ?? `no command in: ${report}`;
}

describe("results that are not what a lesson wrote", () => {
  const collection = new TestCollection("damaged-results");
  const good = (day: number): string => `${JSON.stringify(results(day, [{ id: "one", value: 1 }]), null, 1)}\n`;
  const damages: [what: string, damage: (text: string) => string, reason: RegExp][] = [
    ["not JSON", () => "value: 1\n", /cannot be read: Unexpected token/],
    ["cut short", (text) => text.slice(0, text.length / 2), /cannot be read: .*JSON/],
    ["empty", () => "", /cannot be read: Unexpected end of JSON input/],
    ["of another format", (text) => text.replace('"format": 1', '"format": 2'), /cannot be read: format: /],
    [
      "with a claim of no value",
      (text) => text.replace('"value": 1', '"value": null'),
      /claims\.0\.value: .*expected number/,
    ],
    ["with NaN", (text) => text.replace('"value": 1', '"value": NaN'), /cannot be read: Unexpected token/],
  ];
  const conflictDay = damages.length + 1;
  const lessonDay = damages.length + 2;
  let run: Finished;
  let before: Record<string, string>;

  beforeAll(async () => {
    for (let day = 1; day < lessonDay; day++) {
      collection.writeDay(day, [claiming(day)]);
      collection.write(collection.results(day), good(day));
    }
    // A lesson as the course writes them, which reads its own committed records, and those of a day that it needs.
    collection.writeDay(
      lessonDay,
      [
        `import { lesson, resultsOf } from "@nn30/shared";\nconst day = lesson(${lessonDay});`,
        `day.claim("one", { what: "what one says", value: resultsOf(1).claims[0].value, equals: 1 });`,
      ],
      { needs: [1] },
    );
    collection.writeDay(lessonDay + 1, [claiming(lessonDay + 1)]);
    commit(collection);
    const file = collection.results(conflictDay);
    for (const [branch, value] of [
      ["theirs", 2],
      ["ours", 3],
    ] as const) {
      git(collection, "checkout", "--quiet", "-b", branch, "HEAD");
      collection.write(file, good(conflictDay).replace('"value": 1', `"value": ${value}`));
      git(collection, "commit", "--quiet", "--all", "--message", branch);
      if (branch === "theirs") git(collection, "checkout", "--quiet", "-");
    }
    expect(() => git(collection, "merge", "--quiet", "theirs")).toThrow("Command failed");
    damages.forEach(([, damage], index) => collection.write(collection.results(index + 1), damage(good(index + 1))));
    before = files();
    run = await collection.verify(["--jobs", "2"]);
  }, 120_000);

  const files = (): Record<string, string> =>
    Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => file.startsWith("Week")));

  it.each(damages.map(([what, , reason], index): [string, number, RegExp] => [what, index + 1, reason]))(
    "%s: the file is named, with what is wrong and what restores it",
    (_what, day, reason) => {
      const report = reportOf(collection, day, run.output);
      expect(report).toContain(`${collection.results(day)} cannot be read`);
      expect(report).toMatch(reason);
      expect(report).toContain(`→ restore it with: git checkout HEAD -- "${collection.results(day)}"`);
    },
  );

  it("in the middle of a merge: the line of the conflict is named", () => {
    const report = reportOf(collection, conflictDay, run.output);
    expect(report).toMatch(/cannot be read: line \d+ begins an unresolved merge conflict/);
  });

  it("fail the lesson that reads them, and say so themselves", () => {
    const report = reportOf(collection, lessonDay, run.output);
    expect(report).toContain("cell 2, line 1");
    expect(report).toContain(
      `${collection.path(collection.results(1))} is not JSON. Restore it with: git checkout HEAD`,
    );
  });

  it("are reported by --check and export too, and written by none", async () => {
    for (const [args, command] of [
      [["--check"], "verify"],
      [[], "export"],
    ] as const) {
      const { code, output } = await finished(collection.start([...args], {}, command));
      expect([command, code], output).toEqual([command, 1]);
      expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
      if (command === "verify")
        for (let day = 1; day <= conflictDay; day++) expect(output).toContain(collection.results(day));
    }
    expect(files()).toEqual(before);
  }, 60_000);

  it("are whole again after the command of the report, and pass", async () => {
    for (let day = 1; day <= conflictDay; day++) {
      runInShell(collection, commandOf(reportOf(collection, day, run.output)));
    }
    expect(git(collection, "status", "--porcelain", "Week1", "Week2")).toBe("");
    const again = await collection.verify(["1", String(conflictDay), String(lessonDay), "--jobs", "2"]);
    // The day whose merge is resolved to "ours" claims another value than its notebook does.
    expect(reportOf(collection, conflictDay, again.output)).toContain('claim "one": committed 1 (3), fresh 1 (1)');
    expect(again.output).toContain("2 verified");
    expect(await collection.leftovers()).toEqual([]);
  }, 120_000);
});

describe("a network that a day has saved and a later one reads", () => {
  const collection = new TestCollection("saved-network");
  const weights = "Week3/Day16/model/weights.bin";

  beforeAll(() => {
    collection.writeDay(16, [claiming(16)]);
    collection.write(collection.results(16), JSON.stringify(results(16, [{ id: "one", value: 1 }])));
    cpSync(path.join(CHECKOUT, "Week3/Day16/model"), collection.path("Week3/Day16/model"), { recursive: true });
    collection.writeDay(
      22,
      [
        claiming(22),
        `import * as tf from "@tensorflow/tfjs-node";
const saved = await tf.loadLayersModel("file://" + process.cwd() + "/../../Week3/Day16/model/model.json");
saved.countParams();`,
      ],
      { needs: [16] },
    );
    commit(collection);
  });

  it("is known to be another when it was changed, and is named when the later day fails on it", async () => {
    expect((await collection.verify(["22"])).code).toBe(0);
    expect((await collection.verify(["22"])).output).toContain("(1 unchanged)");
    truncateSync(collection.path(weights), 1000);
    const { code, output } = await collection.verify(["22"]);
    expect(code).toBe(1);
    const report = reportOf(collection, 22, output);
    expect(report).toContain(`${collection.notebook(22)}: cell 2`);
    expect(report).toContain(`unless that is meant: git checkout HEAD -- "${weights}"`);
    runInShell(collection, commandOf(report));
    expect((await collection.verify(["22"])).code).toBe(0);
  }, 120_000);
});
