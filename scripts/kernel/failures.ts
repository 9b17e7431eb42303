import type { Cell } from "./cells.js";
import type { ErrorReport } from "./error-report.js";

/** An error that no one awaited: a rejected promise without a handler, or a throw in a timer or an event. */
export interface Failure {
  readonly kind: "rejection" | "exception";
  readonly error: unknown;
  readonly promise?: Promise<unknown>;
  readonly cell: Cell;
  /** Line and column in the cell, where known, counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** What a drain request is told of one late failure. */
export interface LateFailure extends ErrorReport {
  readonly executionCount: number;
  readonly requestId: string;
  readonly line?: number;
  readonly column?: number;
}

/** A timer that fails for ever must fill neither memory nor the notebook. */
const MAX_KEPT = 50;

/** Failures that came after their cell had been answered, until a drain request asks for them. */
export class LateFailures {
  private kept: { failure: Failure; report: ErrorReport }[] = [];
  private dropped = 0;

  /** @returns false when so many are kept already that this one should not be shown either */
  add(failure: Failure, report: ErrorReport): boolean {
    if (this.kept.length >= MAX_KEPT) {
      this.dropped++;
      return false;
    }
    this.kept.push({ failure, report });
    return true;
  }

  /** Forgets a rejection that found its handler after all. */
  forget(promise: Promise<unknown>): void {
    this.kept = this.kept.filter(({ failure }) => failure.promise !== promise);
  }

  /** Hands out all failures, once, as the content of an error reply; undefined when there are none. */
  take(): (ErrorReport & { nn30: { failures: LateFailure[] } }) | undefined {
    const { kept, dropped } = this;
    this.kept = [];
    this.dropped = 0;
    if (kept.length === 0) return undefined;
    const failures = kept.map(({ failure, report }) => ({
      ...report,
      executionCount: failure.cell.count,
      requestId: failure.cell.request.header.msg_id,
      line: failure.line,
      column: failure.column,
    }));
    const [first] = failures;
    const rest = failures.length - 1 + dropped;
    const place = `cell[${first.executionCount}]${first.line === undefined ? "" : `:${first.line}:${first.column}`}`;
    return {
      ename: first.ename,
      evalue: `${first.evalue} (in ${place}, after the cell had ended${rest > 0 ? `; and ${rest} more` : ""})`,
      traceback: failures.flatMap(({ executionCount, traceback }) => [
        `After cell[${executionCount}] had ended:`,
        ...traceback,
      ]),
      nn30: { failures },
    };
  }
}
