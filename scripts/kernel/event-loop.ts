// Kept from the start, since a cell may replace the global ones (fake timers).
const { setTimeout: later, setImmediate: soon } = globalThis;

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void later(resolve, milliseconds));
}

/** Lets one turn of the event loop pass: timers that are due, input that has arrived, rejections without a handler. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}

/**
 * Lets what a cell has left behind come up: two rounds of timers of zero duration and of immediates. Costs about 3 ms.
 */
export async function settle(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await wait(1);
    await turn();
  }
}
