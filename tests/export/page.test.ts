import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportPages } from "../../scripts/export/export.js";
import { finishPage } from "../../scripts/export/page.js";
import { Collection } from "../../scripts/runner/paths.js";
import { PNG, TemporaryCollection, chart, code, prose, result, stream } from "./collection.js";

describe("a page", () => {
  const temporary = new TemporaryCollection();
  let page: string;

  beforeAll(async () => {
    temporary.day(1, [
      prose("# Day 1\n\nSum $a < b$ and [95 %](#claim-a), [tomorrow](../Day2/README.md).\n\n$$\n\\frac{1}{2}\n$$"),
      code('const x: string = "<b>";', [stream("a < b"), stream("noise", "stderr")], ["key"]),
      code("draw();", [chart('A "line".')]),
      code("html();", [result({ "text/html": "<table><td>1</td></table>", "text/markdown": "no" })]),
      code("hidden();", [], ["blog-skip"]),
      code("solve();", [], ["solution"]),
    ]);
    const { failures, changed } = await exportPages(new Collection(temporary.root), [1], `${temporary.root}/html`);
    expect(failures).toEqual([]);
    expect(changed).toEqual(["html/day01.html"]);
    page = temporary.read("html/day01.html");
  });
  afterAll(() => {
    temporary.remove();
  });

  it("needs nothing from elsewhere", () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|src="(?!data:)|url\((?!["']?(?:data:|%23))/);
    expect(page).toMatch(/<img alt=(?:'A "line"\.'|"A &quot;line&quot;\.") src="data:image/);
    expect(page).toContain(`src="data:image/png;base64,${PNG}"`);
  });

  it("has formulas as MathML", () => {
    expect(page).not.toContain("nn30-math>");
    expect(page).not.toContain("$");
    expect(page).toMatch(/<math><mrow><mi>a<\/mi><mo>&lt;<\/mo><mi>b<\/mi>/);
    expect(page).toMatch(/<math display="block"[^>]*>.*<mfrac>.*<mn>1<\/mn>.*<mn>2<\/mn>/);
  });

  it("has escaped code and output, tables as HTML, and neither noise nor what tags leave out", () => {
    expect(page).toMatch(/&lt;b&gt;/);
    expect(page).toContain("a &lt; b");
    expect(page).toContain("<table><td>1</td></table>");
    expect(page).toMatch(/<details><summary>Solution<\/summary>/);
    expect(page).not.toMatch(/noise|>hidden<|In \[|Out\[/);
  });

  it("leads to the pages of other days, and shows claims as text", () => {
    expect(page).toContain('<a href="day02.html">tomorrow</a>');
    expect(page).toContain("and 95 %,");
  });
});

describe("finishPage", () => {
  it("names the notebook and the formula that is not TeX", () => {
    const html = '<nn30-math data-display="false">\\nonsense{x}</nn30-math>';
    expect(() => finishPage(html, "day.ipynb")).toThrow(/^day\.ipynb: formula \\nonsense\{x\}: .*\\nonsense/);
  });
});
