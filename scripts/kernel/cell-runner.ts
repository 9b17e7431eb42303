import { AsyncLocalStorage } from "node:async_hooks";

import type { Cell, CellSources } from "./cells.js";
import { type CompilerClient, TracedConverters } from "./compiler.js";
import { type ErrorReport, type ErrorReporter, interruptedReport } from "./error-report.js";
import { settle } from "./event-loop.js";
import type { Failure } from "./failures.js";
import { endsInAssignment } from "./last-expression.js";
import type { SourceMapRecorder } from "./source-maps.js";
import type { Diagnostic, Executor, TslabModules } from "./tslab-modules.js";

const { setTimeout: later, clearTimeout: cancel } = globalThis;

/** A rejection may still find its handler; a cell that hangs because of one should not wait for its time-out. */
const REJECTION_GRACE_MILLISECONDS = 1000;

/** What a cell is doing between its request and its reply. */
interface Run {
  readonly cell: Cell;
  value?: { readonly of: unknown };
  thrown?: { readonly error: unknown };
  diagnostics: readonly Diagnostic[];
  failures: Failure[];
  interrupted: boolean;
  grace?: NodeJS.Timeout;
}

/** Where a cell's value goes, and failures of cells that have been answered. */
export interface RunnerEvents {
  /** Shows a cell's last value; may throw what the value's own display method throws. */
  value(cell: Cell, value: unknown): Promise<void>;
  /** Reports further failures of a cell that has failed already. */
  alsoFailed(cell: Cell, report: ErrorReport): void;
  lateFailure(failure: Failure, report: ErrorReport): void;
  handledLate(promise: Promise<unknown>): void;
  /** An error that belongs to no cell. */
  ownFailure(error: unknown): void;
}

/** Runs cells through tslab's executor, one at a time, and finds out all that went wrong in them. */
export class CellRunner implements CompilerClient {
  readonly executor: Executor;
  /** The id of the cell that started the running code. A number, since Node shows it when a reader prints a timer. */
  private readonly context = new AsyncLocalStorage<number>();
  private running: Run | undefined;
  private last: Cell | undefined;
  private readonly typescript: TslabModules["typescript"];

  constructor(
    tslab: TslabModules,
    maps: SourceMapRecorder,
    private readonly sources: CellSources,
    private readonly reporter: ErrorReporter,
    private readonly events: RunnerEvents,
  ) {
    this.typescript = tslab.typescript;
    const converters = new TracedConverters(tslab, maps, sources, this);
    this.executor = tslab.createExecutor(process.cwd(), converters, {
      log: (value) => {
        if (this.running) this.running.value = { of: value };
      },
      error: (error) => {
        // Diagnostics also come this way, as text; they have been taken from the compiler already.
        if (this.running?.diagnostics.length === 0) this.running.thrown ??= { error };
      },
    });
    process.on("uncaughtException", (error: unknown) => this.onFailure("exception", error));
    process.on("unhandledRejection", (error: unknown, promise) => this.onFailure("rejection", error, promise));
    process.on("rejectionHandled", (promise) => this.onHandled(promise));
    process.on("SIGINT", () => this.interrupt());
  }

  /** The cell that the running code belongs to: the one that started it, even when it has been answered since. */
  origin(): Cell | undefined {
    return this.sources.cell(this.context.getStore()) ?? this.running?.cell ?? this.last;
  }

  compiling(): Cell | undefined {
    return this.running?.cell;
  }

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    if (this.running && diagnostics.length > 0) this.running.diagnostics = diagnostics;
  }

  /**
   * Stops waiting for the cell. Synchronous code is stopped by Node itself before this is called. Asynchronous code
   * cannot be stopped: it goes on in the background, its output still reaches its cell, and only the reply is given.
   */
  interrupt(): void {
    if (!this.running) return;
    this.running.interrupted = true;
    this.executor.interrupt();
  }

  /** Runs a cell; resolves to what went wrong, if anything did. */
  async run(cell: Cell): Promise<ErrorReport | undefined> {
    const run: Run = { cell, diagnostics: [], failures: [], interrupted: false };
    this.running = run;
    this.last = cell;
    try {
      this.sources.register(cell);
      await this.context.run(cell.id, () => this.execute(run));
      await settle();
      return this.verdict(run);
    } finally {
      cancel(run.grace);
      this.running = undefined;
    }
  }

  private async execute(run: Run): Promise<void> {
    try {
      const ok = await this.executor.execute(run.cell.code);
      if (ok && run.value && !endsInAssignment(this.typescript, run.cell.code)) {
        await this.events.value(run.cell, run.value.of);
      }
    } catch (error) {
      run.thrown ??= { error };
    }
  }

  private verdict(run: Run): ErrorReport | undefined {
    const reports = run.failures.map(({ error }) => this.reporter.report(error));
    const thrown = run.thrown?.error;
    const byNode = (thrown as { code?: unknown } | undefined)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
    const gaveUp = thrown instanceof Error && thrown.message === "Interrupted asynchronously";
    if (run.diagnostics.length > 0) {
      reports.unshift(this.reporter.diagnostics(run.diagnostics, run.cell));
    } else if (byNode || (gaveUp && run.interrupted)) {
      reports.unshift(interruptedReport());
    } else if (run.thrown && !(gaveUp && reports.length > 0)) {
      reports.unshift(this.reporter.report(thrown));
    }
    const [first, ...rest] = reports;
    for (const report of rest) this.events.alsoFailed(run.cell, report);
    return first;
  }

  private onFailure(kind: Failure["kind"], error: unknown, promise?: Promise<unknown>): void {
    const frame = this.reporter.cellFrame(error);
    const cell = this.sources.cell(this.context.getStore()) ?? frame?.cell ?? this.running?.cell ?? this.last;
    if (!cell) {
      this.events.ownFailure(error);
      return;
    }
    const inCell = frame?.cell === cell ? frame : undefined;
    const failure: Failure = { kind, error, promise, cell, line: inCell?.line, column: inCell?.column };
    const run = this.running;
    if (run?.cell !== cell) {
      this.events.lateFailure(failure, this.reporter.report(error));
      return;
    }
    run.failures.push(failure);
    // Node would end the process here. What the cell awaits may now never come, so it is not waited for.
    if (kind === "exception") this.executor.interrupt();
    else run.grace ??= later(() => run.failures.length > 0 && this.executor.interrupt(), REJECTION_GRACE_MILLISECONDS);
  }

  private onHandled(promise: Promise<unknown>): void {
    if (this.running) this.running.failures = this.running.failures.filter((failure) => failure.promise !== promise);
    this.events.handledLate(promise);
  }
}
