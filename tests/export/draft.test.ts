import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exportDays } from "../../scripts/export/export.js";
import { splitFrontMatter } from "../../scripts/export/front-matter.js";
import { Collection } from "../../scripts/runner/paths.js";
import { MET, PNG, TemporaryCollection, chart, claims, code, prose, result, stream } from "./collection.js";

const DRAFT = "Week1/Day1/blog_draft.md";

describe("a blog draft", () => {
  const temporary = new TemporaryCollection();
  let draft: string;

  beforeAll(async () => {
    temporary.day(1, [
      prose("# Day 1 · Gates\n\nAccuracy is [95.5 %](#claim-accuracy), see\n[Day 2](../Day2/README.md)."),
      prose("- a list\n  that goes on\n\n> quoted\n> text\n\n$$\na\n= b\n$$\n\nand $x_1\n\\cdot x_2$; kept  \nbreak"),
      code(
        "const x = 1;",
        [stream("\u001b[31mred\u001b[0m  \n\nend\n\n"), stream("noise", "stderr"), stream("\n")],
        ["key"],
      ),
      code("first();", [chart("A [line]\nof points.")]),
      code("table();", [result({ "text/html": "<table>no</table>", "text/markdown": "| a |\n| --- |\n| 1 |" })]),
      code("claim();", [claims(MET)]),
      code("skipped();", [stream("skipped out"), chart("skipped chart")], ["blog-skip"]),
      prose("skipped prose", "blog-skip"),
      code("hiddenInput();", [stream("shown output")], ["hide-input"]),
      code("shownInput();", [stream("hidden output"), chart("hidden chart")], ["hide-output"]),
      code("second();", [chart("Second.")]),
      code("// Exercise 3: why\nsolve();", [stream("solved")], ["solution"], { jupyter: { source_hidden: true } }),
      code("plumbing();", [stream("plumbed")], [], { jupyter: { source_hidden: true } }),
      code("fail();", [{ output_type: "error", ename: "RangeError", evalue: "too far", traceback: ["\u001b[31mno"] }]),
      code("latex();", [result({ "text/latex": "$$e^x$$", "text/plain": "no" })]),
      code("ticks();", [stream("```\ninner\n```")]),
      code("", []),
      code("script();", [result({ "text/html": "<script>no()</script>", "text/plain": "instead" })]),
    ]);
    const { failures } = await exportDays(new Collection(temporary.root), [1]);
    expect(failures).toEqual([]);
    draft = temporary.read(DRAFT);
  });
  afterAll(() => {
    temporary.remove();
  });

  it("opens with front matter that blog hosts read", () => {
    expect(draft.startsWith("---\n")).toBe(true);
    expect(parse(splitFrontMatter(draft).yaml)).toEqual({
      title: "Day 1: Perceptrons and Logic Gates",
      description: "What day 1 is about: a colon, and more.",
      tags: "typescript, tutorial",
      published: false,
      cover_image: "blog_draft_files/chart-01.png",
    });
  });

  it("has prose one paragraph a line, without the title, with claims as text and links as they are", () => {
    expect(draft).toContain("\n\nAccuracy is 95.5 %, see [Day 2](../Day2/README.md).\n\n");
    expect(draft).not.toContain("# Day 1");
    expect(draft).toContain("\n- a list that goes on\n\n> quoted text\n");
    expect(draft).toContain("kept  \nbreak");
  });

  it("keeps formulas as they are written", () => {
    expect(draft).toContain("$$\na\n= b\n$$");
    expect(draft).toContain("and $x_1 \\cdot x_2$;");
    expect(draft).toContain("\n\n$$e^x$$\n\n");
  });

  it("has code and streams in fences, and no escape codes, stderr, empty blocks or prompts", () => {
    expect(draft).toContain("\n\n```typescript\nconst x = 1;\n```\n\n```text\nred\n\nend\n```\n\n");
    expect(draft).toContain("\n\n````text\n```\ninner\n```\n````\n\n");
    expect(draft).toContain("```text\nRangeError: too far\n```");
    expect(draft).toContain("```text\ninstead\n```");
    expect(draft).not.toContain("\u001b");
    expect(draft).not.toMatch(/noise|\[1\]|<script|^```\w*\n\s*^```$|\n\n\n/m);
  });

  it("has charts as files with their descriptions, numbered in order of appearance", () => {
    expect(draft).toContain("\n\n![A \\[line\\] of points.](blog_draft_files/chart-01.png)\n\n");
    expect(draft).toContain("![Second.](blog_draft_files/chart-02.png)");
    const picture = (name: string) => path.join(temporary.root, "Week1/Day1/blog_draft_files", name);
    expect(readFileSync(picture("chart-02.png")).toString("base64")).toBe(PNG);
    expect(existsSync(picture("chart-03.png"))).toBe(false);
  });

  it("has tables and claims as Markdown", () => {
    expect(draft).toContain("\n\n| a |\n| --- |\n| 1 |\n\n");
    expect(draft).toMatch(/\| Claim \| Value \|.*\n.*\n\| Accuracy \\\| test \| 95.5 % \|/);
    expect(draft).not.toContain("<table>");
  });

  it("leaves out what tags say", () => {
    expect(draft).not.toMatch(/skipped|hiddenInput|hidden output|hidden chart/);
    expect(draft).toContain("shown output");
    expect(draft).toContain("shownInput();");
  });

  it("folds solutions with their output, and hidden code without", () => {
    expect(draft).toContain(
      "<details>\n<summary>Solution: exercise 3</summary>\n\n```typescript\n// Exercise 3: why\nsolve();\n```\n\n" +
        "```text\nsolved\n```\n\n</details>\n",
    );
    expect(draft).toContain(
      "<details>\n<summary>Code</summary>\n\n```typescript\nplumbing();\n```\n\n</details>\n\n```text\nplumbed\n```",
    );
  });
});

