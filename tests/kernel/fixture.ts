import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { execa } from "execa";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const python = path.join(root, ".venv", "bin", "python");
export const launcher = path.join(root, "scripts", "build", "kernel", "launch.js");
const stock = path.join(root, "node_modules", "tslab", "bin", "tslab");

/** Long enough for a busy machine; nothing waits for it in the good case. */
export const PATIENCE = 180_000;

export interface Output {
  readonly type: string;
  readonly parent?: string;
  readonly content: {
    readonly name?: string;
    readonly text?: string;
    readonly ename?: string;
    readonly evalue?: string;
    readonly traceback?: string[];
    readonly code?: string;
    readonly execution_count?: number;
    readonly data?: Record<string, unknown>;
    readonly metadata?: Record<string, unknown>;
    readonly transient?: Record<string, unknown>;
  };
}

interface Reply {
  readonly status: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: string[];
  readonly execution_count?: number;
  readonly [other: string]: unknown;
}

export interface Result {
  readonly id: string;
  readonly type?: string;
  readonly reply: Reply;
  readonly outputs: Output[];
  readonly seconds: number;
  readonly exit_seconds?: number;
}

export type Step = Record<string, unknown>;

/** A folder in the checkout (so that imports resolve) with kernel specs of its own. */
export class KernelFixture {
  readonly folder: string;
  private readonly jupyterPath: string;

  constructor() {
    const parent = path.join(root, ".cache", "test-kernel");
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(path.join(parent, "run-"));
    this.jupyterPath = path.join(this.folder, "jupyter");
    this.addKernel("launcher", [process.execPath, launcher, "{connection_file}"]);
    this.addKernel("stock", [process.execPath, stock, "kernel", "--config-path={connection_file}"]);
  }

  addKernel(name: string, argv: string[]): void {
    const folder = path.join(this.jupyterPath, "kernels", name);
    mkdirSync(folder, { recursive: true });
    const spec = { argv, display_name: name, language: "typescript" };
    writeFileSync(path.join(folder, "kernel.json"), JSON.stringify(spec));
  }

  write(name: string, content: string): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Runs one of the Python scripts beside this file. */
  async script(
    name: string,
    input: unknown,
    env: Record<string, string> = {},
  ): Promise<{ stdout: string; stderr: string; exitCode?: number }> {
    const result = await execa(python, [path.join(root, "tests", "kernel", name)], {
      input: JSON.stringify(input),
      cwd: this.folder,
      env: { JUPYTER_PATH: this.jupyterPath, JUPYTER_PLATFORM_DIRS: "1", ...env },
      reject: false,
    });
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  }

  /** Takes one kernel through named steps; a burst's results come as `name.0`, `name.1`, … */
  async drive(
    kernel: string,
    steps: Record<string, Step>,
    env: Record<string, string> = {},
  ): Promise<{ results: Record<string, Result>; stderr: string }> {
    const scenario = { kernel, cwd: this.folder, env, steps: Object.values(steps) };
    const { stdout, stderr, exitCode } = await this.script("drive.py", scenario);
    if (exitCode !== 0) throw new Error(`drive.py failed:\n${stderr}`);
    const { results } = JSON.parse(stdout) as { results: (Result | Result[])[] };
    const named: Record<string, Result> = {};
    for (const [index, name] of Object.keys(steps).entries()) {
      const result = results[index];
      if (!Array.isArray(result)) named[name] = result;
      else for (const [part, item] of result.entries()) named[`${name}.${part}`] = item;
    }
    return { results: named, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All text that a request wrote to one stream. */
export function streamText(result: Result, name = "stdout"): string {
  const parts = result.outputs.filter(({ type, content }) => type === "stream" && content.name === name);
  return parts.map(({ content }) => content.text).join("");
}

export function outputsOf(result: Result, type: string): Output["content"][] {
  return result.outputs.filter((output) => output.type === type).map(({ content }) => content);
}

/** The text of a request's value, or undefined when it showed none. */
export function valueText(result: Result): unknown {
  return outputsOf(result, "execute_result").at(0)?.data?.["text/plain"];
}
