import { DisplayedValue, type MimeBundle, jupyterDisplay } from "../display/display.js";
import { Random } from "../random/random.js";
import { table } from "../table/table.js";

/**
 * What a search makes large: the score of a training with these settings, of this budget (in whatever unit, such as
 * epochs), from this seed. NaN says that the training failed.
 */
export type Objective<Settings> = (settings: Settings, budget: number, seed: number) => number | Promise<number>;

/** One training of a search. */
export interface Trial<Settings> {
  /** Counted from 1. */
  readonly number: number;
  readonly settings: Settings;
  readonly budget: number;
  readonly seed: number;
  /** Larger is better; NaN: failed. */
  readonly score: number;
  /** The budgets of all trials up to this one. */
  readonly spent: number;
}

/**
 * Every trial of a search, in its order. As the last value of a cell it shows its five best.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { TrialLog } from "@nn30/shared";
 *
 * const log = new TrialLog([
 *   { number: 1, settings: { hidden: 10 }, budget: 9, seed: 4, score: 0.8, spent: 9 },
 *   { number: 2, settings: { hidden: 30 }, budget: 9, seed: 5, score: 0.9, spent: 18 },
 *   { number: 3, settings: { hidden: 20 }, budget: 9, seed: 6, score: NaN, spent: 27 },
 * ]);
 * assert.equal(log.best.settings.hidden, 30);
 * assert.deepEqual(log.bestSoFar, [0.8, 0.9, 0.9]);
 * assert.equal(log.spent, 27);
 * ```
 */
export class TrialLog<Settings extends object> extends DisplayedValue {
  constructor(readonly trials: readonly Trial<Settings>[]) {
    super();
  }

  /** The budgets of all trials together. */
  get spent(): number {
    return this.trials.length === 0 ? 0 : this.trials[this.trials.length - 1].spent;
  }

  /**
   * The trial with the highest score; the first of equals.
   *
   * @throws RangeError when no trial has a score.
   */
  get best(): Trial<Settings> {
    const [first] = ranked(this.trials);
    if (first === undefined || Number.isNaN(first.score)) {
      throw new RangeError(`TrialLog: expected a trial with a score but got ${this.trials.length} without`);
    }
    return first;
  }

  /** After every trial, the highest score until then; NaN until a trial has a score. */
  get bestSoFar(): number[] {
    let best = NaN;
    return this.trials.map(({ score }) => (best = score > best || Number.isNaN(best) ? score : best));
  }

  [jupyterDisplay](): MimeBundle {
    const rows = ranked(this.trials)
      .slice(0, 5)
      .map(({ number, settings, budget, score }) => ({ trial: number, ...settings, budget, score }));
    const caption = `The five best of ${this.trials.length} trials, budget ${this.spent}`;
    return table(rows, { caption })[jupyterDisplay]();
  }
}

/** Trials from the highest score to the lowest, equals in their order, the failed ones last. */
export function ranked<T extends { readonly score: number }>(trials: readonly T[]): T[] {
  const height = (score: number) => (Number.isNaN(score) ? -Infinity : score);
  return [...trials].sort((a, b) => height(b.score) - height(a.score) || 0);
}

/** Runs the trials of one search and keeps them. */
export class TrialRunner<Settings extends object> {
  readonly trials: Trial<Settings>[] = [];
  readonly #random: Random;

  /** @param seed - Of the search. The seed of its trial i depends on this one and i only. */
  constructor(
    readonly objective: Objective<Settings>,
    seed: number,
  ) {
    this.#random = new Random(seed);
  }

  /**
   * @param seed - Of the training; a new one by default.
   * @throws Error with the trial's number and settings, and what the objective threw as `cause`.
   * @throws TypeError when the objective returns something else than a number.
   */
  async run(settings: Settings, budget: number, seed?: number): Promise<Trial<Settings>> {
    const number = this.trials.length + 1;
    seed ??= this.#random.fork(`trial ${number}`).bits();
    const place = `trial ${number}, ${JSON.stringify(settings)}, budget ${budget}`;
    let score: unknown;
    try {
      score = await this.objective(settings, budget, seed);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${place}: ${message} (return NaN for settings that cannot be trained)`, { cause });
    }
    if (typeof score !== "number") throw new TypeError(`${place}: expected a score but got ${typeof score}`);
    const spent = (this.trials[number - 2]?.spent ?? 0) + budget;
    const trial = { number, settings, budget, seed, score, spent };
    this.trials.push(trial);
    return trial;
  }

  /** What was run. */
  log(): TrialLog<Settings> {
    return new TrialLog(this.trials);
  }
}

/** Refuses what is not a positive finite number. */
export function checkBudget(caller: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new RangeError(`${caller}: expected the budget to be positive but got ${value}`);
}
