import fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requirementOf } from "../../scripts/setup/pip.mjs";
import { inputKey, Stamps, writeWhole } from "../../scripts/setup/stamps.mjs";
import { repository } from "./fake-checkout.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nn30-stamps-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("inputKey", () => {
  it("differs for every different list of inputs", () => {
    const lists = fc.array(fc.string(), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        expect(inputKey(...a) === inputKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { seed: 30 },
    );
  });

  it("keeps inputs apart", () => {
    expect(inputKey("ab", "c")).not.toBe(inputKey("a", "bc"));
  });
});

describe("Stamps", () => {
  it("match only the key that was written", () => {
    const stamps = new Stamps(folder);
    expect(stamps.matches("step", "k")).toBe(false);
    stamps.write("step", { key: "k", facts: { size: 3 } });
    expect(stamps.matches("step", "k")).toBe(true);
    expect(stamps.matches("step", "other")).toBe(false);
    expect(stamps.read("step")?.facts).toEqual({ size: 3 });
    stamps.remove("step");
    expect(stamps.matches("step", "k")).toBe(false);
  });

  it.each(["", "{", "null", "[]", '{"key": 3}'])("read %j as no stamp", (text) => {
    writeFileSync(join(folder, "step.json"), text);
    expect(new Stamps(folder).read("step")).toBeUndefined();
  });
});

it("writeWhole replaces a file and leaves no partial one", () => {
  const file = join(folder, "deep", "file.txt");
  writeWhole(file, "one");
  writeWhole(file, "two");
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(readdirSync(join(folder, "deep"))).toEqual(["file.txt"]);
});

describe("requirementOf", () => {
  const text = "# note\na==1 \\\n    --hash=sha256:0f \\\n    --hash=sha256:1f\nab==2 --hash=sha256:2f\nc==3\n";

  it("takes a package with all its hashes and nothing else", () => {
    expect(requirementOf(text, "a")).toBe("a==1 \\\n    --hash=sha256:0f \\\n    --hash=sha256:1f\n");
    expect(requirementOf(text, "ab")).toBe("ab==2 --hash=sha256:2f\n");
  });

  it.each(["c", "d"])("refuses %s, which is not pinned with a hash", (name) => {
    expect(() => requirementOf(text, name)).toThrow(`do not pin ${name} with a hash`);
  });
});

describe("committed requirements", () => {
  const files = [
    "requirements.txt",
    "scripts/setup/data.txt",
    "scripts/setup/tensorflow.txt",
    "scripts/setup/ziglang.txt",
  ];

  it.each(files)("%s pins exact versions with hashes and names no address", (file) => {
    const text = readFileSync(join(repository, file), "utf8");
    const requirements = text.split("\n").filter((line) => /^[a-z0-9]/i.test(line));
    expect(requirements.length).toBeGreaterThan(0);
    for (const line of requirements) {
      expect(line).toMatch(/^[\w.-]+==[\w.]+ /);
      expect(requirementOf(text, line.split("==")[0])).toContain("--hash=sha256:");
    }
    expect(text).not.toMatch(/:\/\/|^--?(index|extra|find|trusted|i |f )/m);
  });

  it("cover every package of requirements.in", () => {
    const wanted = readFileSync(join(repository, "requirements.in"), "utf8").match(/^[a-z][\w.=-]*/gm) ?? [];
    const pinned = readFileSync(join(repository, "requirements.txt"), "utf8");
    expect(wanted.length).toBeGreaterThan(5);
    for (const requirement of wanted) expect(pinned).toMatch(new RegExp(`^${requirement}[= ]`, "m"));
  });
});
