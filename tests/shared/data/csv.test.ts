import { decodeUtf8, parseCsv } from "@nn30/shared/dist/data/csv.js";
import { describe, expect, it } from "vitest";

describe("parseCsv", () => {
  it("reads fields with commas, quotation marks and line ends in them", () => {
    const text = 'text,label\n"one, ""two""\nthree",1\nfour;5,\n';
    expect(parseCsv("reviews", text, ["text", "label"])).toEqual([
      ['one, "two"\nthree', "1"],
      ["four;5", ""],
    ]);
  });

  it("reads Windows' line ends, and a last line without one", () => {
    expect(parseCsv("prices", "a,b\r\n1,2\r\n3,4", ["a", "b"])).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  it.each([
    ["other columns", "a,c\n1,2\n", "expected prices to have the columns a,b but got a,c"],
    ["no line at all", "", "expected prices to have the columns a,b but got "],
    ["a short row", "a,b\n1,2\n3\n", "expected row 2 of prices to have 2 fields but got 1"],
    ["a long row", "a,b\n1,2,3\n", "expected row 1 of prices to have 2 fields but got 3"],
    ["an open quotation mark", 'a,b\n1,"2\n', "prices is not a table: Quoted field unterminated (row 1)"],
  ])("refuses a table with %s", (_, text, message) => {
    expect(() => parseCsv("prices", text, ["a", "b"])).toThrow(new RangeError(`parseCsv: ${message}`));
  });
});

describe("decodeUtf8", () => {
  it("decodes a part of a buffer", () => {
    expect(decodeUtf8(new Uint8Array(Buffer.from("—“é”—")).subarray(3, 11))).toBe("“é”");
  });
});
