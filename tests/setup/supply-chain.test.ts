// What set-up fetches is what was pinned, and nothing that it fetches runs on its own.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DATA_PACKAGES, FASHION_FILES, NPM_DATA } from "../../scripts/setup/data-files.mjs";
import { completeCheckout, type FakeCheckout, realCompiler, repository } from "./fake-checkout.js";

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

const read = (file: string) => readFileSync(join(repository, file), "utf8");
const committed = (pattern: string) =>
  execFileSync("git", ["ls-files", pattern], { cwd: repository, encoding: "utf8" }).trim().split("\n");

/** What a lockfile has npm install, by its place; this repository's own package is not fetched. */
function fetched(lockfile: string): [place: string, entry: Locked][] {
  const { packages } = JSON.parse(read(lockfile)) as { packages: Record<string, Locked> };
  return Object.entries(packages).filter(([place, { link }]) => place.includes("node_modules/") && !link);
}

/** The package at a place such as `node_modules/a/node_modules/@b/c`. */
const nameAt = (place: string) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

describe.each(committed("*package-lock.json"))("%s", (lockfile) => {
  const entries = fetched(lockfile);

  it("pins every package by its hash", () => {
    expect(entries.length).toBeGreaterThan(0);
    const unpinned = entries.filter(([, { integrity }]) => !/^sha512-[\w+/]+=*$/.test(integrity ?? ""));
    expect(unpinned.map(([place]) => place)).toEqual([]);
  });

  it("names no host: packages come from the registry that npm is told to use, none from git or a web address", () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    const versions = entries.map(([, { version }]) => version ?? "");
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });

  it("is installed without installers, also by a bare `npm install`", () => {
    expect(read(join(dirname(lockfile), ".npmrc"))).toMatch(/^ignore-scripts=true$/m);
  });
});

describe("the packages of the course", () => {
  /** Why a package whose installer does not run works all the same. */
  const INSTALLERS: Record<string, string> = {
    "@tensorflow/tfjs-node": "fetches TensorFlow 2.9 from outside the registries; set-up brings its own library",
    "core-js": "asks for donations",
    "onnxruntime-node": "fetches libraries for other accelerators; the one for the processor is in the package",
    zeromq: "compiles where no binary fits; the package has them for the platforms that are supported",
  };

  it("holds no installer that is needed and does not run", () => {
    const names = fetched("package-lock.json")
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => nameAt(place));
    expect(names.sort()).toEqual(Object.keys(INSTALLERS).sort());
  });
});

describe("Python's requirements", () => {
  it.each(committed("*.txt"))("%s pins every package by its hashes, and names no index", (file) => {
    const requirements = read(file)
      .replaceAll(/\s*\\\n\s*/g, " ")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(requirements.length).toBeGreaterThan(0);
    for (const requirement of requirements) {
      expect(requirement).toMatch(
        /^[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^\s;]+( ;[^-]*(-(?!-)[^-]*)*)?( --hash=sha256:[0-9a-f]{64})+$/,
      );
    }
  });
});

describe("data files", () => {
  it("are pinned by size and hash, each of them", () => {
    const all = [...NPM_DATA, ...DATA_PACKAGES].flatMap(({ files }) => files).concat(FASHION_FILES);
    expect(all.length).toBeGreaterThan(20);
    for (const { file, size, sha256 } of all) {
      expect({ file, sha256 }).toEqual({ file, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      expect(size).toBeGreaterThan(0);
    }
  });

  it("come from packages that are pinned", () => {
    const locked = new Set(fetched("package-lock.json").map(([place]) => nameAt(place)));
    for (const { name } of NPM_DATA) expect(locked).toContain(name);
    const pins = read("scripts/setup/data.txt");
    for (const { name } of DATA_PACKAGES) expect(pins).toMatch(new RegExp(`^${name}==`, "m"));
  });
});

describe.skipIf(realCompiler === undefined || process.platform !== "linux")("a whole set-up", () => {
  let checkout: FakeCheckout;
  beforeEach(() => {
    checkout = completeCheckout(realCompiler ?? "");
    for (const program of ["npm", "python3"]) {
      const file = join(checkout.bin, program);
      const [first, ...rest] = readFileSync(file, "utf8").split("\n");
      const record = `require("node:fs").appendFileSync("fetches", JSON.stringify([${JSON.stringify(program)}, ...process.argv.slice(2)]) + "\\n");`;
      writeFileSync(file, [first, record, ...rest].join("\n"), { mode: 0o755 });
    }
  });
  afterEach(() => {
    checkout.remove();
  });

  /** The commands that went to a registry. */
  const fetches = () =>
    readFileSync(checkout.path("fetches"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[])
      .filter(([program, ...args]) => program === "npm" || (args.includes("pip") && !args.includes("check")));

  function expectPinned(commands: string[][]) {
    for (const [program, ...args] of commands) {
      if (program === "npm") expect(args.slice(0, 2)).toEqual(["ci", "--ignore-scripts"]);
      else expect(args).toEqual(expect.arrayContaining(["--require-hashes", "--only-binary=:all:"]));
    }
  }

  it("fetches only what is pinned: npm's packages, Python's, TensorFlow, data", async () => {
    const { code, stderr } = await checkout.setUp();
    expect([code, stderr]).toEqual([0, ""]);
    expect(fetches().map(([program, ...args]) => (program === "npm" ? "npm" : args[args.indexOf("pip") + 1]))).toEqual([
      "npm",
      "install",
      "download",
      "download",
    ]);
    expectPinned(fetches());
  });

  it("the compiler for machines that have none, too", async () => {
    rmSync(join(checkout.bin, "g++"));
    await checkout.setUp();
    expect(fetches().some((args) => args.some((argument) => argument.endsWith("ziglang.txt")))).toBe(true);
    expectPinned(fetches());
    expect(existsSync(checkout.path(".cache", "ziglang"))).toBe(false);
  });
});
