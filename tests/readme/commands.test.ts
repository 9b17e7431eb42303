import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** Commands in the README's shell blocks, line by line. */
const shown = [...read("README.md").matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.trim().split("\n"));
const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;

describe("the README's commands", () => {
  it("begin with the main command and the test command", () => {
    expect(shown.slice(0, 2)).toEqual(["npm start", "npm test"]);
  });

  it("are run by CI as they are written", () => {
    const ci = read(".ci/run").split("\n");
    for (const command of shown.slice(0, 2)) expect(ci).toContain(command);
  });

  it("exist", () => {
    const documents = read("README.md") + read("CONTRIBUTING.md");
    const named = [...documents.matchAll(/npm (?:run )?(start|test|(?<=run )[a-z]+)\b/g)].map(([, script]) => script);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});
