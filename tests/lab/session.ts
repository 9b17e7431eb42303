import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import path from "node:path";
import { execa } from "execa";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const DAY1 = path.join(CHECKOUT, "Week1", "Day1", "perceptrons_logic_gates.ipynb");

/** A copy of Day 1 inside the checkout, where its imports resolve and Run All cannot touch the committed one. */
export class DayCopy {
  private readonly folder: string;
  /** Path of the notebook below the root of the server. */
  readonly name: string;

  constructor() {
    const parent = path.join(CHECKOUT, ".cache", "tests");
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(path.join(parent, "lab-"));
    writeFileSync(path.join(this.folder, "day1.ipynb"), existsSync(DAY1) ? withoutOutputs(DAY1) : sample());
    this.name = path.relative(CHECKOUT, path.join(this.folder, "day1.ipynb")).split(path.sep).join("/");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface RawNotebook {
  cells: { cell_type: string; outputs?: unknown[]; execution_count?: number | null }[];
}

/** What a cell shows must come from this run. */
function withoutOutputs(file: string): string {
  const notebook = JSON.parse(readFileSync(file, "utf8")) as RawNotebook;
  for (const cell of notebook.cells.filter(({ cell_type }) => cell_type === "code")) {
    cell.outputs = [];
    cell.execution_count = null;
  }
  return JSON.stringify(notebook);
}

/** Stands in for Day 1 in a checkout that does not have it. */
function sample(): string {
  const figure = { data: [{ type: "scatter", x: [1, 2, 3], y: [3, 1, 2], mode: "markers" }], layout: {} };
  const sources = [
    "const day = { claim: (id: string) => id, seed: 1 };",
    'day.claim("nothing");',
    `const bundle = { "application/vnd.plotly.v1+json": ${JSON.stringify(figure)}, "text/plain": "three points" };`,
    '({ [Symbol.for("Jupyter.display")]: () => bundle });',
  ];
  const cells = sources.map((source, index) => {
    return { cell_type: "code", id: `cell-${index}`, metadata: {}, outputs: [], execution_count: null, source };
  });
  const kernelspec = { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}

/** In ms, under the limit of a test: what the server said is then part of the failure. */
const START_LIMIT = 110_000;

/** `npm run lab`, without its set-up. */
export class LabSession {
  private constructor(
    private readonly process: ReturnType<typeof LabSession.spawn>,
    /** Address with port, without a path. */
    readonly origin: string,
    readonly token: string,
  ) {}

  static start(...options: string[]): Promise<LabSession> {
    return LabSession.startIn({}, ...options);
  }

  /** @param environment - Variables beside those of this process. */
  static async startIn(environment: NodeJS.ProcessEnv, ...options: string[]): Promise<LabSession> {
    const process = LabSession.spawn(environment, options);
    const seen: string[] = [];
    const late = setTimeout(() => process.kill("SIGTERM"), START_LIMIT);
    for await (const line of createInterface(process.stderr)) {
      seen.push(line);
      const address = /(http:\/\/127\.0\.0\.1:\d+)\/lab\S*\?token=(\w+)/.exec(line);
      if (address === null) continue;
      clearTimeout(late);
      process.stderr.resume(); // a full pipe would stop the server
      return new LabSession(process, address[1], address[2]);
    }
    clearTimeout(late);
    throw new Error(`JupyterLab ended, or had to be, before it said its address:\n${seen.join("\n")}`);
  }

  private static spawn(environment: NodeJS.ProcessEnv, options: readonly string[]) {
    const script = path.join(CHECKOUT, "scripts", "build", "lab.js");
    return execa(process.execPath, [script, "--no-browser", "--port=0", ...options], {
      stdin: "ignore",
      stdout: "ignore",
      buffer: false,
      env: environment,
      reject: false,
    });
  }

  /** Asks the server's REST interface. */
  async get(route: string, token = this.token): Promise<Response> {
    return fetch(`${this.origin}${route}`, { headers: token === "" ? {} : { Authorization: `token ${token}` } });
  }

  /** Ctrl-C. @returns the exit code */
  async interrupt(): Promise<number | undefined> {
    this.process.kill("SIGINT");
    return (await this.process).exitCode;
  }
}
