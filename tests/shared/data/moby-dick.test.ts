import { mobyDick } from "@nn30/shared";
import { expect, it } from "vitest";

it("is the whole of the 135 chapters, as published", () => {
  const text = mobyDick();
  expect(text).toHaveLength(1_190_317);
  const chapters = [...text.matchAll(/^CHAPTER (\d+)\. /gm)].map(([, number]) => Number(number));
  expect(chapters).toEqual(Array.from({ length: 135 }, (_, i) => i + 1));
  expect(text.trimEnd().endsWith("the great\nshroud of the sea rolled on as it rolled five thousand years ago.")).toBe(
    true,
  );
  expect(new Set(text).size).toBe(83);
  expect(text.includes("\r")).toBe(false);
  expect(text.includes("\ufffd")).toBe(false);
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.split("—").length - 1).toBe(1_616);
});
