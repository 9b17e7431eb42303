import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ClaimOptions,
  ClaimError,
  type LessonResults,
  asPercent,
  checkClaim,
  jupyterDisplay,
  lesson,
  resultsOf,
} from "@nn30/shared";

describe("checkClaim", () => {
  const holds = (options: Omit<ClaimOptions, "what">) => {
    try {
      checkClaim("id", { what: "value", ...options });
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ClaimError);
      return false;
    }
  };

  it.each([
    [{ value: 0.95, atLeast: 0.95 }, true],
    [{ value: 0.9499, atLeast: 0.95 }, false],
    [{ value: 3, atMost: 3 }, true],
    [{ value: 3.001, atMost: 3 }, false],
    [{ value: 14, equals: 14 }, true],
    [{ value: 13, equals: 14 }, false],
    [{ value: 0.8185, equals: 0.818, within: 0.001 }, true],
    [{ value: 0.82, equals: 0.818, within: 0.001 }, false],
    [{ value: 2, between: [1, 2] as const }, true],
    [{ value: 2.1, between: [1, 2] as const }, false],
    [{ value: Number.NaN, atLeast: 0 }, false],
    [{ value: Number.NaN, atMost: 0 }, false],
    [{ value: Number.NaN, equals: 0, within: 1 }, false],
  ])("%j holds: %s", (options, expected) => {
    expect(holds(options)).toBe(expected);
  });

  it("records a published number as met or missed, in the direction of the target", () => {
    const claim = (value: number, reason?: string) =>
      checkClaim("id", {
        what: "accuracy",
        value,
        atLeast: 0.9,
        published: { value: 0.95, source: "book" },
        reason,
        format: asPercent(1),
      });
    expect(claim(0.96).published).toEqual({ value: 0.95, shown: "95.0 %", source: "book", met: true });
    expect(claim(0.94, "a median").published).toMatchObject({ met: false, reason: "a median" });
    expect(() => claim(0.94)).toThrow(/gives no reason/);
  });

  it("wants exactly one target", () => {
    expect(() => checkClaim("id", { what: "x", value: 1 })).toThrow(/exactly one of/);
    expect(() => checkClaim("id", { what: "x", value: 1, atLeast: 0, atMost: 2 })).toThrow(/but got 2/);
  });
});

