import { execFileSync } from "node:child_process";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContext } from "../../scripts/setup/context.mjs";
import { kernelSpec } from "../../scripts/setup/kernel-spec.mjs";
import { TestCollection } from "../runner/collection.js";
import { completeCheckout, realCompiler, repository } from "../setup/fake-checkout.js";

const NAME = "Prüfstand für Netze, 网络 (100 %)";
const FOLDER = path.join(repository, ".cache", "test-runner");
const LINK = path.join(FOLDER, "a link");

const CELLS = [
  `import * as tf from "@tensorflow/tfjs-node";
import { lesson } from "@nn30/shared";
import { pathToFileURL } from "node:url";
const day = lesson(1, { seed: 1 });
console.log(process.cwd());
console.log(pathToFileURL(process.cwd()).href);`,
  {
    source: `day.claim("sum", { what: "Sum", value: tf.tensor1d([1, 2]).sum().arraySync() as number, atLeast: 3 });`,
    tags: ["key"],
  },
  `({
  [Symbol.for("Jupyter.display")]: () => ({
    "application/vnd.plotly.v1+json": { data: [{ type: "scatter", x: [1, 2], y: [3, 1] }], layout: { meta: { alt: "A line." } } },
    "text/plain": "A line.",
  }),
})`,
];

describe.skipIf(process.platform !== "linux")("a checkout", () => {
  let plain: Record<string, string>;
  let collection: TestCollection;

  /** Runs all commands, and returns what they leave in the collection. */
  async function runAll(): Promise<Record<string, string>> {
    collection.writeDay(1, CELLS);
    for (const [command, args] of [
      ["verify", ["1", "--save", "--force"]],
      ["export", ["1"]],
      ["verify", ["--check", "1"]],
      ["export", ["--check", "1"]],
      ["check", ["1"]],
    ] as const) {
      const { code, output } = await collection.run(command, args);
      expect([command, args, code, output]).toEqual([command, args, 0, expect.anything()]);
    }
    expect(await collection.leftovers()).toEqual([]);
    return collection.snapshot((file) => /^(Week|\.github|README)/.test(file));
  }

  beforeAll(async () => {
    collection = new TestCollection("places");
    plain = await runAll();
    const elsewhere = path.join(FOLDER, NAME);
    collection = new TestCollection(NAME, { installation: elsewhere });
    const sources = ["scripts", "shared", "eslint.config.mjs", "tsconfig.base.json"];
    for (const name of ["package.json", "package-lock.json", "requirements.txt", ...sources]) {
      cpSync(path.join(repository, name), path.join(elsewhere, name), { recursive: true });
    }
    // What is installed is large, and nobody writes there: links will do. Links to the files, not to the folders, so
    // that every path is one of the new place.
    const installed = ["node_modules", ".venv", ".native", ".data"];
    execFileSync("cp", ["-al", ...installed.map((name) => path.join(repository, name)), elsewhere]);
    await kernelSpec.perform(createContext(elsewhere, "quiet"));
    rmSync(LINK, { force: true });
    symlinkSync(NAME, LINK);
  });
  afterAll(() => {
    rmSync(LINK, { force: true });
    rmSync(path.join(FOLDER, NAME), { recursive: true, force: true });
  });

  it("whose path has blanks, signs and letters beyond ASCII gives the same files as any other", async () => {
    expect(await runAll()).toEqual(plain);
    expect(plain[collection.notebook(1)]).toMatch(/"\.\/Week1\/Day1\\n",\s+"\.\/Week1\/Day1\\n"/);
  });

  it("that is reached through a link, from another folder, gives the same files, and finds them done", async () => {
    const { place } = collection;
    collection.place = { ...place, root: LINK, seen: LINK, installation: LINK, through: ["env", "--chdir=/"] };
    expect(await runAll()).toEqual(plain);
    collection.place = place;
    expect((await collection.verify(["1"])).output).toMatch(/^ {2}1 .* cached/m);
  });

  it.skipIf(realCompiler === undefined)("whose path has blanks, signs and letters beyond ASCII is set up", async () => {
    const checkout = completeCheckout(realCompiler ?? "", NAME);
    try {
      expect(await checkout.setUp()).toMatchObject({ code: 0, stderr: "" });
      expect(await checkout.setUp()).toMatchObject({ code: 0, stdout: "", stderr: "" });
      const link = path.join(path.dirname(checkout.root), "link");
      symlinkSync(checkout.root, link);
      checkout.root = link;
      expect(await checkout.setUp()).toMatchObject({ code: 0, stdout: "", stderr: "" });
    } finally {
      checkout.remove();
    }
  });
});
