import { accessSync, constants, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from "@actions/workflow-parser";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const WORKFLOWS = path.join(CHECKOUT, ".github", "workflows");

function read(...names: string[]): string {
  return readFileSync(path.join(CHECKOUT, ...names), "utf8");
}

/** What GitHub's own parser has to say about a workflow. */
async function workflowErrors(content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: "workflow", content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (errors.length > 0 || value === undefined) return errors;
  return ((await convertWorkflowTemplate(context, value)).errors ?? []).map(({ Message }) => Message);
}

describe("GitHub's workflows", () => {
  test.each(readdirSync(WORKFLOWS))("%s is valid, expressions included", async (name) => {
    expect(await workflowErrors(read(".github", "workflows", name))).toEqual([]);
  });

  test("an invalid one is noticed", async () => {
    const workflow = read(".github", "workflows", "verify.yml");
    expect(await workflowErrors(workflow.replace("matrix.node", "matrx.node"))).not.toEqual([]);
    expect(await workflowErrors(workflow.replace("runs-on", "runs_on"))).not.toEqual([]);
  });

  test("every Node that is supported is tested", () => {
    const { jobs } = parse(read(".github", "workflows", "verify.yml")) as {
      jobs: { verify: { strategy: { matrix: { node: number[] } } } };
    };
    expect(jobs.verify.strategy.matrix.node).toEqual([20, 22, 24]);
  });

  test("what is cached is what set-up makes, and depends on what set-up reads", () => {
    const workflow = read(".github", "workflows", "verify.yml");
    const ignored = read(".gitignore").split("\n");
    const cached = [...workflow.matchAll(/^ {12}(\.\S+)$/gm)].map(([, folder]) => folder);
    expect(new Set(cached)).toEqual(new Set([".native", ".data", ".venv", ".cache/setup"]));
    for (const folder of cached) expect(ignored).toContain(`${folder.split("/")[0]}/`);
    for (const name of ["package-lock.json", "requirements.txt"]) {
      expect(workflow).toContain(`'${name}'`);
      accessSync(path.join(CHECKOUT, name));
    }
  });
});

test("the commands that machines elsewhere run are the project's own", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const files = [".github/workflows/verify.yml", ".devcontainer/devcontainer.json", ".binder/postBuild"];
  const named = files.flatMap((file) => [...read(file).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name));
  expect(new Set(named)).toEqual(new Set(["check", "faults", "verify", "setup", "lab"]));
  for (const name of [...named, "start", "test"]) expect(scripts).toHaveProperty(name);
});

test("the devcontainer builds its own image and sets the project up", () => {
  const container = JSON.parse(read(".devcontainer", "devcontainer.json")) as Record<string, unknown>;
  expect(container).toMatchObject({ build: { dockerfile: "Dockerfile" }, postCreateCommand: "npm run setup" });
  expect(read(".devcontainer", "Dockerfile")).toMatch(/^FROM node:22-bookworm$/m);
});

describe("Binder", () => {
  test("gets a Python and a Node that set-up accepts", () => {
    const { dependencies } = parse(read(".binder", "environment.yml")) as { dependencies: string[] };
    expect(dependencies).toEqual(["python=3.11", "nodejs=22"]);
  });

  test.each(["postBuild", "start"])("can run %s", async (name) => {
    const file = path.join(CHECKOUT, ".binder", name);
    accessSync(file, constants.X_OK);
    expect((await execa("bash", ["-n", file])).stderr).toBe("");
  });

  test("hands its JupyterLab our kernel", async () => {
    const start = path.join(CHECKOUT, ".binder", "start");
    const { stdout } = await execa(start, ["printenv", "JUPYTER_PATH"], { env: { JUPYTER_PATH: "/srv/jupyter" } });
    expect(stdout).toBe(`${path.join(CHECKOUT, ".venv", "share", "jupyter")}:/srv/jupyter`);
  });
});
