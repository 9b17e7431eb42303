import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";

import { KernelFixture, launcher, PATIENCE, streamText } from "./fixture.js";

const fixture = new KernelFixture();
afterAll(() => fixture.remove());

describe("the kernel's process", () => {
  // The script waits for a line that the loop prints before it begins, so this also shows that lines are not held back.
  it.runIf(process.platform === "linux")(
    "ends when the one that started it is killed, also in an endless loop",
    async () => {
      const { stdout, stderr } = await fixture.script("orphan.py", {});
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject({ was_running: true, gone: true });
    },
    PATIENCE,
  );

  it(
    "sends what was written before it is ended by a cell",
    async () => {
      const { results } = await fixture.drive("launcher", {
        exit: { dies: "for (let i = 0; i < 2000; i++) console.log(i);\nprocess.exit(3);" },
      });
      expect(streamText(results.exit).trimEnd().split("\n")).toHaveLength(2000);
    },
    PATIENCE,
  );
});

describe("a launcher that cannot start", () => {
  /** A copy of the built launcher beside a `node_modules` of our making. */
  async function start(name: string, tslabVersion?: string): Promise<{ exitCode?: number; stderr: string }> {
    const copy = path.join(fixture.folder, name);
    const built = path.join(copy, "scripts", "build", "kernel");
    cpSync(path.dirname(launcher), built, { recursive: true });
    writeFileSync(path.join(copy, "package.json"), JSON.stringify({ type: "module" }));
    if (tslabVersion !== undefined) {
      const tslab = path.join(copy, "node_modules", "tslab");
      mkdirSync(tslab, { recursive: true });
      writeFileSync(path.join(tslab, "package.json"), JSON.stringify({ name: "tslab", version: tslabVersion }));
    }
    const { exitCode, stderr } = await execa(process.execPath, [path.join(built, "launch.js"), "connection.json"], {
      reject: false,
    });
    return { exitCode, stderr };
  }

  it("says so in one sentence when tslab is missing or another", async () => {
    expect(await start("none")).toMatchObject({
      exitCode: 1,
      stderr: "kernel launcher: tslab is not installed. Run `npm run setup`.",
    });
    expect(await start("newer", "9.9.9")).toMatchObject({
      exitCode: 1,
      stderr: "kernel launcher: expected tslab 1.0.22 but found 9.9.9. Run `npm run setup`.",
    });
  });

  it("says so when it gets no connection file", async () => {
    const { exitCode, stderr } = await execa(process.execPath, [launcher], { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toBe("kernel launcher: expected the path of a Jupyter connection file as argument.");
  });
});
