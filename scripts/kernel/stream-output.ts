import { Writable } from "node:stream";

import type { Cell } from "./cells.js";

export type StreamName = "stdout" | "stderr";

const { setImmediate: soon } = globalThis;

/** Lines that are sent one by one within one period; from then on they are collected. */
const SINGLE_WRITES = 32;
const PERIOD_MILLISECONDS = 40;
/** A message of this size goes out at once. */
const FLUSH_CHARACTERS = 64 * 1024;

/**
 * Sends what cells write. A few lines go out one by one and at once, so that a synchronous training loop is seen to
 * progress. A flood is collected into few messages, each of at most 40 ms or one turn of the event loop.
 */
export class StreamOutput {
  private cell: Cell | undefined;
  private name: StreamName = "stdout";
  private chunks: string[] = [];
  private characters = 0;
  private periodStart = 0;
  private writes = 0;
  private scheduled = false;

  constructor(private readonly send: (cell: Cell, name: StreamName, text: string) => void) {}

  write(cell: Cell, name: StreamName, text: string): void {
    if (text === "") return;
    if (this.cell !== cell || this.name !== name) this.flush();
    this.cell = cell;
    this.name = name;
    this.chunks.push(text);
    this.characters += text.length;
    const now = performance.now();
    const isNewPeriod = now - this.periodStart >= PERIOD_MILLISECONDS;
    if (isNewPeriod) {
      this.periodStart = now;
      this.writes = 0;
    }
    this.writes++;
    if (isNewPeriod || this.writes <= SINGLE_WRITES || this.characters >= FLUSH_CHARACTERS) this.flush();
    else this.flushSoon();
  }

  private flushSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    soon(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** Sends what is held back; anything else that is published calls it first, so that the order stays. */
  flush(): void {
    const { cell, name, chunks } = this;
    if (!cell || chunks.length === 0) return;
    this.chunks = [];
    this.characters = 0;
    this.send(cell, name, chunks.join(""));
  }
}

/**
 * Replaces `process.stdout` and `process.stderr` by streams of the same contract that lead to the notebook.
 *
 * The process's own are not even opened: Node would make the pipe that the kernel inherits non-blocking, and with it
 * that of the program which started the kernel, whose own writes then fail. What native code or a child process
 * writes goes there as before.
 */
export function captureStreams(write: (name: StreamName, text: string) => void): void {
  for (const [name, fd] of [
    ["stdout", 1],
    ["stderr", 2],
  ] as const) {
    const decoder = new TextDecoder();
    const stream = new Writable({
      decodeStrings: false,
      highWaterMark: Number.MAX_SAFE_INTEGER,
      write(chunk: string | Buffer, encoding: BufferEncoding | "buffer", callback) {
        if (typeof chunk !== "string") write(name, decoder.decode(chunk, { stream: true }));
        else if (/^utf-?8$/i.test(encoding)) write(name, chunk);
        else write(name, Buffer.from(chunk, encoding as BufferEncoding).toString("utf8"));
        callback();
      },
    });
    // isTTY is left out: on a terminal console.log would colour what lands in the notebook.
    Object.defineProperty(process, name, {
      value: Object.assign(stream, { fd }),
      configurable: true,
      enumerable: true,
    });
  }
  delete process.env.FORCE_COLOR;
}
