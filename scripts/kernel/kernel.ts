import { writeSync } from "node:fs";

import { type Cell, CellSources } from "./cells.js";
import { CellRunner } from "./cell-runner.js";
import { completeness } from "./completeness.js";
import { Connection } from "./connection.js";
import { displayBundle } from "./display/display-bundle.js";
import { type ErrorReport, ErrorReporter } from "./error-report.js";
import { settle, wait } from "./event-loop.js";
import { type ExecuteReply, ExecuteQueue } from "./execute-queue.js";
import { type Failure, LateFailures } from "./failures.js";
import { History } from "./history.js";
import { kernelInfo } from "./kernel-info.js";
import { LanguageService } from "./language-service.js";
import type { Message } from "./message.js";
import { PendingWork } from "./pending-work.js";
import type { SourceMapRecorder } from "./source-maps.js";
import { installStackTraces, StackReader } from "./stack-traces.js";
import { captureStreams, StreamOutput } from "./stream-output.js";
import type { DisplayData, TslabModules, ZmqReceiver } from "./tslab-modules.js";

const { setTimeout: later } = globalThis;

const DEFAULT_DRAIN_MILLISECONDS = 2000;
const DRAIN_STEP_MILLISECONDS = 5;
/** Time that the last messages get on their way out. */
const EXIT_MILLISECONDS = 20;

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A Jupyter kernel around tslab: answers requests, runs cells, and publishes what comes of them. */
export class Kernel {
  private readonly connection: Connection;
  private readonly runner: CellRunner;
  private readonly language: LanguageService;
  private readonly queue: ExecuteQueue;
  private readonly output = new StreamOutput((cell, name, content) => {
    if (!cell.silent) this.connection.publish("stream", cell.request, { name, text: content });
  });
  private readonly history = new History();
  private readonly late = new LateFailures();
  private pending: PendingWork | undefined;
  /** Numbers of the cells that have printed since a drain began. */
  private readonly printers = new Set<number>();
  private executions = 0;
  private count = 0;

  constructor(
    private readonly tslab: TslabModules,
    maps: SourceMapRecorder,
    root: string,
    connectionFile: string,
  ) {
    this.connection = new Connection(tslab.zmq, connectionFile);
    const sources = new CellSources();
    installStackTraces(sources);
    const reporter = new ErrorReporter(new StackReader(sources, root));
    this.runner = new CellRunner(tslab, maps, sources, reporter, {
      value: (cell, value) => this.showValue(cell, value),
      alsoFailed: (cell, report) => this.output.write(cell, "stderr", `Also: ${report.traceback.join("\n")}\n`),
      lateFailure: (failure, report) => this.showLateFailure(failure, report),
      handledLate: (promise) => this.late.forget(promise),
      ownFailure: (error) => this.logError(error),
    });
    const handler = new tslab.jupyter.JupyterHandlerImpl(this.runner.executor, false);
    this.language = new LanguageService(handler, (error) => this.logError(error));
    this.queue = new ExecuteQueue(this.connection, (request) => this.execute(request));
    captureStreams((name, content) => {
      const cell = this.runner.origin();
      if (!cell) return;
      this.printers.add(cell.count);
      this.output.write(cell, name, content);
    });
    tslab.jupyter.lastWriteDisplayData = (data, update) => this.display(data, update === true);
    process.on("exit", () => this.output.flush());
  }

  /** Binds the sockets and serves until a shutdown request. */
  async start(): Promise<void> {
    await this.connection.open();
    void this.serve(this.connection.control);
    void this.serve(this.connection.shell);
  }

  private logError(error: unknown): void {
    const description = error instanceof Error ? (error.stack ?? error.message) : String(error);
    try {
      writeSync(2, `kernel launcher: ${description}\n`);
    } catch {
      // Whoever started the kernel has closed its end; there is no one left to tell.
    }
  }

  private async serve(socket: ZmqReceiver): Promise<void> {
    for await (const frames of socket) {
      try {
        this.dispatch(socket, this.connection.decode(frames));
      } catch (error) {
        this.logError(error);
      }
    }
  }

