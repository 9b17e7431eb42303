export interface ScheduledDay {
  day: number;
  /** Days to wait for, as far as they are scheduled as well. */
  needs: readonly number[];
  /** The higher, the earlier. */
  priority: number;
}

/**
 * Runs days, at most `jobs` at once, each after the days it needs.
 *
 * @param run resolves to whether the day passed; must not reject
 * @param block called instead of `run` when a needed day did not pass
 * @param signal no day is started after it
 */
export async function schedule(
  days: readonly ScheduledDay[],
  jobs: number,
  run: (day: number) => Promise<boolean>,
  block: (day: number, needed: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Map(days.map((entry) => [entry.day, entry]));
  const passed = new Map<number, boolean>();
  const running = new Map<number, Promise<void>>();

  const settleBlocked = (): void => {
    for (let again = true; again;) {
      again = false;
      for (const { day, needs } of waiting.values()) {
        const missing = needs.find((needed) => passed.get(needed) === false);
        if (missing === undefined) continue;
        block(day, missing);
        passed.set(day, false);
        waiting.delete(day);
        again = true;
      }
    }
  };
  const ready = (): ScheduledDay | undefined =>
    [...waiting.values()]
      .filter(({ needs }) => needs.every((needed) => !waiting.has(needed) && !running.has(needed)))
      .sort((a, b) => b.priority - a.priority || a.day - b.day)[0];

  for (;;) {
    settleBlocked();
    for (let next = ready(); next && running.size < jobs && !signal.aborted; next = ready()) {
      const { day } = next;
      waiting.delete(day);
      running.set(
        day,
        run(day).then((ok) => {
          passed.set(day, ok);
          running.delete(day);
        }),
      );
    }
    if (running.size === 0) return;
    await Promise.race(running.values());
  }
}