describe("a second export", () => {
  const temporary = new TemporaryCollection();
  const collection = new Collection(temporary.root);
  afterAll(() => {
    temporary.remove();
  });

  it("changes nothing, keeps what a person wrote, and removes charts that are gone", async () => {
    const cells = (...charts: string[]) => [
      prose("# Day"),
      code(
        "x;",
        charts.map((alt) => chart(alt)),
        ["key"],
      ),
    ];
    temporary.day(1, cells("One.", "Two."));
    const first = await exportDays(collection, [1]);
    expect(first.changed.sort()).toEqual([
      "README.md",
      "Week1/Day1/README.md",
      "Week1/Day1/blog_draft.md",
      "Week1/Day1/blog_draft_files/chart-01.png",
      "Week1/Day1/blog_draft_files/chart-02.png",
    ]);
    expect((await exportDays(collection, [1])).changed).toEqual([]);

    const edited = temporary
      .read(DRAFT)
      .replace("published: false", "published: true # at last\nseries: Thirty Days")
      .replace(/cover_image: .*/, "cover_image: https://example.org/a.png")
      .replace(/title: .*/, "title: Mine")
      .replace("<!-- generated:start -->", "Above.\n\n<!-- generated:start -->")
      .concat("\nBelow.\n");
    temporary.write(DRAFT, edited);
    temporary.write("Week1/Day1/README.md", `${temporary.read("Week1/Day1/README.md")}\nMy notes.\n`);
    temporary.write("Week1/Day1/blog_draft_files/mine.png", "mine");
    temporary.day(1, cells("One, new."));
    const second = await exportDays(collection, [1]);
    expect(second.changed).toContain("Week1/Day1/blog_draft_files/chart-02.png");

    const draft = temporary.read(DRAFT);
    expect(draft).toContain('title: "Day 1: Perceptrons');
    expect(draft).toContain("published: true # at last\nseries: Thirty Days\n");
    expect(draft).toContain("cover_image: https://example.org/a.png\n");
    expect(draft).toContain("\nAbove.\n\n<!-- generated:start -->\n");
    expect(draft).toMatch(/<!-- generated:end -->\n\nBelow\.\n$/);
    expect(draft).toContain("![One, new.]");
    expect(draft).not.toContain("Two.");
    expect(temporary.read("Week1/Day1/README.md")).toMatch(/<!-- generated:end -->\n\nMy notes\.\n$/);
    expect(temporary.read("Week1/Day1/blog_draft_files/mine.png")).toBe("mine");
    expect(existsSync(path.join(temporary.root, "Week1/Day1/blog_draft_files/chart-02.png"))).toBe(false);
    expect((await exportDays(collection, [1])).changed).toEqual([]);
  });

  it("refuses to overwrite a draft that has no markers", async () => {
    temporary.write(DRAFT, "All mine.\n");
    const { failures } = await exportDays(collection, [1]);
    expect(failures.map(({ message }) => message).join()).toMatch(/blog_draft\.md.*generated:start.*missing/);
    expect(temporary.read(DRAFT)).toBe("All mine.\n");
  });
});
