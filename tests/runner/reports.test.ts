import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { annotations } from "../../scripts/runner/annotations.js";
import { junit } from "../../scripts/runner/junit.js";
import type { Outcome } from "../../scripts/runner/outcome.js";
import { Collection } from "../../scripts/runner/paths.js";
import { parseJUnit } from "./junit-schema.js";
import { TestCollection } from "./collection.js";

const outcome = (day: number, status: Outcome["status"], more: Partial<Outcome> = {}): Outcome => ({
  day,
  status,
  failures: [],
  notes: [],
  ...more,
});

describe("JUnit", () => {
  it("has a case for every day, with week, time, verdict and peak memory", () => {
    const cases = parseJUnit(
      junit([
        outcome(1, "passed", { seconds: 8.25, peakBytes: 872e6 }),
        outcome(9, "cached", { seconds: 102.2, peakBytes: 904e6 }),
        outcome(16, "failed", { seconds: 3, failures: [{ reason: "the kernel died", type: "dead", fix: "do this" }] }),
        outcome(17, "in doubt", { failures: [{ reason: "in doubt: it reads the results of day 16" }] }),
        outcome(21, "not run", { failures: [{ reason: "not run: needs day 16" }] }),
        outcome(29, "interrupted"),
        outcome(30, "pending"),
      ]),
    );
    expect(cases.map(({ classname, verdict, seconds }) => [classname, verdict, seconds])).toEqual([
      ["Week 1", "passed", 8.25],
      ["Week 2", "passed", 0],
      ["Week 3", "failure", 3],
      ["Week 3", "failure", 0],
      ["Week 3", "skipped", 0],
      ["Week 4", "skipped", 0],
      ["Week 4", "skipped", 0],
    ]);
    expect(cases[0].systemOut).toBe("Peak memory: 872 MB");
    expect(cases.map(({ properties }) => properties.cached)).toEqual(["false", "true", "false", "false", "false", "false", "false"]); // prettier-ignore
    expect(cases[1].properties["seconds of the run that passed"]).toBe("102.200");
    expect(cases[2]).toMatchObject({ name: "Day 16: Build a CNN for Image Classification", type: "dead", message: "the kernel died" }); // prettier-ignore
    expect(cases[2].text).toContain("→ do this");
    expect(cases.slice(3).map(({ message }) => message)).toEqual([
      "in doubt: it reads the results of day 16",
      "not run: needs day 16",
      "interrupted",
      "pending",
    ]);
  });

  it("escapes what XML gives a meaning to, keeps lines, and shows what XML cannot hold as �", () => {
    const reason = 'a < b && "c" ]]> \u0000\u0007\u001b[31mred\u001b[39m\ttab\r\nline 2 \uD800 \uFFFF 🙂';
    const failures = [{ reason, detail: ["<&>'\""] }, { reason: "another" }];
    const [one] = parseJUnit(junit([outcome(5, "failed", { failures })]));
    expect(one.message).toBe('a < b && "c" ]]> ��red\ttab\r\nline 2 � � 🙂 (and 1 more)');
    expect(one.text).toContain("line 2 � � 🙂");
    expect(one.text).toContain("<&>'\"");
    expect(one.text).toContain("another");
    expect(one.text).not.toContain("\u001b");
  });
});

describe("annotations", () => {
  const failing = (day: number, reason: string): Outcome => outcome(day, "failed", { failures: [{ reason }] });

  it("escapes messages, and in properties also what would end them", () => {
    const repository = new TestCollection("annotated, 100%: odd");
    execFileSync("git", ["init", "--quiet"], { cwd: repository.root });
    mkdirSync(repository.path("a,b: 50%"));
    const below = new Collection(repository.path("a,b: 50%"));
    expect(annotations([failing(2, "100 % wrong,\r\nsee: \u001b[31mhere\u001b[39m")], below)).toEqual([
      "::error file=a%2Cb%3A 50%25/Week1/Day2/sigmoid_neurons.ipynb::Day 2: 100 %25 wrong,%0D%0Asee: here",
    ]);
  });

  it("counts paths from the root of the repository, through links, and from the collection's where there is none", () => {
    const repository = new TestCollection("annotated");
    execFileSync("git", ["init", "--quiet"], { cwd: repository.root });
    repository.writeDay(1, ["const one = 1;", "// first\nfail();"]);
    symlinkSync(repository.root, repository.path(".cache-link"));
    const failures = [{ reason: "r", cell: 2, index: 1, line: 2 }];
    for (const root of [repository.root, repository.path(".cache-link")]) {
      const [line] = annotations([outcome(1, "failed", { failures })], new Collection(root));
      expect(line).toMatch(
        /^::error file=Week1\/Day1\/perceptrons_logic_gates\.ipynb,line=\d+::Day 1: cell 2, line 2: r$/,
      );
      const at = Number(/line=(\d+)/.exec(line)![1]);
      expect(repository.read(repository.notebook(1)).split("\n")[at - 1]).toContain("fail();");
    }
    const [outside] = annotations([failing(1, "r")], new Collection("/nonexistent"));
    expect(outside).toBe("::error file=Week1/Day1/perceptrons_logic_gates.ipynb::Day 1: r");
  });

  it("stays within what GitHub shows of a step, and counts the rest", () => {
    const outcomes = Array.from({ length: 25 }, (_, index) => failing(index + 1, "r"));
    const lines = annotations(outcomes, new Collection("/nonexistent"));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe("::error::16 more failures: the log of this step has them all");
    expect(annotations(outcomes.slice(0, 10), new Collection("/nonexistent")).at(-1)).toContain("Day 10: r");
  });
});
