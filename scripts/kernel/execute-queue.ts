import type { Connection } from "./connection.js";
import { turn } from "./event-loop.js";
import type { Message } from "./message.js";
import type { ZmqSocket } from "./tslab-modules.js";

export interface ExecuteRequest {
  readonly message: Message;
  readonly socket: ZmqSocket;
}

export type ExecuteReply = Readonly<Record<string, unknown>> & { readonly status: "ok" | "error" };

/** Turns of the event loop in which requests that had been sent before an error are read from the socket. */
const TURNS_TO_READ = 5;

/**
 * Executes requests one after the other.
 *
 * After an error the rule is ipykernel's. JupyterLab's Run All sends all cells at once with `stop_on_error` set; when
 * one fails, those that are already in the queue are answered "aborted" and not run. Whatever is sent after the error's
 * reply runs again: nothing is skipped for a length of time, as stock tslab does for 200 ms. So a client that waits for
 * each reply, as nbclient does, never has a cell skipped, whether it tolerates the error or not.
 */
export class ExecuteQueue {
  private waiting: ExecuteRequest[] = [];
  private readonly aborted = new Set<ExecuteRequest>();
  private working = false;

  constructor(
    private readonly connection: Connection,
    private readonly execute: (request: Message) => Promise<ExecuteReply>,
  ) {}

  add(request: ExecuteRequest): void {
    this.waiting.push(request);
    if (!this.working) void this.work();
  }

  /** Drops what waits; used before the kernel ends. */
  clear(): void {
    this.waiting = [];
  }

  private async work(): Promise<void> {
    this.working = true;
    for (let request = this.waiting.shift(); request; request = this.waiting.shift()) {
      await this.answer(request);
    }
    this.working = false;
  }

  private async answer(request: ExecuteRequest): Promise<void> {
    const { message, socket } = request;
    const { connection } = this;
    connection.publish("status", message, { execution_state: "busy" });
    if (this.aborted.delete(request)) {
      const aborted = { status: "aborted" };
      connection.reply(socket, "execute_reply", message, aborted, aborted);
    } else {
      const reply = await this.execute(message);
      const { silent, stop_on_error: stopOnError = true } = message.content;
      if (reply.status === "error" && silent !== true && stopOnError !== false) await this.abortWaiting();
      connection.reply(socket, "execute_reply", message, reply);
    }
    connection.publish("status", message, { execution_state: "idle" });
  }

  /** Called before the reply is sent, so that no request that answers to the reply can be among them. */
  private async abortWaiting(): Promise<void> {
    for (let count = 0; count < TURNS_TO_READ; count++) await turn();
    for (const request of this.waiting) this.aborted.add(request);
  }
}
