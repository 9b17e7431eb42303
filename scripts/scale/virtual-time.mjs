// Time that passes only when everybody waits.

import { setImmediate } from "node:timers/promises";

/** A clock on which a thousand seconds take no time at all. */
export class VirtualClock {
  now = 0;
  /** @type {{ at: number, wake: () => void }[]} */
  #sleepers = [];

  /**
   * @param {number} seconds
   * @returns {Promise<void>} resolved when the clock has come that far
   */
  sleep(seconds) {
    return new Promise((wake) => this.#sleepers.push({ at: this.now + seconds, wake }));
  }

  /**
   * Moves the clock from one awakening to the next until the work is done.
   *
   * @param {Promise<unknown>} work waits for nothing but this clock
   */
  async run(work) {
    let done = false;
    const end = work.finally(() => (done = true));
    for (;;) {
      await setImmediate(); // Whatever can go on goes on first.
      if (done) return await end;
      const next = this.#sleepers.reduce(
        (first, one) => (first && first.at <= one.at ? first : one),
        this.#sleepers[0],
      );
      if (next === undefined) throw new Error("virtual time: the work waits for something else than the clock");
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.now = next.at;
      next.wake();
    }
  }
}
