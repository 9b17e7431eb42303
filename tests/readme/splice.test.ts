import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { section, splice } from "../../scripts/readme/splice.js";

const START = "<!-- table:start -->";
const END = "<!-- table:end -->";
const noMarkers = fc.string({ unit: "binary" }).filter((text) => !text.includes("<!-- table:"));

describe("splice", () => {
  it("replaces what lies between the markers", () => {
    expect(splice(`a ${START}old${END} b`, "table", "new", "x.md")).toBe(`a ${START}\nnew\n${END} b`);
  });

  it("leaves every other byte alone, and a second time changes nothing", () => {
    fc.assert(
      fc.property(noMarkers, noMarkers, noMarkers, (before, old, after) => {
        const spliced = splice(before + START + old + END + after, "table", "| new |", "x.md");
        expect(spliced.startsWith(before + START)).toBe(true);
        expect(spliced.endsWith(END + after)).toBe(true);
        expect(section(spliced, "table", "x.md")).toBe("| new |");
        expect(splice(spliced, "table", "| new |", "x.md")).toBe(spliced);
      }),
      { seed: 5 },
    );
  });

  it("keeps the line ends of a file from Windows", () => {
    const text = `one\r\n${START}\r\nold\r\n${END}\r\ntwo\r\n`;
    expect(splice(text, "table", "a\nb", "x.md")).toBe(`one\r\n${START}\r\na\r\nb\r\n${END}\r\ntwo\r\n`);
    expect(section(text.replace("old", "a\r\nb"), "table", "x.md")).toBe("a\nb");
  });

  it.each([
    ["no start", `text ${END}`, `${START} is missing`],
    ["no end", `text ${START}`, `${END} is missing`],
    ["two starts", `${START}${START}${END}`, `${START} is there twice`],
    ["two ends", `${START}${END}${END}`, `${END} is there twice`],
    ["the wrong order", `${END}${START}`, `${END} comes before its start`],
  ])("refuses %s", (_what, text, message) => {
    expect(() => splice(text, "table", "new", "x.md")).toThrow(RangeError);
    expect(() => section(text, "table", "x.md")).toThrow(`x.md: the marker ${message}`);
  });
});
