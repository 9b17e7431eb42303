import { createLogUpdate } from "log-update";
import colors from "picocolors";
import { DAYS } from "../curriculum.js";
import type { Outcome } from "./outcome.js";

export interface Progress {
  started(day: number, cells: number): void;
  cell(day: number, cell: number, cells: number): void;
  cellDone(day: number, cell: number, seconds: number): void;
  done(outcome: Outcome): void;
  message(text: string): void;
  /** Leaves the terminal as it should be; nothing is shown afterwards. */
  end(): void;
}

const MARKS: Record<Outcome["status"], string> = {
  passed: colors.green("✓"),
  cached: colors.green("✓"),
  failed: colors.red("✗"),
  "in doubt": colors.yellow("?"),
  "not run": colors.yellow("–"),
  interrupted: colors.yellow("–"),
  pending: colors.dim("·"),
};

/** A line that says how a day ended: `✓ Day 5  MNIST Digit Classifier  22.1 s`. */
function doneLine(outcome: Outcome): string {
  const { day, status, seconds, failures } = outcome;
  const tail =
    status === "passed"
      ? `${seconds?.toFixed(1)} s`
      : status === "cached"
        ? "unchanged"
        : (failures[0]?.reason ?? status);
  return `${MARKS[status]} Day ${String(day).padStart(2)}  ${DAYS[day - 1].topic}  ${colors.dim(tail.split("\n")[0])}`;
}

/** Plain lines: for logs and pipes. */
export function plainProgress(write: (line: string) => void, verbose: boolean): Progress {
  const name = (day: number): string => `Day ${String(day).padStart(2)}`;
  return {
    started: (day, cells) => write(`▶ ${name(day)}  ${DAYS[day - 1].topic} (${cells} cells)`),
    cell: () => undefined,
    cellDone: (day, cell, seconds) => {
      if (verbose) write(`  ${name(day)}  cell ${cell}: ${seconds.toFixed(1)} s`);
    },
    done: (outcome) => write(doneLine(outcome)),
    message: write,
    end: () => undefined,
  };
}

/** A live display: finished days scroll by, running ones stay at the bottom, one line each. */
export function liveProgress(stream: NodeJS.WriteStream): Progress {
  const show = createLogUpdate(stream);
  const running = new Map<number, { cell: number; cells: number; since: number }>();
  const draw = (): void => {
    const lines = [...running].map(([day, { cell, cells, since }]) => {
      const seconds = Math.floor((performance.now() - since) / 1000);
      const state = cell === 0 ? "starting" : `cell ${cell}/${cells}`;
      return `${colors.cyan("▶")} Day ${String(day).padStart(2)}  ${DAYS[day - 1].topic}  ${colors.dim(`${state}  ${seconds} s`)}`;
    });
    show(lines.join("\n"));
  };
  const above = (text: string): void => {
    show.clear();
    stream.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, 500);
  timer.unref();
  return {
    started: (day, cells) => {
      running.set(day, { cell: 0, cells, since: performance.now() });
      draw();
    },
    cell: (day, cell, cells) => {
      const entry = running.get(day);
      if (entry) running.set(day, { ...entry, cell, cells });
      draw();
    },
    cellDone: () => undefined,
    done: (outcome) => {
      running.delete(outcome.day);
      above(doneLine(outcome));
    },
    message: above,
    end: () => {
      clearInterval(timer);
      show.clear();
      show.done();
    },
  };
}
