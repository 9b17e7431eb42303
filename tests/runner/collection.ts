import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Where a collection lies, and how its commands are run. */
export interface Place {
  /** Folder of the collection, as the commands see it. */
  root: string;
  /** The same folder as this process sees it. */
  seen: string;
  /** The checkout whose commands are run. */
  installation: string;
  /** A program and its arguments that run another program there. */
  through: readonly string[];
}

/** A small collection of real notebooks in a folder of its own inside the checkout (it finds the helper from there). */
export class TestCollection {
  /** To be changed by tests that reach the same collection on another way. */
  place: Place;
  /** In the environment of every process that a run of this collection starts. */
  readonly marker = `verify-test-${randomUUID()}`;

  constructor(name: string, place: Partial<Place> = {}) {
    const root = path.join(CHECKOUT, ".cache", "test-runner", name);
    this.place = { root, seen: root, installation: CHECKOUT, through: [], ...place };
    for (const old of existsSync(this.path()) ? readdirSync(this.path()) : []) {
      rmSync(this.path(old), { recursive: true, force: true });
    }
    this.write("README.md", README);
  }

  get root(): string {
    return this.place.root;
  }

  path(...parts: string[]): string {
    return path.join(this.place.seen, ...parts);
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

  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, command = "verify"): ChildProcess {
    const { installation, through } = this.place;
    const program = path.join(installation, `scripts/build/${command}.js`);
    const [file, ...before] = [...through, process.execPath, program];
    return spawn(file, [...before, "--root", this.root, ...args], {
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

  /** Runs a command of the collection to its end. */
  run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return finished(this.start(args, environment, command));
  }

  /** Verifies days. */
  verify(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.run("verify", args, environment);
  }

  /** Exports drafts and READMEs. */
  export(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.run("export", args, environment);
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

  /** Every file, relative to the root. */
  files(): string[] {
    return readdirSync(this.path(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.path(), path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Content of files; by default, of all outside the git-ignored folder. */
  snapshot(isWanted = (file: string) => !file.startsWith(".cache")): Record<string, string> {
    const wanted = this.files().filter(isWanted);
    return Object.fromEntries(wanted.map((file) => [file, this.read(file)]));
  }
}

/** What a started command prints, and how it ends. */
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
