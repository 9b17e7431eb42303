import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DAYS, notebookPath } from "../../scripts/curriculum.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const README = `# A collection

<!-- progress-badge:start -->
<!-- progress-badge:end -->
Between.
<!-- results:start -->
<!-- results:end -->
<!-- progress-tracker:start -->
<!-- progress-tracker:end -->
After.
`;

interface CellContent {
  source: string;
  type?: "code" | "markdown";
  tags?: string[];
}

/** What a run of the command printed, and how it ended. */
export interface Finished {
  code: number | null;
  output: string;
}

/** A small collection of real notebooks in a folder of its own inside a checkout (it finds the helper from there). */
export class TestCollection {
  readonly root: string;
  /** In the environment of every process that a run of this collection starts. */
  readonly marker = `verify-test-${randomUUID()}`;

  constructor(
    name: string,
    readonly checkout = CHECKOUT,
  ) {
    this.root = path.join(checkout, ".cache", "test-runner", name);
    rmSync(this.root, { recursive: true, force: true });
    mkdirSync(this.root, { recursive: true });
    this.write("README.md", README);
  }

  path(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  notebook(day: number): string {
    return notebookPath(DAYS[day - 1]);
  }

  results(day: number): string {
    return path.posix.join(path.posix.dirname(this.notebook(day)), "results.json");
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, content: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content);
  }

  /** Writes a day's notebook. Cells are code unless they say otherwise. */
  writeDay(day: number, cells: (string | CellContent)[], lesson: Record<string, unknown> = {}): void {
    const notebook = {
      cells: cells.map((cell, index) => {
        const { source, type = "code", tags }: CellContent = typeof cell === "string" ? { source: cell } : cell;
        const common = { cell_type: type, id: `cell-${index}`, metadata: tags ? { tags } : {} };
        const lines = source.split(/(?<=\n)/);
        return type === "code"
          ? { ...common, execution_count: null, outputs: [], source: lines }
          : { ...common, source: lines };
      }),
      metadata: {
        kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
        nn30: {
          day,
          title: `Day ${day}`,
          summary: "A notebook for a test.",
          skills: [],
          data: [],
          needs: [],
          tags: [],
          timeBudget: 5,
          ...lesson,
        },
      },
      nbformat: 4,
      nbformat_minor: 5,
    };
    this.write(this.notebook(day), `${JSON.stringify(notebook, null, 1)}\n`);
  }

  start(args: string[], environment: NodeJS.ProcessEnv = {}, command = "verify"): ChildProcess {
    const program = path.join(this.checkout, `scripts/build/${command}.js`);
    return spawn(process.execPath, [program, "--root", this.root, ...args], {
      env: {
        ...process.env,
        FORCE_COLOR: undefined,
        GITHUB_ACTIONS: undefined,
        NO_COLOR: "1",
        VERIFY_TEST: this.marker,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs the command to its end. */
  verify(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return finished(this.start(args, environment));
  }

  /** Exports drafts and READMEs. */
  export(args: string[]): Promise<Finished> {
    return finished(this.start(args, {}, "export"));
  }

  /** Processes that still carry this collection's marker, with their command lines. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.marker)) return [];
          return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`];
        } catch {
          return []; // It has ended since, or is not ours to read.
        }
      });
  }

  /** Waits until no process is left; what is left after ten seconds is returned. */
  async leftovers(): Promise<string[]> {
    for (let attempt = 0; attempt < 100 && this.processes().length > 0; attempt++) await sleep(100);
    return this.processes();
  }

  /** Content of every file outside the git-ignored folder. */
  snapshot(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(this.root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(this.root, path.join(entry.parentPath, entry.name)))
        .filter((file) => !file.startsWith(".cache"))
        .sort()
        .map((file) => [file, this.read(file)]),
    );
  }
}

export function finished(child: ChildProcess): Promise<Finished> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

/** Resolves once a run has printed something. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
    });
    child.once("close", () => reject(new Error(`the run ended without printing "${text}":\n${output}`)));
  });
}

export interface TestClaim {
  id: string;
  value: number;
  tolerance?: number;
  published?: { value: number; shown: string; source: string; met: boolean };
}

/** Results as a lesson would write them. */
export function results(day: number, claims: TestClaim[], experiments: Record<string, unknown> = {}): object {
  return {
    format: 1,
    day,
    seed: 1,
    versions: { node: "20" },
    claims: claims.map(({ id, value, tolerance = 0, published }) => ({
      id,
      what: `what ${id} says`,
      value,
      shown: String(value),
      target: "≥ 0",
      holds: true,
      tolerance,
      ...(published ? { published } : {}),
    })),
    experiments,
  };
}

/** A cell that writes results the way the helper package does. */
export function claiming(day: number, claims: TestClaim[] = [{ id: "one", value: 1 }]): string {
  return [
    `import * as fs from "node:fs";`,
    `fs.writeFileSync(process.env.NN30_RESULTS!, ${JSON.stringify(JSON.stringify(results(day, claims)))});`,
  ].join("\n");
}

/** The part of a report that is about one day's notebook. */
export function reportOf(collection: TestCollection, day: number, output: string): string {
  return output
    .split("\n\n")
    .filter((block) => block.startsWith(`✗ ${collection.notebook(day)}`))
    .join("\n\n");
}
