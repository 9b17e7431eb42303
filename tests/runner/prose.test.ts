import { describe, expect, it } from "vitest";
import { proseMismatches } from "../../scripts/runner/prose.js";

const claims = [
  { id: "test-accuracy", shown: "95.26 %", baseline: { shown: "22.25 %" }, published: { shown: "95.42 %" } },
  { id: "gates", shown: "14" },
];
const markdown = (source: string | string[]) => [{ cell_type: "markdown", source }];

describe("numbers in the prose", () => {
  it("accepts a number, baseline and published number that the claim shows", () => {
    const text =
      "[95.26 %](#claim-test-accuracy) beats [22.25 %](#claim-test-accuracy-baseline), not [95.42 %](#claim-test-accuracy-published).";
    expect(proseMismatches(markdown(text), claims)).toEqual([]);
  });

  it("names cell and line of a number that its claim no longer shows", () => {
    const cells = [{ cell_type: "code", source: "1;" }, ...markdown(["First line.\n", "[13](#claim-gates) gates"])];
    expect(proseMismatches(cells, claims)).toEqual([
      { cellIndex: 1, line: 2, reason: 'the prose says 13 where claim "gates" shows 14' },
    ]);
  });

  it("reports a link to a claim that does not exist, and to a part that the claim lacks", () => {
    const reasons = proseMismatches(markdown("[1](#claim-nothing) and [2](#claim-gates-baseline)"), claims);
    expect(reasons.map(({ reason }) => reason)).toEqual([
      '[1](#claim-nothing) links to claim "nothing", which this notebook does not state',
      '[2](#claim-gates-baseline): claim "gates" has no baseline number',
    ]);
  });

  it("ignores code cells and other links", () => {
    expect(
      proseMismatches([{ cell_type: "code", source: "// [1](#claim-x)" }, ...markdown("[a](#b)")], claims),
    ).toEqual([]);
  });
});
