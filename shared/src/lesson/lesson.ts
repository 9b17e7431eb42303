import { join } from "node:path";
import type { Random } from "../random/random.js";
import { seedEverything } from "../random/seed-everything.js";
import { type ClaimOptions, type ClaimRecord, ClaimTable, checkClaim } from "./claim.js";
import { Experiment, type RunOutcome, disagreements, experimentKey } from "./experiment.js";
import {
  type ExperimentRecord,
  type LessonResults,
  type RunRecord,
  collectionRoot,
  dayFolder,
  readResults,
  writeResults,
} from "./results.js";
import { versions } from "./versions.js";

/** Options of {@link Lesson.experiment}. */
export interface ExperimentOptions {
  /**
   * How far a fresh run's metrics and history may be from their record, relative to max(1, |value|). Default: 1e-9,
   * for arithmetic of our own, which is the same on every machine. TensorFlow's kernels differ from processor to
   * processor: state what a run on them may differ by.
   */
  tolerance?: number;
  /**
   * The same where every seed is trained (`--full`), for runs that read a network which another experiment of the
   * lesson then trains afresh: what they measure changes with it. Default: `tolerance`.
   */
  fullTolerance?: number;
  /**
   * What the runs need and this machine lacks, such as `"Fashion-MNIST"`; undefined where nothing is missing. If
   * something is, no seed is trained: the committed records stand in for all of them, and a line of output says so.
   */
  missing?: string | undefined;
}

/** A day's lesson: what it claims, what its experiments measured, and the one seed that its chance comes from. */
export class Lesson {
  private generator: Random;
  private readonly stated = new Map<string, ClaimRecord>();
  private readonly experiments: Record<string, ExperimentRecord>;
  /** Where this run's results go: where the runner says, else (in JupyterLab) outside of version control. */
  private readonly file: string;
  /** Experiments that may stand in for training, newest first. */
  private readonly recorded: LessonResults["experiments"][];

  /**
   * @param day - 1 to 30.
   * @param seed - Seeds everything that is random in the lesson.
   */
  constructor(
    readonly day: number,
    readonly seed: number,
  ) {
    if (!Number.isInteger(day) || day < 1 || day > 30) {
      throw new RangeError(`lesson: expected a day from 1 to 30 but got ${day}`);
    }
    this.generator = seedEverything(seed);
    const session = process.env.NN30_RESULTS === undefined;
    this.file = process.env.NN30_RESULTS ?? join(collectionRoot(), ".cache", "lab", `day${day}.json`);
    // A session in JupyterLab goes on with what earlier sessions trained; a verification starts from nothing.
    this.experiments = session ? (readResults(this.file)?.experiments ?? {}) : {};
    const committed = readResults(join(dayFolder(day), "results.json"))?.experiments ?? {};
    this.recorded = [{ ...this.experiments }, committed];
    this.write();
  }

  /** The lesson's random numbers. `Math.random` draws from the same generator. */
  get random(): Random {
    return this.generator;
  }

  /**
   * States a number. The claim is checked at once, recorded in the day's results, and shown when it is a cell's last
   * value.
   *
   * @param id - Names the claim within the lesson, for the pages that read it: lower case, words joined by hyphens.
   * @param options - What is claimed, its value and its target.
   * @throws ClaimError when the claim does not hold, or misses its published number without a reason.
   */
  claim(id: string, options: ClaimOptions): ClaimTable {
    const known = this.stated.get(id);
    if (known && known.what !== options.what) {
      throw new RangeError(
        `Claim "${id}" is stated twice: "${known.what}" and "${options.what}"; give each its own id`,
      );
    }
    this.stated.delete(id); // a claim that fails when its cell is run again must not stand
    const record = checkClaim(id, options);
    this.stated.set(id, record);
    this.write();
    return new ClaimTable([record]);
  }

  /**
   * States several numbers, as {@link Lesson.claim} does, and shows them as one table.
   *
   * @param claims - What is claimed, by id.
   */
  claims(claims: Readonly<Record<string, ClaimOptions>>): ClaimTable {
    return new ClaimTable(Object.entries(claims).flatMap(([id, options]) => this.claim(id, options).claims));
  }

  /** All claims so far, as one table. */
  summary(): ClaimTable {
    return new ClaimTable([...this.stated.values()]);
  }

