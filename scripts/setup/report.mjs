// What set-up tells: one line a step, nothing when nothing is to do.

import { performance } from "node:perf_hooks";

/** @typedef {"quiet" | "normal" | "verbose"} Loudness */

/** Prints a line when a step begins and completes it with the seconds when the step is done. */
export class Report {
  /** @type {boolean} */ #lineOpen = false;
  /** @type {number} */ #begun = 0;

  /**
   * @param {Loudness} loudness
   * @param {(text: string) => void} [write]
   */
  constructor(loudness, write = (text) => void process.stdout.write(text)) {
    this.loudness = loudness;
    this.write = write;
  }

  /**
   * Whether the tools that a step runs may write to the terminal themselves (progress bars).
   *
   * @returns {boolean}
   */
  get showsTools() {
    return this.loudness === "verbose" || (this.loudness === "normal" && process.stdout.isTTY === true);
  }

  /** @param {string} text */
  begin(text) {
    this.closeLine();
    this.#begun = performance.now();
    if (this.loudness === "quiet") return;
    this.write(text);
    this.#lineOpen = true;
  }

  done() {
    if (this.loudness === "quiet") return;
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    this.write(this.#lineOpen ? ` (${seconds} s)\n` : `      done in ${seconds} s\n`);
    this.#lineOpen = false;
  }

  /**
   * Something the reader should know, on a line of its own.
   *
   * @param {string} text
   */
  note(text) {
    if (this.loudness === "quiet") return;
    this.closeLine();
    this.write(`      ${text}\n`);
  }

  /**
   * Something only `--verbose` shows.
   *
   * @param {string} text
   */
  detail(text) {
    if (this.loudness === "verbose") this.note(text);
  }

  /** Ends a line that a step has begun, so that other output starts on its own. */
  closeLine() {
    if (this.#lineOpen) this.write("\n");
    this.#lineOpen = false;
  }
}
