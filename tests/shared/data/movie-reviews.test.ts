import { createHash } from "node:crypto";
import { type MovieReview, movieReviews, type ReviewSource } from "@nn30/shared";
import { describe, expect, it } from "vitest";

const all = movieReviews();

/** Runs of reviews with the same source and label, and how long each is. */
function runs(reviews: readonly MovieReview[]): [ReviewSource, number, number][] {
  const found: [ReviewSource, number, number][] = [];
  for (const { source, label } of reviews) {
    const last = found.at(-1);
    if (last?.[0] === source && last[1] === label) last[2]++;
    else found.push([source, label, 1]);
  }
  return found;
}

describe("movieReviews", () => {
  it("is balanced, and sorted by source and label", () => {
    expect(runs(all)).toEqual([
      ["imdb", 0, 12_500],
      ["imdb", 1, 12_500],
      ["rotten_tomatoes", 1, 4_265],
      ["rotten_tomatoes", 0, 4_265],
    ]);
  });

  it("has the same texts as an independent reader in Python", () => {
    const lines = all.map(({ text, label, source }) => `${text}\t${label}\t${source}`);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(
      "c54d409c1963a9521670dd2a8a0fa68b32ed6c9548ce7f7e12053fde4fdea297",
    );
  });

  it("has 96 duplicates, all of imdb and with the label of the first, which it removes when asked to", () => {
    const unique = movieReviews({ removeDuplicates: true });
    expect(unique).toHaveLength(33_530 - 96);
    expect(runs(unique).map(([, , count]) => count)).toEqual([12_432, 12_472, 4_265, 4_265]);
    expect(new Set(unique.map(({ text }) => text)).size).toBe(unique.length);
    const labels = new Map(unique.map(({ text, label }) => [text, label]));
    expect(all.every(({ text, label }) => labels.get(text) === label)).toBe(true);
  });

  it("gives one source", () => {
    expect(movieReviews({ source: "rotten_tomatoes" })).toEqual(all.slice(25_000));
    expect(movieReviews({ source: "imdb", removeDuplicates: true })).toHaveLength(24_904);
  });

  it("replaces line breaks by spaces when asked to, and nothing else", () => {
    expect(all.filter(({ text }) => text.includes("<br />"))).toHaveLength(14_665);
    const plain = movieReviews({ removeLineBreaks: true });
    expect(plain.some(({ text }) => text.includes("<br />"))).toBe(false);
    const words = (text: string) => text.split(/\s+/).join(" ");
    const changed = plain.filter(({ text }, i) => words(text) !== words(all[i].text.replaceAll("<br />", " ")));
    expect(changed).toEqual([]);
    expect(all[0].text).toContain("for myself.<br /><br />The plot");
    expect(plain[0].text).toContain("for myself. The plot");
  });

  it("compares the texts as it returns them: one more pair is equal without line breaks", () => {
    expect(movieReviews({ source: "imdb", removeDuplicates: true, removeLineBreaks: true })).toHaveLength(24_903);
  });

  it("refuses a source that there is not", () => {
    expect(() => movieReviews({ source: "amazon" as ReviewSource })).toThrow(
      new RangeError("movieReviews: expected source to be imdb or rotten_tomatoes but got amazon"),
    );
  });
});
