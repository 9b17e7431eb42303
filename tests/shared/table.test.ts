import { describe, expect, it } from "vitest";
import { jupyterDisplay, table } from "@nn30/shared";

describe("table", () => {
  const gates = table(
    [
      { gate: "x₁ | x₂", bias: -1, margin: 0.5 },
      { gate: "<NAND>", bias: 3, margin: null },
    ],
    { caption: "Two gates" },
  );
  const bundle = gates[jupyterDisplay]();

  it("escapes HTML and aligns numbers to the right", () => {
    const html = bundle["text/html"];
    expect(html).toContain('<td style="text-align:left;white-space:nowrap">&lt;NAND&gt;</td>');
    expect(html).toContain('<td style="text-align:right;white-space:nowrap">-1</td>');
  });

  it("breaks long text only", () => {
    const html = table([{ what: "Wrong wirings that neither compile nor run", value: "4.4e-16" }])[jupyterDisplay]();
    expect(html["text/html"]).toContain('<td style="text-align:left">Wrong wirings');
    expect(html["text/html"]).toContain('white-space:nowrap">4.4e-16</td>');
  });

  it("escapes the bars of a Markdown table", () => {
    expect(bundle["text/markdown"]).toBe(
      [
        "*Two gates*",
        "",
        "| gate | bias | margin |",
        "| --- | ---: | ---: |",
        "| x₁ \\| x₂ | -1 | 0.5000 |",
        "| <NAND> | 3 |  |",
      ].join("\n"),
    );
  });

  it("aligns columns as plain text", () => {
    expect(bundle["text/plain"]).toBe(
      ["Two gates", "gate     bias  margin", "x₁ | x₂    -1  0.5000", "<NAND>      3"].join("\n"),
    );
  });

  it("shortens a long table to its first and last rows and says so", () => {
    const long = table(
      Array.from({ length: 100 }, (_, i) => ({ i })),
      { maxRows: 4 },
    );
    expect(long.rows.map(([cell]) => cell)).toEqual(["0", "1", "…", "98", "99"]);
    expect(long.caption).toBe("100 rows, of which 4 are shown");
  });

  it("takes a danfojs frame, with its index when that says something", () => {
    const frame = { columns: ["close"], values: [[1.5], [2]], index: ["2013-02-28", "2013-03-01"] };
    expect(table(frame).rows).toEqual([
      ["2013-02-28", "1.5000"],
      ["2013-03-01", "2"],
    ]);
    expect(table({ ...frame, index: [0, 1] }).columns).toEqual(["close"]);
  });

  it("writes very small and very large numbers in scientific notation", () => {
    expect(table([{ a: 1.2e-7, b: 0, c: Number.NaN, d: 12345678901.5 }]).rows[0]).toEqual([
      "1.20e-7",
      "0",
      "NaN",
      "1.23e+10",
    ]);
  });

  it("separates thousands in the whole of a column, where one number has five digits", () => {
    const counts = table([
      { images: 892, year: 1929, steps: -7074.5 },
      { images: 10_000, year: 2013, steps: 1_234_567.25 },
    ]);
    expect(counts.rows).toEqual([
      ["892", "1929", "-7,074.5000"],
      ["10,000", "2013", "1,234,567.2500"],
    ]);
  });

  it("aligns numbers that are written out to the right", () => {
    const rows = [
      { count: "10,000", share: "95.1 %", size: "3.8e+12", sum: "−0.5", row: "0, 0", gap: "", of: "mean" },
      { count: "892", share: "", size: "0.1", sum: 2, row: "0, 1", gap: "", of: "5" },
    ];
    expect(table(rows)[jupyterDisplay]()["text/markdown"]).toContain("| ---: | ---: | ---: | ---: | --- | --- | --- |");
  });

  it("refuses an empty list, which has no columns", () => {
    expect(() => table([])).toThrow(/at least one row/);
  });
});
