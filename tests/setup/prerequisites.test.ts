import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeVersionProblem } from "../../scripts/setup/node-version.mjs";
import { diskProblem } from "../../scripts/setup/prerequisites.mjs";
import { addNpm, addPython, fakeCheckout, type FakeCheckout } from "./fake-checkout.js";

let checkout: FakeCheckout;
beforeEach(() => {
  checkout = fakeCheckout();
});
afterEach(() => {
  checkout.remove();
});

describe("Node", () => {
  it.each(["v20.19.0", "v20.20.2", "v22.13.0", "v24.0.0", "v26.1.0"])("%s serves", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(["v20.18.9", "v18.19.1", "v8.0.0", "v21.7.3", "v22.12.0", "v23.11.0"])(
    "%s is refused with the version and a remedy",
    (version) => {
      const problem = nodeVersionProblem(version);
      expect(problem).toContain(`Node ${version.slice(1)} does not serve`);
      expect(problem).toContain("20.19, 22.13, 24 or newer");
      expect(problem).toContain("nvm install --lts");
    },
  );

  it("is looked at before anything else", async () => {
    checkout.write("old.cjs", 'Object.defineProperty(process, "version", { value: "v16.20.2" });');
    const { code, stdout, stderr } = await checkout.setUp([], {
      NODE_OPTIONS: `--require=${checkout.path("old.cjs")}`,
    });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^set-up: Node 16\.20\.2 does not serve: .*\n$/);
  });
});

describe("Python", () => {
  it("missing", async () => {
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^set-up: Python is not found on PATH, and version 3\.10 or newer is needed: install it .*\n$/,
    );
  });

  it("too old", async () => {
    addPython(checkout, { version: [3, 9, 18] });
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^set-up: Python 3\.9\.18 \(.*python3\) is too old, Python 3\.10 or newer is needed.*\n$/);
  });

  it("without venv, where apt-get is the way to install it", async () => {
    addPython(checkout, { venv: false });
    checkout.program("apt-get", "");
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Python 3\.11\.7 .* lacks the modules venv and ensurepip.*`sudo apt-get install python3-venv`/,
    );
  });

  it("with venv, but venv finds no ensurepip", async () => {
    addNpm(checkout);
    addPython(checkout);
    checkout.write(
      "venv-fails",
      "The virtual environment was not created successfully because ensurepip is not available.",
    );
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("`sudo apt-get install python3-venv`");
    expect(stderr).toContain("Last lines of python -m venv:\n  The virtual environment was not created");
  });

  it("named in NN30_PYTHON, but no Python", async () => {
    addPython(checkout);
    const { code, stderr } = await checkout.setUp([], { NN30_PYTHON: "/nowhere/python3" });
    expect(code).toBe(1);
    expect(stderr).toContain("NN30_PYTHON names /nowhere/python3");
  });

  it("a broken one first on PATH does not hide a good one", async () => {
    addPython(checkout);
    checkout.program("python", "");
    checkout.write("other/python3", "#!/bin/sh\nexit 127\n", 0o755);
    const path = `${checkout.path("other")}:${checkout.bin}`;
    const { stderr } = await checkout.setUp([], { PATH: path });
    // It gets as far as npm, which is the next thing missing.
    expect(stderr).toContain("npm is not found on PATH");
  });
});

describe("disk", () => {
  it("names what is needed and what is free", () => {
    expect(diskProblem(4300, 4300, "/checkout")).toBeUndefined();
    expect(diskProblem(4300, 1240, "/checkout")).toMatch(/needs 4\.3 GB in \/checkout and 1\.2 GB are free; make room/);
  });
});

describe("npm", () => {
  const failures = [
    ["offline", "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo", 1, "npm cannot reach its package registry"],
    ["full disk", "npm error code ENOSPC\nnpm error ENOSPC: no space left on device, write", 1, "The disk is full"],
    [
      "full disk, which npm only warns about",
      "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device",
      0,
      "The disk is full",
    ],
    ["certificate", "npm error code SELF_SIGNED_CERT_IN_CHAIN", 1, "NODE_EXTRA_CA_CERTS"],
    ["changed download", "npm error code EINTEGRITY", 1, "npm cache clean --force"],
    [
      "lockfile out of step",
      "npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.",
      1,
      "`npm install --package-lock-only`",
    ],
    ["anything else", "npm error something new", 7, "npm failed: its last lines below say why"],
  ] as const;

  it.each(failures)("%s", async (_, text, code, sentence) => {
    addNpm(checkout);
    addPython(checkout);
    checkout.write("npm-fails", JSON.stringify({ text, code }));
    const outcome = await checkout.setUp();
    expect(outcome.code).toBe(1);
    const [first] = outcome.stderr.split("\n");
    expect(first).toMatch(/^set-up: /);
    expect(first).toContain(sentence);
    expect(outcome.stderr).toContain(`Last lines of npm:\n  ${text.split("\n")[0]}`);
  });
});

describe("pip", () => {
  const failures = [
    [
      "offline",
      "WARNING: Retrying after connection broken by 'NewConnectionError: Temporary failure in name resolution'\nERROR: No matching distribution found for anyio==4.16.0",
      "pip cannot reach its package registry",
    ],
    [
      "full disk",
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      "The disk is full",
    ],
    ["no package for this Python", "ERROR: No matching distribution found for numpy==2.4.6", "NN30_PYTHON"],
    [
      "changed download",
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
      "pip cache purge",
    ],
  ] as const;

  it.each(failures)("%s", async (_, text, sentence) => {
    addNpm(checkout);
    addPython(checkout);
    checkout.write("pip-fails", text);
    const outcome = await checkout.setUp();
    expect(outcome.code).toBe(1);
    const [first] = outcome.stderr.split("\n");
    expect(first).toContain(sentence);
    expect(outcome.stderr).toContain("Last lines of pip:");
  });
});

it("refuses an unknown option", async () => {
  const { code, stderr } = await checkout.setUp(["--verfy"]);
  expect(code).toBe(1);
  expect(stderr).toContain("--verfy is no option of set-up");
});
