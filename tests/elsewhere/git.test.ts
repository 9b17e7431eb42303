import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const NOTEBOOK = "Week1/Day1/perceptrons_logic_gates.ipynb";

let clone: string;
beforeAll(async () => {
  clone = mkdtempSync(path.join(tmpdir(), "nn30-git-"));
  for (const name of [".gitattributes", ".gitconfig", ".gitignore"]) {
    copyFileSync(path.join(CHECKOUT, name), path.join(clone, name));
  }
  symlinkSync(path.join(CHECKOUT, ".venv"), path.join(clone, ".venv"));
  mkdirSync(path.join(clone, "Week1", "Day1"), { recursive: true });
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "include.path", "../.gitconfig");
});
afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

async function git(...args: string[]) {
  const name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", NO_COLOR: "1" };
  return execa("git", [...name, ...args], { cwd: clone, env, reject: false });
}

function write(cells: readonly string[], output = "1"): void {
  const outputs = [{ output_type: "execute_result", execution_count: 1, data: { "text/plain": output }, metadata: {} }];
  const notebook = {
    cells: cells.map((source, index) => {
      return { cell_type: "code", id: `cell-${index}`, execution_count: 1, metadata: {}, outputs, source };
    }),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(path.join(clone, NOTEBOOK), `${JSON.stringify(notebook, null, 1)}\n`);
}

async function commit(): Promise<void> {
  await git("add", NOTEBOOK);
  await git("commit", "--quiet", "--message", "A change");
}

test.each([
  [NOTEBOOK, "diff", "jupyternotebook"],
  [NOTEBOOK, "merge", "jupyternotebook"],
  [NOTEBOOK, "eol", "lf"],
  ["Week2/Day8/blog_draft_files/output_3_0.png", "text", "unset"],
  ["Week2/Day8/blog_draft_files/output_3_0.png", "linguist-generated", "set"],
  ["Week2/Day8/results.json", "linguist-generated", "set"],
  ["Week2/Day8/README.md", "linguist-generated", "unspecified"],
  ["shared/src/index.ts", "eol", "lf"],
])("%s has the attribute %s: %s", async (file, attribute, value) => {
  expect((await git("check-attr", attribute, file)).stdout).toBe(`${file}: ${attribute}: ${value}`);
});

describe("after git config include.path ../.gitconfig", () => {
  test("a diff shows code, and no output", async () => {
    write(["const a = 1;\na;", "a + 1;"]);
    await commit();
    write(["const a = 2;\na;", "a + 1;"], "2");
    const diff = stripVTControlCharacters((await git("diff")).stdout);
    expect(diff).toContain("## modified /cells/0/source:");
    expect(diff).toContain("-const a = 1;\n+const a = 2;\n");
    expect(diff).not.toContain("outputs");
    await git("checkout", "--quiet", NOTEBOOK);
  });

  test("changes of neighbouring cells merge", async () => {
    write(["1;", "2;", "3;"]);
    await commit();
    await git("checkout", "--quiet", "-b", "other");
    write(["10;", "2;", "3;"]);
    await commit();
    await git("checkout", "--quiet", "main");
    write(["1;", "20;", "3;"]);
    await commit();
    expect((await git("merge", "--quiet", "--no-edit", "other")).exitCode).toBe(0);
    const merged = JSON.parse(readFileSync(path.join(clone, NOTEBOOK), "utf8")) as {
      cells: { source: string | string[] }[];
    };
    expect(merged.cells.map(({ source }) => [source].flat().join(""))).toEqual(["10;", "20;", "3;"]);
  });
});
