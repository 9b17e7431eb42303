import fc from "fast-check";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAYS, notebookPath } from "../../scripts/curriculum.js";
import { badgeColour, percentDone, renderBadge, renderBadgeLink } from "../../scripts/readme/badge.js";
import { refreshProgress, staleProgress } from "../../scripts/readme/progress.js";
import { parseTracker, renderTracker } from "../../scripts/readme/tracker.js";
import { Collection } from "../../scripts/runner/paths.js";

const someDays = fc.uniqueArray(fc.integer({ min: 1, max: 30 })).map((days) => new Set(days));

describe("the curriculum", () => {
  it("has thirty days in weeks of 7, 7, 7 and 9, each with a file of its own", () => {
    expect(DAYS.map(({ day }) => day)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect([1, 2, 3, 4].map((week) => DAYS.filter((day) => day.week === week).length)).toEqual([7, 7, 7, 9]);
    expect(new Set(DAYS.map(notebookPath)).size).toBe(30);
    expect(notebookPath(DAYS[4])).toBe("Week1/Day5/mnist_digit_classifier.ipynb");
    expect(notebookPath(DAYS[29])).toBe("Week4/Day30/reflection_journey_part_2.ipynb");
  });
});

describe("the tracker", () => {
  it("has a row for each day, and links those that are done", () => {
    const lines = renderTracker(new Set([5])).split("\n");
    expect(lines).toHaveLength(32);
    expect(lines[0]).toBe("| Day | Topic | Status |");
    expect(lines[6]).toBe("| 5 | [MNIST Digit Classifier](Week1/Day5/mnist_digit_classifier.ipynb) | ✅ Done |");
    expect(lines[7]).toBe("| 6 | Evaluating MNIST Classifier | 🔲 Pending |");
  });

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(someDays, (done) => {
        expect(parseTracker(renderTracker(done))).toEqual(done);
      }),
      { seed: 5 },
    );
  });

  it("takes an empty or foreign table for thirty pending days", () => {
    expect(parseTracker("")).toEqual(new Set());
    expect(parseTracker("| 1 | A topic with ✅ in it | 🔲 Pending |\n| x | y | ✅ Done |")).toEqual(new Set());
  });
});

describe("the badge", () => {
  it.each([
    [0, "red"],
    [19, "red"],
    [20, "orange"],
    [40, "yellow"],
    [60, "yellowgreen"],
    [80, "green"],
    [99, "green"],
    [100, "brightgreen"],
  ])("at %i %% is %s", (percent, colour) => expect(badgeColour(percent)).toBe(colour));

  it("says 100 only when all days are done", () => {
    const all = new Set(DAYS.map(({ day }) => day));
    expect(percentDone(all)).toBe(100);
    all.delete(30);
    expect(percentDone(all)).toBe(96);
    expect(percentDone(new Set([1, 5]))).toBe(6);
  });

  it("is a picture with its own text and no address to load anything from", () => {
    const svg = renderBadge(new Set([1, 2, 3]));
    expect(svg).toContain("<title>Progress: 10%</title>");
    expect(svg.replaceAll("http://www.w3.org/", "")).not.toMatch(/https?:/);
    expect(renderBadgeLink(new Set([1, 2, 3]))).toBe(
      "[![Progress: 10 %](.github/progress.svg)](https://img.shields.io/badge/Progress-10%25-red)",
    );
  });
});

describe("refreshing", () => {
  let collection: Collection;
  const readme = (): string => readFileSync(collection.readme, "utf8");

  beforeEach(() => {
    collection = new Collection(mkdtempSync(path.join(tmpdir(), "progress-")));
    const section = (name: string): string => `<!-- ${name}:start -->\n<!-- ${name}:end -->`;
    writeFileSync(collection.readme, `# Title\n${section("progress-badge")}\n${section("progress-tracker")}\nEnd\n`);
    for (const day of [1, 2, 3]) {
      mkdirSync(collection.folder(day), { recursive: true });
      writeFileSync(collection.notebook(day), "{}");
    }
  });
  afterEach(() => rmSync(collection.root, { recursive: true }));

  it("sets the days that were looked at and keeps the others", async () => {
    expect(await refreshProgress(collection, new Map([[1, true], [2, true]]))).toEqual(["README.md", ".github/progress.svg"]); // prettier-ignore
    expect(parseTracker(readme())).toEqual(new Set([1, 2]));
    await refreshProgress(collection, new Map([[2, false], [3, true]])); // prettier-ignore
    expect(parseTracker(readme())).toEqual(new Set([1, 3]));
    expect(readFileSync(collection.badge, "utf8")).toContain("Progress: 6%");
  });

  it("does not call a day done whose notebook is gone", async () => {
    await refreshProgress(collection, new Map([[1, true], [2, true]])); // prettier-ignore
    rmSync(collection.notebook(2));
    expect(staleProgress(collection)).toEqual(["README.md", ".github/progress.svg"]);
    await refreshProgress(collection, new Map());
    expect(parseTracker(readme())).toEqual(new Set([1]));
    expect(staleProgress(collection)).toEqual([]);
  });

  it("does not write files that are as they should be", async () => {
    await refreshProgress(collection, new Map([[1, true]]));
    const inode = statSync(collection.readme).ino;
    expect(await refreshProgress(collection, new Map([[1, true]]))).toEqual([]);
    expect(statSync(collection.readme).ino).toBe(inode);
  });
});
