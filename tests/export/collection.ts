import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ClaimRecord, ClaimTable, checkClaim, jupyterDisplay } from "@nn30/shared";
import { DAYS, dayFolder, notebookPath } from "../../scripts/curriculum.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

export type RawCell = Record<string, unknown>;
export type RawOutput = Record<string, unknown>;

/** One red pixel. */
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

export function prose(source: string, ...tags: string[]): RawCell {
  return { cell_type: "markdown", id: "p", metadata: { tags }, source };
}

export function code(source: string, outputs: RawOutput[] = [], tags: string[] = [], metadata: object = {}): RawCell {
  return { cell_type: "code", execution_count: 1, id: "c", metadata: { tags, ...metadata }, outputs, source };
}

export function stream(text: string, name = "stdout"): RawOutput {
  return { output_type: "stream", name, text };
}

export function result(data: Record<string, unknown>): RawOutput {
  return { output_type: "execute_result", execution_count: 1, metadata: {}, data };
}

export function chart(alt: string): RawOutput {
  return result({
    "application/vnd.plotly.v1+json": { data: [], layout: {} },
    "image/png": PNG,
    "text/plain": alt,
  });
}

export const MET = checkClaim("accuracy", {
  what: "Accuracy | test",
  value: 95.5,
  atLeast: 95,
  format: (value) => `${value} %`,
  baseline: { what: "darkness", value: 22.25 },
  published: { value: 95.42, source: "Nielsen", url: "https://example.org/chap1" },
});

export const MISSED = checkClaim("wide", {
  what: "Accuracy, wide",
  value: 96,
  atLeast: 95,
  published: { value: 96.59, source: "Nielsen" },
  reason: "His is the best of several runs.",
});

export function claims(...records: ClaimRecord[]): RawOutput {
  return result(new ClaimTable(records)[jupyterDisplay]());
}

/** A collection in a temporary folder of the checkout. */
export class TemporaryCollection {
  readonly root: string;

  constructor() {
    const parent = path.join(CHECKOUT, ".cache", "tests");
    mkdirSync(parent, { recursive: true });
    this.root = mkdtempSync(path.join(parent, "export-"));
    this.write("README.md", "# Course\n\n<!-- results:start -->\n<!-- results:end -->\n\nBy hand.\n");
  }

  /** Writes a day; without `records` it has no results. */
  day(day: number, cells: RawCell[], records: ClaimRecord[] | undefined = [MET], lesson: object = {}): void {
    const nn30 = {
      day,
      title: DAYS[day - 1].topic,
      summary: `What day ${day} is about: a colon, and more.`,
      skills: ["Count", "Measure"],
      data: ["MNIST"],
      needs: [],
      tags: ["typescript", "tutorial"],
      timeBudget: 10,
      ...lesson,
    };
    const kernelspec = { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" };
    const identified = cells.map((cell, index) => ({ ...cell, id: `cell-${index}` }));
    const notebook = { cells: identified, metadata: { kernelspec, nn30 }, nbformat: 4, nbformat_minor: 5 };
    this.write(notebookPath(DAYS[day - 1]), JSON.stringify(notebook));
    if (records.length === 0) return;
    const results = { format: 1, day, seed: 1, versions: {}, claims: records, experiments: {} };
    this.write(`${dayFolder(DAYS[day - 1])}/results.json`, JSON.stringify(results));
  }

  write(name: string, content: string): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(name: string): string {
    return readFileSync(path.join(this.root, name), "utf8");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A finished day in its smallest form. */
export const SMALL = [prose("# Day"), code("const x = 1;", [chart("A line.")], ["key"])];
