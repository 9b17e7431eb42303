import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportDays } from "../../scripts/export/export.js";
import { claimsTable, headlineClaim } from "../../scripts/export/claims.js";
import { dayReadme } from "../../scripts/export/day-readme.js";
import { readLesson } from "../../scripts/export/lesson.js";
import { Collection } from "../../scripts/runner/paths.js";
import { MET, MISSED, SMALL, TemporaryCollection, chart, code, prose } from "./collection.js";

let temporary: TemporaryCollection;
const readmeOf = (day: number) => dayReadme(readLesson(new Collection(temporary.root), day), () => false);
const run = (...days: number[]) => exportDays(new Collection(temporary.root), days);

beforeEach(() => {
  temporary = new TemporaryCollection();
});
afterEach(() => {
  temporary.remove();
});

describe("a day's README", () => {
  it("shows the key snippet, the headline with its anchor, skills, data, claims and how to run", () => {
    temporary.day(
      5,
      [prose("# Day"), code("before();"), code("const key = 1;", [chart("A line.")], ["key"])],
      [MET, MISSED],
    );
    const readme = readmeOf(5);
    expect(readme).toContain("# Day 5 · MNIST Digit Classifier\n\nWhat day 5 is about: a colon, and more.\n");
    expect(readme).toContain("```typescript\nconst key = 1;\n```");
    expect(readme).not.toContain("before();");
    expect(readme).toContain("- Count\n- Measure\n");
    expect(readme).toContain(
      "| Accuracy \\| test | Value |\n| --- | ---: |\n| **This notebook** | **95.5 %** |\n| Target | ≥ 95 % ✓ |\n" +
        "| Baseline: darkness | 22.25 % |\n| Published: [Nielsen](https://example.org/chap1) | 95.42 % ✓ |\n",
    );
    expect(readme).toContain(
      "| Accuracy, wide | 96 | ≥ 95 ✓ |  | 96.5900 (Nielsen) | ✗ His is the best of several runs. |",
    );
    expect(readme).toContain("npm run lab\nnpm run verify -- 5\n");
    expect(readme).toContain("![A line.](blog_draft_files/chart-01.png)");
  });

  it("gives the reason when the headline misses its published number", () => {
    temporary.day(1, SMALL, [MET, MISSED], { headline: "wide" });
    expect(readmeOf(1)).toMatch(
      /96\.5900 ✗ \|\n\n\*\*Why the published number is missed:\*\* His is the best of several runs\./,
    );
  });

  it("links the neighbours that exist, across weeks, and is renewed when one appears", async () => {
    temporary.day(7, SMALL);
    await run(7);
    expect(temporary.read("Week1/Day7/README.md")).not.toContain("Day 8");
    temporary.day(8, SMALL, [MET], { needs: [7, 2] });
    const { changed } = await run(8);
    expect(changed).toContain("Week1/Day7/README.md");
    expect(temporary.read("Week1/Day7/README.md")).toContain("[Day 8 →](../../Week2/Day8/README.md)");
    const readme = temporary.read("Week2/Day8/README.md");
    expect(readme).toContain("[← Day 7](../../Week1/Day7/README.md) · **[Notebook](backpropagation.ipynb)**");
    expect(readme).toContain("Builds on [Day 7](../../Week1/Day7/README.md), Day 2.");
    expect(readme).not.toContain("Day 9");
  });

  it("asks for a cell tagged key", () => {
    temporary.day(1, [code("x;", [chart("A.")])]);
    expect(() => readmeOf(1)).toThrow(/perceptrons_logic_gates\.ipynb: expected a code cell tagged "key"/);
  });
});

describe("the collection's README", () => {
  it("has a row for every finished day and a chart for every week", async () => {
    temporary.day(1, SMALL);
    temporary.day(
      2,
      [code("k;", [chart("First.")], ["key"]), code("w;", [chart("Week's.")], ["week-chart"])],
      [MISSED],
    );
    temporary.day(3, SMALL);
    temporary.day(9, [code("k;", [chart("Nine.")], ["key"])]);
    temporary.day(10, [code("k;", [], ["key"])]); // not finished
    expect((await run(1, 2, 3, 9)).failures).toEqual([]);
    const readme = temporary.read("README.md");
    expect(readme).toContain(
      "| 2 | [Sigmoid Neurons](Week1/Day2/README.md) | Accuracy, wide | **96** | ≥ 95 | 96.5900 (Nielsen) | ✗ |",
    );
    expect(readme.match(/^\| \d+ /gm)).toEqual(["| 1 ", "| 2 ", "| 3 ", "| 9 "]);
    expect(readme).toContain("[![Week's.](Week1/Day2/blog_draft_files/chart-02.png)](Week1/Day2/README.md)");
    expect(readme).toContain("[![Nine.](Week2/Day9/blog_draft_files/chart-01.png)](Week2/Day9/README.md)");
    expect(readme.match(/!\[/g)).toHaveLength(2);
    expect(readme).toMatch(/<!-- results:end -->\n\nBy hand\.\n$/);
  });

  it("says what is missing when it has no markers", async () => {
    temporary.day(1, SMALL);
    temporary.write("README.md", "# Course\n");
    const { failures, changed } = await run(1);
    expect(failures[0].message).toMatch(/README\.md: the marker <!-- results:start --> is missing/);
    expect(changed).toContain("Week1/Day1/README.md");
  });
});

describe("headlineClaim", () => {
  const bare = { ...MISSED, id: "bare", published: undefined };

  it("is the one that is named, else the first with a published number, else the first", () => {
    expect(headlineClaim([bare, MET, MISSED], "wide", "n").id).toBe("wide");
    expect(headlineClaim([bare, MET], undefined, "n").id).toBe("accuracy");
    expect(headlineClaim([bare], undefined, "n").id).toBe("bare");
  });

  it("names the claims there are when it is not one of them", () => {
    expect(() => headlineClaim([MET], "typo", "nb")).toThrow(
      /nb: metadata\.nn30\.headline: .*\(accuracy\) but got "typo"/,
    );
  });
});

describe("claimsTable", () => {
  it("leaves out columns that no claim fills", () => {
    const bare = { id: "a", what: "A", shown: "1", target: "= 1" };
    expect(claimsTable([bare])).toBe("| Claim | Value | Target |\n| --- | ---: | --- |\n| A | 1 | = 1 ✓ |");
  });
});
