import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { roundMessage } from "../../scripts/dev/message.js";
import { type Round, type Watch, watchSolution } from "../../scripts/dev/watch.js";

describe("a watch", () => {
  let root: string;
  let watch: Watch;
  const rounds: Round[] = [];
  let arrived: (() => void) | undefined;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "nn30-dev-")));
    rounds.length = 0;
    mkdirSync(path.join(root, "shared", "src"), { recursive: true });
    write("tsconfig.json", JSON.stringify({ files: [], references: [{ path: "shared" }] }));
    const compilerOptions = {
      composite: true,
      rootDir: "src",
      outDir: "dist",
      strict: true,
      noEmitOnError: true,
      types: [],
    };
    write("shared/tsconfig.json", JSON.stringify({ compilerOptions, include: ["src"] }));
    write("shared/src/index.ts", "export const answer: number = 41;\n");
    watch = watchSolution(path.join(root, "tsconfig.json"), (round) => {
      rounds.push(round);
      arrived?.();
    });
  });

  afterEach(() => {
    watch.close();
    rmSync(root, { recursive: true, force: true });
  });

  function write(name: string, text: string): void {
    writeFileSync(path.join(root, name), text);
  }

  /** An edit some time after the last round: within one tick of the file system's clock a source seems as old as its output. */
  async function edit(name: string, text: string): Promise<void> {
    await setTimeout(50);
    write(name, text);
  }

  function compiled(): string {
    return readFileSync(path.join(root, "shared", "dist", "index.js"), "utf8");
  }

  /** The next round that is as expected: one change may reach the compiler as several, and give several rounds. */
  async function nextRound(expected: (round: Round) => boolean = () => true): Promise<Round> {
    for (;;) {
      if (rounds.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      const round = rounds.shift()!;
      if (expected(round)) return round;
    }
  }

  const fails = ({ errors }: Round) => errors.length > 0;
  const succeeds = ({ errors, changed }: Round) => errors.length === 0 && changed.length > 0;

  // One watch for all of it: what TypeScript polls with in a process does not start again once it has been closed.
  test("compiles what changes and names it, keeps the last version that compiled, and sees new files", async () => {
    expect(await nextRound()).toEqual({ changed: [], errors: [] });
    expect(compiled()).toContain("answer = 41");

    await edit("shared/src/index.ts", "export const answer: number = 42;\n");
    expect(await nextRound(succeeds)).toEqual({ changed: ["shared/src/index.ts"], errors: [] });
    expect(compiled()).toContain("answer = 42");

    await edit("shared/src/index.ts", 'export const answer: number = "many";\n');
    const { errors } = await nextRound(fails);
    expect(errors.join("\n")).toMatch(/TS2322/);
    expect(compiled()).toContain("answer = 42");

    await edit("shared/src/index.ts", "export const answer: number = 43;\n");
    await nextRound(succeeds);
    expect(compiled()).toContain("answer = 43");

    await edit("shared/src/more.ts", "export const more = 1;\n");
    expect(await nextRound(succeeds)).toEqual({ changed: ["shared/src/more.ts"], errors: [] });
  });
});

describe("what a round means for a notebook", () => {
  test.each([
    [[], "Compiled. Waiting for changes."],
    [
      ["shared/src/nn/network.ts"],
      "Compiled shared/src/nn/network.ts. Restart the kernel to load the helper package anew.",
    ],
    [["scripts/verify.ts"], "Compiled scripts/verify.ts. Kernels need no restart."],
    [
      ["scripts/kernel/launch.ts", "shared/src/index.ts"],
      "Compiled scripts/kernel/launch.ts, shared/src/index.ts. Restart the kernel to load the helper package and the kernel launcher anew.",
    ],
    [["a.ts", "b.ts", "c.ts", "d.ts", "e.ts"], "Compiled a.ts, b.ts, c.ts and 2 more. Kernels need no restart."],
  ])("%j", (changed, message) => {
    expect(roundMessage({ changed, errors: [] })).toBe(message);
  });

  test("errors say that kernels keep what they have", () => {
    expect(roundMessage({ changed: ["shared/src/a.ts"], errors: ["error TS2322: no"] })).toBe(
      "error TS2322: no\n\nNot compiled: kernels keep the last version that was.",
    );
  });
});