  /**
   * Runs an experiment once for each seed and keeps a record of every run in the day's results.
   *
   * The first seed is always trained afresh and has to agree with its record; the other seeds are read from their
   * records, so that a notebook is quick to run and still notices a drift. With the environment variable `NN30_FULL=1`
   * (`npm run verify -- --full`) every seed is trained. A record is valid for one configuration and one source of
   * `run`: after a change of either, every seed is trained.
   *
   * @param name - Names the experiment within the lesson.
   * @param config - Everything that the run depends on and that JSON can hold; it is handed to `run`.
   * @param seeds - One run for each; everything random is seeded with it before the run.
   * @param run - Trains and measures.
   * @param options - See {@link ExperimentOptions}.
   * @returns The runs; see {@link Experiment}.
   * @throws Error when the fresh run contradicts its record, with what differs; or when something is missing and not
   *   every seed has a record.
   */
  async experiment<Config, Value = undefined>(
    name: string,
    config: Config,
    seeds: readonly number[],
    run: (config: Config, seed: number) => RunOutcome<Value> | Promise<RunOutcome<Value>>,
    options: ExperimentOptions = {},
  ): Promise<Experiment<Value>> {
    const { tolerance = 1e-9, fullTolerance, missing } = options;
    if (seeds.length === 0) throw new RangeError(`Experiment "${name}": expected at least one seed but got none`);
    const key = experimentKey(config, run);
    const records = this.recordsOf(name, key);
    if (missing !== undefined)
      console.log(`Experiment "${name}": no ${missing} on this machine; its records are read.`);
    const all = process.env.NN30_FULL === "1" && missing === undefined;
    const runs: RunRecord[] = [];
    let value: Value | undefined;
    for (const [index, seed] of seeds.entries()) {
      const recorded = records.get(seed);
      if (recorded && (index > 0 || missing !== undefined) && !all) {
        runs.push(recorded);
        continue;
      }
      if (missing !== undefined) {
        throw new Error(
          `Experiment "${name}", seed ${seed}: expected a record, since ${missing} is missing on this machine, but ` +
            `results.json has none for this configuration and code. Run npm run setup where ${missing} can be had.`,
        );
      }
      const fresh = await train(config, seed, run);
      if (index === 0) value = fresh.value;
      if (recorded && !all) this.agree(name, recorded, fresh.record, tolerance);
      runs.push(recorded && !all ? recorded : fresh.record);
    }
    // How many numbers the trainings drew depends on how many there were: what follows must not.
    this.generator = seedEverything((this.seed + index32(name)) >>> 0);
    const record: ExperimentRecord = { key, config, tolerance, ...(fullTolerance && { fullTolerance }), runs };
    this.experiments[name] = record;
    this.write();
    return new Experiment(name, record, value as Value);
  }

  private recordsOf(name: string, key: string): Map<number, RunRecord> {
    const matching = this.recorded.map((experiments) => experiments[name]).filter((record) => record?.key === key);
    return new Map(matching.reverse().flatMap((record) => record.runs.map((run) => [run.seed, run])));
  }

  private agree(name: string, recorded: RunRecord, fresh: RunRecord, tolerance: number): void {
    const reasons = disagreements(recorded, fresh, tolerance);
    if (reasons.length === 0) return;
    throw new Error(
      `Experiment "${name}", seed ${fresh.seed}: the fresh run differs from its record by more than ${tolerance}: ` +
        `${reasons.slice(0, 3).join("; ")}${reasons.length > 3 ? ` and ${reasons.length - 3} more` : ""}. ` +
        `If the change is meant, train it anew with: npm run verify -- ${this.day} --full --save`,
    );
  }

  private write(): void {
    const results: LessonResults = {
      format: 1,
      day: this.day,
      seed: this.seed,
      versions: versions(),
      claims: [...this.stated.values()],
      experiments: this.experiments,
    };
    writeResults(this.file, results);
  }
}

/**
 * Opens a lesson: the first call of a notebook.
 *
 * @param day - 1 to 30.
 * @param options - `seed`: seeds everything that is random in the lesson. Default: 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lesson } from "@nn30/shared";
 *
 * const day = lesson(2, { seed: 7 });
 * const claim = day.claim("sigmoid-at-zero", { what: "σ(0)", value: 1 / (1 + Math.exp(-0)), equals: 0.5 });
 * assert.equal(claim.claims[0].shown, "0.5000");
 * ```
 */
export function lesson(day: number, options: { seed?: number } = {}): Lesson {
  return new Lesson(day, options.seed ?? 1);
}

async function train<Config, Value>(
  config: Config,
  seed: number,
  run: (config: Config, seed: number) => RunOutcome<Value> | Promise<RunOutcome<Value>>,
): Promise<{ record: RunRecord; value: Value | undefined }> {
  seedEverything(seed);
  const start = performance.now();
  const { metrics, history = {}, value } = await run(config, seed);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  const lists = Object.fromEntries(Object.entries(history).map(([name, values]) => [name, Array.from(values)]));
  return { record: { seed, seconds, metrics, history: lists, versions: versions() }, value };
}

/** A number from a name, so that what follows one experiment draws other numbers than what follows another. */
function index32(name: string): number {
  return [...name].reduce((hash, letter) => (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 0);
}
