import { randomUUID } from "node:crypto";
import { kernelWriter } from "./kernel-writer.js";

/**
 * One line of text that is replaced in place while something runs, and is empty afterwards: in a notebook a display of
 * its own, in a terminal the last line of standard error, elsewhere nothing.
 *
 * Nothing is shown while a notebook is verified (NN30_RESULTS is set), so that no saved output depends on the clock.
 */
export class StatusLine {
  readonly #id = randomUUID();
  readonly #isWanted: boolean;
  #last = -Infinity;
  #shown = "";

  constructor(isWanted = process.env.NN30_RESULTS === undefined) {
    this.#isWanted = isWanted;
  }

  /** Shows another text, at most ten times a second: what comes faster is left out. */
  update(text: () => string): void {
    if (!this.#isWanted || performance.now() - this.#last < 100) return;
    this.#write(text());
    this.#last = performance.now();
  }

  /** Leaves the line empty. */
  clear(): void {
    if (this.#shown !== "") this.#write("");
  }

  #write(text: string): void {
    const write = kernelWriter();
    if (write) {
      write({ data: { "text/plain": text }, metadata: {}, transient: { display_id: this.#id } }, this.#last > 0);
    } else if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[2K${text}`);
    }
    this.#shown = text;
  }
}
