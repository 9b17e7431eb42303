import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { claiming, TestCollection } from "../runner/collection.js";
import { commit, runInShell } from "./repository.js";

const FIGURE = `({
  [Symbol.for("Jupyter.display")]: () => ({
    "application/vnd.plotly.v1+json": {
      data: [{ type: "scatter", x: [1, 2, 3], y: [3, 1, 2] }],
      layout: { meta: { alt: "A line." }, title: { text: "A line" } },
    },
    "text/plain": "A line.",
  }),
})`;

describe("what a run keeps for the next", () => {
  const collection = new TestCollection("damaged-cache");
  const damage = (folder: string): string[] => {
    const names = readdirSync(collection.path(folder)).filter((name) => /\.(?:json|png)$/.test(name));
    for (const name of names) truncateSync(collection.path(folder, name), 30);
    return names;
  };
  const save = async (): Promise<void> => {
    expect((await collection.verify(["1", "--save", "--force"])).code).toBe(0);
    expect((await collection.export(["1"])).code).toBe(0);
  };

  beforeAll(async () => {
    collection.writeDay(1, [
      { type: "markdown", source: "It is [1](#claim-one)." },
      claiming(1),
      { source: FIGURE, tags: ["key"] },
    ]);
    collection.writeDay(2, [{ type: "markdown", source: "It is [1](#claim-one)." }, claiming(2)]);
    await save();
  }, 120_000);

  it("is made anew where it is damaged: pictures, drafts, runs", async () => {
    const before = collection.snapshot();
    expect(damage(".cache/charts")).toHaveLength(1);
    expect(damage(".cache/export").length).toBeGreaterThan(0);
    expect(damage(".cache/verify")).toEqual(["day01.json"]);
    await save();
    expect(collection.snapshot()).toEqual(before);
  }, 120_000);

  it("does not count as success when the claims of the last run are lost", async () => {
    expect((await collection.verify(["2"])).output).toMatch(/^ +2 .* passed/m);
    expect((await collection.verify(["2"])).output).toMatch(/^ +2 .* cached/m);
    truncateSync(collection.path(".cache/runs/day02/results.json"), 30);
    const { code, output } = await collection.verify(["2"]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^ +2 .* passed/m)]);
  }, 60_000);

  it("is not needed: a notebook's picture that is damaged is reported, refused by export, and drawn anew by --save", async () => {
    const file = collection.notebook(1);
    const sound = collection.snapshot();
    collection.write(file, sound[file].replace(/("image\/png": "[^"]{100})[^"]*/, "$1"));
    expect(collection.read(file)).not.toBe(sound[file]);
    const checked = await collection.verify(["--check", "1"]);
    expect(checked.code).toBe(1);
    expect(checked.output).toContain(`${file}: cell 2 has a damaged picture\n  → npm run verify -- 1 --save`);
    const exported = await collection.export(["1"]);
    expect(exported.code).toBe(1);
    expect(exported.output).toContain(`${file}, cell 3: its picture is damaged. Run npm run verify -- 1 --save first`);
    expect((await collection.verify(["1", "--save"])).code).toBe(0);
    expect(collection.snapshot()).toEqual(sound);
  }, 60_000);

  it("is not needed: an exported picture or draft that is damaged is reported, and export repairs it", async () => {
    const sound = collection.snapshot();
    const [picture, draft] = ["Week1/Day1/blog_draft_files/chart-01.png", "Week1/Day1/blog_draft.md"];
    truncateSync(collection.path(picture), 50);
    collection.write(draft, sound[draft].replace("It is", "It was"));
    const { code, output } = await collection.verify(["--check", "1"]);
    expect(code).toBe(1);
    for (const name of [picture, draft]) {
      expect(output).toContain(`${name}: it is not what the notebook and its results give\n  → npm run export -- 1`);
    }
    expect((await collection.export(["1"])).code).toBe(0);
    expect(collection.snapshot()).toEqual(sound);
  }, 60_000);
});

describe("the model of Transformers.js that lies in the cache", () => {
  const collection = new TestCollection("damaged-model");

  it("is put there anew when it was cut short", async () => {
    const cell = `import { loadSentenceEncoder } from "@nn30/shared";
const encoder = await loadSentenceEncoder();
const vector = await encoder.embed("a text");
vector.length;`;
    collection.writeDay(1, [claiming(1), cell]);
    expect((await collection.verify(["1"])).code).toBe(0);
    const model = collection.path(".cache/models/minilm/onnx/model_quantized.onnx");
    truncateSync(model, 1_000_000);
    expect((await collection.verify(["1", "--force"])).output).toMatch(/^ +1 .* passed/m);
  }, 120_000);
});

describe("a README whose generated parts cannot be found", () => {
  const collection = new TestCollection("damaged-readme");
  let good: string;
  beforeAll(() => {
    collection.writeDay(1, [claiming(1)]);
    good = collection.read("README.md");
    commit(collection);
  });

  it.each([
    ["without a marker", (text: string) => text.replace("<!-- progress-tracker:end -->", ""), "is missing"],
    ["with a marker twice", (text: string) => text + text, "is there twice"],
    [
      "with markers in the wrong order",
      (text: string) => text.replace(/(<!-- progress-badge:start -->)\n(<!-- progress-badge:end -->)/, "$2\n$1"),
      "comes before its start",
    ],
    ["that is empty", () => "", "is missing"],
  ])("%s stops verify and --check before anything is written, with what restores it", async (_what, damage, reason) => {
    collection.write("README.md", damage(good));
    const before = collection.snapshot();
    for (const args of [["1"], ["--check"]]) {
      const { code, output } = await collection.verify(args);
      expect([args, code]).toEqual([args, 2]);
      expect(output).toMatch(/^verify: README\.md: the marker <!-- progress-(badge|tracker):(start|end) -->/m);
      expect(output).toContain(reason);
      expect(output).toContain("restore the file with: git checkout HEAD -- README.md");
    }
    expect({ ...collection.snapshot(), ".git/index": "" }).toEqual({ ...before, ".git/index": "" });
    runInShell(collection, "git checkout HEAD -- README.md");
    expect(collection.read("README.md")).toBe(good);
  });

  it("that is gone is asked for by its name", async () => {
    runInShell(collection, "rm README.md");
    const { code, output } = await collection.verify(["1"]);
    expect(code).toBe(2);
    expect(output).toMatch(/README\.md.*git checkout HEAD -- README\.md/);
    writeFileSync(collection.path("README.md"), good);
  });
});