  private dispatch(socket: ZmqReceiver, request: Message): void {
    const type = request.header.msg_type;
    if (type === "execute_request") {
      this.queue.add({ message: request, socket });
      return;
    }
    const { connection } = this;
    connection.publish("status", request, { execution_state: "busy" });
    const reply = this.answer(type, request.content);
    // Requests that this kernel does not know stay unanswered, which is what the protocol asks for.
    if (reply) connection.reply(socket, type.replace(/_request$/, "_reply"), request, reply);
    connection.publish("status", request, { execution_state: "idle" });
    if (type === "shutdown_request") {
      if (reply) connection.publish("shutdown_reply", request, reply);
      this.stop();
    }
  }

  private answer(type: string, content: Message["content"]): object | undefined {
    switch (type) {
      case "kernel_info_request":
        return kernelInfo(this.tslab);
      case "is_complete_request":
        return completeness(this.tslab.typescript, text(content.code));
      case "complete_request":
        return this.language.complete(text(content.code), Number(content.cursor_pos));
      case "inspect_request":
        return this.language.inspect(text(content.code), Number(content.cursor_pos));
      case "history_request":
        return { status: "ok", history: this.history.query(content) };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "interrupt_request":
        this.runner.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content.restart === true };
      default:
        return undefined;
    }
  }

  private async execute(request: Message): Promise<ExecuteReply> {
    this.pending ??= new PendingWork();
    const code = text(request.content.code).replace(/\r\n?/g, "\n");
    const silent = request.content.silent === true;
    if (silent && code.trim() === "") return this.drain();
    if (!silent && request.content.store_history !== false) {
      this.count++;
      this.history.add(this.count, code);
    }
    const cell: Cell = { id: ++this.executions, count: this.count, code, request, silent };
    if (!silent) {
      this.connection.publish("execute_input", request, { code: request.content.code, execution_count: cell.count });
    }
    const report = await this.runner.run(cell);
    this.output.flush();
    if (!report) return { status: "ok", execution_count: cell.count, user_expressions: {}, payload: [] };
    if (!silent) this.connection.publish("error", request, report);
    return { status: "error", execution_count: cell.count, ...report };
  }

  /**
   * A silent request without code asks for what may still go wrong: it is answered when no timer or request of a cell
   * is pending, or after a bound, and with an error if one came up that no cell's own reply has reported, or if what is
   * pending prints: nobody sees that output.
   */
  private async drain(): Promise<ExecuteReply> {
    const configured = Number(process.env.NN30_DRAIN_MS ?? DEFAULT_DRAIN_MILLISECONDS);
    const bound = Number.isFinite(configured) ? configured : DEFAULT_DRAIN_MILLISECONDS;
    const end = performance.now() + bound;
    await settle();
    this.output.flush();
    this.printers.clear();
    while (this.pending?.exists() && performance.now() < end) await wait(DRAIN_STEP_MILLISECONDS);
    await settle();
    const failures = this.late.take();
    if (failures) return { status: "error", execution_count: this.count, ...failures };
    const [printer] = this.printers;
    if (printer !== undefined && this.pending?.exists()) {
      const evalue =
        `what cell ${printer} has started goes on printing after the last cell: ` +
        "stop it (clearInterval) or await its end";
      return { status: "error", execution_count: this.count, ename: "EndlessOutput", evalue, traceback: [] };
    }
    return { status: "ok", execution_count: this.count, user_expressions: {}, payload: [] };
  }

  private async showValue(cell: Cell, value: unknown): Promise<void> {
    const bundle = await displayBundle(value);
    this.output.flush();
    if (cell.silent) return;
    this.history.setOutput(text(bundle["text/plain"]));
    this.connection.publish("execute_result", cell.request, {
      execution_count: cell.count,
      data: bundle,
      metadata: {},
    });
  }

  /** What `display` of tslab and `show` of the helper package end in. */
  private display(data: DisplayData, update: boolean): void {
    const cell = this.runner.origin();
    if (!cell || cell.silent) return;
    this.printers.add(cell.count);
    this.output.flush();
    const content = { ...data, metadata: data.metadata ?? {}, transient: data.transient ?? {} };
    this.connection.publish(update ? "update_display_data" : "display_data", cell.request, content);
  }

  private showLateFailure(failure: Failure, report: ErrorReport): void {
    if (!this.late.add(failure, report) || failure.cell.silent) return;
    this.output.flush();
    this.connection.publish("error", failure.cell.request, report);
  }

  /** Ends the process whatever is still open; messages that are on their way get a moment. */
  private stop(): void {
    this.queue.clear();
    this.output.flush();
    later(() => {
      this.connection.close();
      process.exit(0);
    }, EXIT_MILLISECONDS);
  }
}