describe("lesson", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lesson-"));
    mkdirSync(join(folder, "Week1", "Day3"), { recursive: true });
    file = join(folder, "run.json");
    vi.stubEnv("NN30_RESULTS", file);
    vi.stubEnv("NN30_FULL", undefined);
    vi.spyOn(process, "cwd").mockReturnValue(join(folder, "Week1", "Day3"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const results = () => JSON.parse(readFileSync(file, "utf8")) as LessonResults;
  const commit = (content: LessonResults | string) =>
    writeFileSync(
      join(folder, "Week1", "Day3", "results.json"),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  /** An experiment that counts its trainings; the result depends on config, seed and Math.random alone. */
  const trainings: number[] = [];
  const run = ({ epochs }: { epochs: number }, seed: number) => {
    trainings.push(seed);
    const draw = Math.random();
    return {
      metrics: { accuracy: seed + draw },
      history: { cost: Float64Array.from({ length: epochs }, () => draw) },
      value: { seed },
    };
  };
  beforeEach(() => {
    trainings.length = 0;
  });

  it("writes a claim when it is made and shows it as a table", () => {
    const shown = lesson(3).claim("parameters", { what: "Parameters", value: 23860, equals: 23860 });
    expect(results().claims).toEqual([
      {
        id: "parameters",
        what: "Parameters",
        value: 23860,
        shown: "23,860",
        target: "= 23,860",
        holds: true,
        tolerance: 1e-6,
      },
    ]);
    expect(shown[jupyterDisplay]()["text/markdown"]).toContain("| Parameters | 23,860 | = 23,860 ✓ |");
  });

  it("drops a claim that fails when its cell is run again", () => {
    const day = lesson(3);
    day.claim("x", { what: "x", value: 1, equals: 1 });
    expect(() => day.claim("x", { what: "x", value: 2, equals: 1 })).toThrow(ClaimError);
    day.claim("y", { what: "y", value: 1, equals: 1 });
    expect(results().claims.map(({ id }) => id)).toEqual(["y"]);
  });

  it("refuses two claims under one id", () => {
    const day = lesson(3);
    day.claim("x", { what: "one", value: 1, equals: 1 });
    expect(() => day.claim("x", { what: "other", value: 1, equals: 1 })).toThrow(/stated twice/);
  });

  it("trains every seed where there is no record, and keeps histories and metrics", async () => {
    const trained = await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    expect(trainings).toEqual([1, 2]);
    expect(trained.fresh).toEqual({ seed: 1 });
    const record = results().experiments.sgd;
    expect(record.config).toEqual({ epochs: 2 });
    expect(record.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(record.runs[0].history.cost).toHaveLength(2);
    expect(trained.metric("accuracy")).toEqual(record.runs.map(({ metrics }) => metrics.accuracy));
    expect(() => trained.metric("acuracy")).toThrow(/no metric "acuracy"; it has accuracy/);
  });

  it("trains only the first seed where records exist, and uses the records", async () => {
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2, 3], run);
    const before = results();
    commit(before);
    trainings.length = 0;
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2, 3], run);
    expect(trainings).toEqual([1]);
    expect(results().experiments).toEqual(before.experiments);
  });

  it("trains every seed again in full mode, and after a change of the configuration", async () => {
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    commit(results());
    trainings.length = 0;
    await lesson(3).experiment("sgd", { epochs: 3 }, [1, 2], run);
    expect(trainings).toEqual([1, 2]);
    vi.stubEnv("NN30_FULL", "1");
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    expect(trainings).toEqual([1, 2, 1, 2]);
  });

  it("reads all records, also in full mode, where the data is missing, and says so", async () => {
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    const before = results();
    commit(before);
    trainings.length = 0;
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    for (const full of [undefined, "1"]) {
      vi.stubEnv("NN30_FULL", full);
      await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run, { missing: "Fashion-MNIST" });
      expect(trainings).toEqual([]);
      expect(results().experiments).toEqual(before.experiments);
    }
    expect(said).toHaveBeenCalledWith('Experiment "sgd": no Fashion-MNIST on this machine; its records are read.');
    await expect(lesson(3).experiment("sgd", { epochs: 3 }, [1, 2], run, { missing: "Fashion-MNIST" })).rejects.toThrow(
      /"sgd", seed 1: expected a record, since Fashion-MNIST is missing/,
    );
  });

  it("fails when the fresh run contradicts its record, and says what differs", async () => {
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    const drifted = results();
    drifted.experiments.sgd.runs[0].metrics.accuracy += 0.01;
    commit(drifted);
    await expect(lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run)).rejects.toThrow(
      /"sgd", seed 1: the fresh run differs.*accuracy: recorded 1\.\d+, now/,
    );
    const within = await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run, { tolerance: 0.02 });
    expect(within.metric("accuracy")[0]).toBe(drifted.experiments.sgd.runs[0].metrics.accuracy);
  });

  it("draws the same numbers after an experiment whether its other seeds were trained or read", async () => {
    const draws = async () => {
      const day = lesson(3, { seed: 9 });
      await day.experiment("sgd", { epochs: 1 }, [1, 2], run);
      return [Math.random(), day.random.uniform()];
    };
    const trained = await draws();
    commit(results());
    expect(await draws()).toEqual(trained);
  });

  it("goes on with what earlier sessions in JupyterLab trained, outside of version control", async () => {
    vi.stubEnv("NN30_RESULTS", undefined);
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    trainings.length = 0;
    await lesson(3).experiment("sgd", { epochs: 2 }, [1, 2], run);
    expect(trainings).toEqual([1]);
    expect(() => readFileSync(join(folder, "Week1", "Day3", "results.json"))).toThrow(/ENOENT/);
  });

  it("reads another day's results, and says how to make those that are missing or broken", () => {
    expect(() => resultsOf(3)).toThrow(/npm run verify -- 3 --save/);
    commit("{ half");
    expect(() => resultsOf(3)).toThrow(/is not JSON.*git checkout/);
    commit('{"format": 2}');
    expect(() => resultsOf(3)).toThrow(/expected results of format 1 but got 2/);
  });

  it("refuses a day outside of the course", () => {
    expect(() => lesson(31)).toThrow(RangeError);
  });
});
