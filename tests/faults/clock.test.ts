import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTALLATION } from "../../scripts/runner/paths.js";
import { claiming, reportOf, TestCollection } from "../runner/collection.js";
import { completeCheckout, fakeCheckout, realCompiler, repository } from "../setup/fake-checkout.js";

const TWO_YEARS = 2 * 365 * 24 * 60 * 60;
const SHIFTED_CLOCK = path.join(INSTALLATION, ".cache", "test-runner", "clock.so");
const canShift = process.platform === "linux" && realCompiler !== undefined;

describe.skipIf(!canShift)("a clock that is set", () => {
  const collection = new TestCollection("clock");
  const shift = collection.path(".cache", "shift");
  /** Every process of a run has the clock of the machine plus what the file says. */
  const environment = { LD_PRELOAD: SHIFTED_CLOCK, CLOCK_SHIFT: shift };
  const SAY_YEAR = `import { appendFileSync } from "node:fs";
appendFileSync("../../.cache/years", \`\${new Date().getUTCFullYear()} \`);
"done"`;

  beforeAll(() => {
    mkdirSync(path.dirname(SHIFTED_CLOCK), { recursive: true });
    const source = path.join(import.meta.dirname, "preloads", "clock.c");
    execFileSync(realCompiler ?? "", ["-x", "c", "-shared", "-fPIC", source, "-o", SHIFTED_CLOCK, "-ldl"]);
  });
  afterAll(async () => {
    expect(await collection.leftovers()).toEqual([]);
  });

  it("two years back between two runs: what was done counts, what changed is run", async () => {
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, SAY_YEAR]);
    expect(await collection.verify(["1", "--save"])).toMatchObject({ code: 0 });
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    const before = collection.snapshot();

    collection.write(".cache/shift", String(-TWO_YEARS));
    expect((await collection.verify(["1"], environment)).output).toMatch(/^ {2}1 .* cached/m);
    expect(await collection.verify(["--check", "1"], environment)).toMatchObject({ code: 0 });
    expect(collection.snapshot()).toEqual(before);
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, SAY_YEAR, "'changed'"]);
    const changed = await collection.verify(["1", "--save"], environment);
    expect([changed.code, changed.output]).toEqual([0, expect.stringMatching(/^ {2}1 .* passed \(saved\)/m)]);
    expect(await collection.export(["1"], environment)).toMatchObject({ code: 0 });

    rmSync(shift);
    expect((await collection.verify(["1"], environment)).output).toMatch(/^ {2}1 .* cached/m);
    expect(await collection.verify(["--check", "1"])).toMatchObject({ code: 0 });
    const [now, then] = collection.read(".cache/years").trim().split(" ").map(Number);
    expect(now - then).toBe(2);
  });

  it.each([-TWO_YEARS, TWO_YEARS])("by %i s during a run: no limit is reached too early or never", async (seconds) => {
    rmSync(shift, { force: true });
    collection.writeDay(1, [
      claiming(1),
      `import { writeFileSync } from "node:fs";\nwriteFileSync("../../.cache/shift", "${seconds}");`,
      `await new Promise((resolve) => setTimeout(resolve, 1000));`,
      "await new Promise(() => setInterval(() => undefined, 1000));",
    ]);
    collection.writeDay(2, [
      claiming(2),
      `import { existsSync } from "node:fs";
while (!existsSync("../../.cache/shift")) await new Promise((resolve) => setTimeout(resolve, 20));`,
      "const year = new Date().getUTCFullYear();\nyear",
    ]);
    const year = new Date().getUTCFullYear();
    const { code, output } = await collection.verify(["1-2", "--jobs", "2", "--timeout", "4", "--force"], environment);
    expect(code).toBe(1);
    expect(reportOf(collection, 1, output)).toMatch(/cell 4, line 1\n.*longer than 4 s \(time-out\)/);
    expect(output).toMatch(/^ {2}2 .* passed/m);
    const copy = collection.read(`.cache/runs/day02/${path.basename(collection.notebook(2))}`);
    expect(copy).toContain(`"${year + Math.sign(seconds) * 2}"`);
    const spent = Number(/; ([\d.]+) s$/m.exec(output)?.[1]);
    expect(spent).toBeGreaterThan(4);
    expect(spent).toBeLessThan(60);
  });
});

describe.skipIf(!canShift)("set-up", () => {
  it("compiles a source that is older than what was compiled of it", async () => {
    const checkout = completeCheckout(realCompiler ?? "");
    try {
      const project = { composite: true, types: [], module: "nodenext", target: "es2022" };
      for (const [folder, rootDir, outDir] of [
        ["shared", "src", "dist"],
        ["scripts", ".", "build"],
      ]) {
        const compilerOptions = { ...project, rootDir, outDir, tsBuildInfoFile: `${outDir}/.tsbuildinfo` };
        checkout.write(
          `${folder}/tsconfig.json`,
          JSON.stringify({ compilerOptions, include: [rootDir], exclude: [outDir] }),
        );
      }
      checkout.write(
        "tsconfig.json",
        JSON.stringify({ files: [], references: [{ path: "shared" }, { path: "scripts" }] }),
      );
      checkout.write("scripts/one.ts", "export const one = 1;\n");
      checkout.write("shared/src/index.ts", "export const before = 1;\n");
      expect(await checkout.setUp()).toMatchObject({ code: 0, stderr: "" });
      // From here on with the real compiler.
      rmSync(checkout.path("node_modules", "typescript"), { recursive: true });
      symlinkSync(path.join(repository, "node_modules", "typescript"), checkout.path("node_modules", "typescript"));
      const compiled = async (text: string, seconds: number) => {
        checkout.write("shared/src/index.ts", text);
        const time = Date.now() / 1000 + seconds;
        utimesSync(checkout.path("shared/src/index.ts"), time, time);
        expect(await checkout.setUp()).toMatchObject({ code: 0, stderr: "" });
        return readFileSync(checkout.path("shared/dist/index.js"), "utf8");
      };
      expect(await compiled("export const middle = 1;\n", 0)).toContain("middle");
      expect(await compiled("export const latest = 1;\n", -TWO_YEARS)).toContain("latest");
    } finally {
      checkout.remove();
    }
  });

  it("takes over what a killed set-up has left half taken over, though it is dated tomorrow", async () => {
    const checkout = fakeCheckout();
    try {
      const dead = JSON.stringify({ pid: spawnSync(process.execPath, ["-e", ""]).pid, start: "1" });
      const tomorrow = Date.now() / 1000 + 24 * 60 * 60;
      for (const file of [".cache/setup/lock", ".cache/setup/lock.takeover"]) {
        checkout.write(file, dead);
        utimesSync(checkout.path(file), tomorrow, tomorrow);
      }
      const { code, stderr } = await checkout.setUp();
      expect([code, stderr]).toEqual([1, expect.stringContaining("Python is not found on PATH")]);
    } finally {
      checkout.remove();
    }
  });
});
