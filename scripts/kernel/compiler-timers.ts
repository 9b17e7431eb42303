import { clearTimeout, setTimeout } from "node:timers";

/** The timers through which TypeScript puts off its work. */
interface TimerHost {
  setTimeout: (callback: () => void, milliseconds: number) => object;
  clearTimeout: (timer: object) => void;
}

/** TypeScript's function that looks again for modules which it has not found. */
const LOOK_AGAIN = "invalidateResolutionsOfFailedLookup";

/**
 * Gives TypeScript the second of its two timers. tslab has one, for the next compilation, and runs it itself; when
 * packages are installed while a kernel lives, TypeScript asks for another one, and with tslab's alone every later cell
 * fails with "Unexpected pending rebuildTimer".
 */
export function withSecondTimer(host: unknown): unknown {
  const timers = host as TimerHost;
  const first: TimerHost = { setTimeout: timers.setTimeout, clearTimeout: timers.clearTimeout };
  const second = new WeakSet<object>();
  timers.setTimeout = (callback, milliseconds) => {
    if (callback.name !== LOOK_AGAIN) return first.setTimeout(callback, milliseconds);
    const timer = setTimeout(callback, milliseconds).unref();
    second.add(timer);
    return timer;
  };
  timers.clearTimeout = (timer) => {
    if (second.has(timer)) clearTimeout(timer as NodeJS.Timeout);
    else first.clearTimeout(timer);
  };
  return timers;
}
