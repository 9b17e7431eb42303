import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Facts } from "./facts.js";
import type { GatewayRequest } from "./gateway.js";
import { INSTALLATION, pythonPath } from "./paths.js";

/** What scripts/runner/execute.py reads. Times in seconds, limits in bytes. */
export interface WorkerRequest {
  /** Without one, nothing is executed: the kernel is only tried. */
  notebook: string | null;
  output: string | null;
  cwd: string;
  kernelDir: string;
  kernelName: string;
  connectionFile: string;
  cellTimeout: number;
  notebookTimeout: number;
  startupTimeout: number;
  drainTimeout: number;
  cellOutputLimit: number;
  notebookOutputLimit: number;
  /** What the kernel with all that it starts may take. Default: as much as there is. */
  memoryLimit?: number;
  /** What has to stay unused on the machine. Default: 5 %, at most 1 GiB. */
  memoryKeep?: number;
  /** Where the kernel runs, if not on this machine. */
  gateway?: GatewayRequest;
}

/** Why the worker ended an execution; see execute.py for which kind has which fields. */
export interface WorkerError {
  kind: string;
  cell?: number | null;
  index?: number | null;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  stderr?: string;
  seconds?: number;
  exit?: number | null;
  scope?: string;
  limit?: number;
  bytes?: number;
  left?: number;
  here?: Facts;
  there?: Facts;
}

export interface WorkerOutcome {
  error?: WorkerError;
  seconds: number;
  peakBytes: number;
}

type WorkerEvent =
  | { event: "kernel"; pid: number }
  | { event: "cell"; cell: number; index: number; cells: number }
  | { event: "cellDone"; cell: number; seconds: number }
  | { event: "restart"; reason: string }
  | ({ event: "error" } & WorkerError)
  | { event: "finished"; ok: boolean; peakBytes: number };

export interface WorkerListener {
  onCell?(cell: number, cells: number): void;
  onCellDone?(cell: number, seconds: number): void;
}

/** How long a worker may take to end its kernel before both are killed. */
const GRACE_MILLISECONDS = 5_000;
/** A gateway takes its time to start a kernel, which cannot be ended before it is there. */
const GATEWAY_GRACE_MILLISECONDS = 45_000;
/** Beyond the notebook's own limit, which the worker keeps: it must have hung. */
const OVERTIME_MILLISECONDS = 60_000;
/** Enough for V8's last words and the stack of machine code after them. */
const STDERR_TAIL = 20_000;

/**
 * Executes one notebook in a process of its own. Never rejects for what the notebook does.
 *
 * @param signal ends the execution: the worker is asked to stop its kernel, and killed with it when it does not
 */
export async function executeNotebook(
  request: WorkerRequest,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  listener: WorkerListener = {},
): Promise<WorkerOutcome> {
  const started = performance.now();
  const child = spawn(pythonPath(), [path.join(INSTALLATION, "scripts/runner/execute.py")], {
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: a Ctrl-C in the terminal reaches us alone, and we end the workers in order.
    detached: process.platform !== "win32",
  });
  let error: WorkerError | undefined;
  let finished: { ok: boolean; peakBytes: number } | undefined;
  let kernel: number | undefined;
  let stderr = "";

  const onEvent = (event: WorkerEvent): void => {
    if (event.event === "kernel") kernel = event.pid;
    else if (event.event === "cell") listener.onCell?.(event.cell, event.cells);
    else if (event.event === "cellDone") listener.onCellDone?.(event.cell, event.seconds);
    else if (event.event === "error") error = event;
    else if (event.event === "finished") finished = event;
  };
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const event = parseEvent(line);
    if (event !== undefined) onEvent(event);
  });
  const read = new Promise((resolve) => lines.once("close", resolve));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr = (stderr + chunk).slice(-STDERR_TAIL)));
  const told = new Promise((resolve) => child.stderr.once("end", resolve));
  child.stdin.on("error", () => undefined); // It died early: the exit tells.
  child.stdin.write(`${JSON.stringify(request)}\n`);

  const kill = (): void => {
    killGroup(child.pid);
    killGroup(kernel);
  };
  let deadline: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.stdin.end();
    child.kill("SIGTERM");
    deadline ??= setTimeout(kill, request.gateway ? GATEWAY_GRACE_MILLISECONDS : GRACE_MILLISECONDS);
  };
  const hung = setTimeout(
    () => {
      error ??= { kind: "internal", evalue: "the worker did not answer any more" };
      kill();
    },
    request.notebookTimeout * 1000 + OVERTIME_MILLISECONDS,
  );
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });

  const exit = await new Promise<{ how: string; killed: boolean }>((resolve) => {
    child.once("error", ({ message }) => resolve({ how: `could not be started: ${message}`, killed: false }));
    child.once("exit", (code, by) => {
      resolve(
        by ? { how: `was ended by ${by}`, killed: true } : { how: `ended with exit code ${code}`, killed: false },
      );
    });
  });
  signal.removeEventListener("abort", stop);
  clearTimeout(hung);
  clearTimeout(deadline);
  if (finished === undefined) {
    // It ended out of turn, so its kernel may be left; that leads a process group as well.
    killGroup(kernel);
    await soon(read);
    const cause: WorkerError = signal.aborted
      ? { kind: "interrupted" }
      : { kind: exit.killed ? "killed" : "internal", evalue: `the worker ${exit.how}`, stderr };
    error ??= cause;
  }
  const tells = error !== undefined && ["internal", "start", "dead"].includes(error.kind);
  if (tells) await soon(told);
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.destroy();
  if (tells && error !== undefined) error.stderr ??= stderr;
  return { error, seconds: (performance.now() - started) / 1000, peakBytes: finished?.peakBytes ?? 0 };
}

/** Waits until a pipe has been read; a process that a cell has detached may hold it open for ever. */
function soon(read: Promise<unknown>): Promise<unknown> {
  return Promise.race([read, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
}

/** The last line of a worker that was killed may be half of one. */
function parseEvent(line: string): WorkerEvent | undefined {
  try {
    return JSON.parse(line) as WorkerEvent;
  } catch {
    return undefined;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
