// Times training in TensorFlow.js with the helper package's native kernels, in stock TensorFlow.js, in Keras on the same
// TensorFlow, and from scratch against NumPy: npm run bench -- [--only cnn] [--repeats 5] [--fresh]
// Times the runner beside other runners of notebooks: npm run bench -- runner
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { jupyterDisplay } from "@nn30/shared";
import { FigureRenderer } from "../build/charts/renderer.js";
import { writeWhole } from "../setup/stamps.mjs";
import { benchmarks } from "./benchmarks.mjs";
import { inTurns, startContender } from "./contender.mjs";
import { benchPython, keras } from "./python-environment.mjs";
import { chart, machine, page, pooled } from "./report.mjs";
import { compareRunners } from "./runner/command.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** @param {string} message */
const say = (message) => void process.stderr.write(`${message}\n`);

/** @param {string} text */
function count(text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a positive whole number");
  return value;
}

/** @param {string} text */
function dayList(text) {
  return text.split(",").map(count);
}

const command = new Command("npm run bench --")
  .description(
    "Times training epochs against Python on this machine, in turns. Adds the run to docs/bench.json and writes the page " +
      "and the chart of all runs.",
  )
  .option("--only <keys...>", "benchmarks to run, such as cnn lstm dense from-scratch; prints the page, writes nothing")
  .option("--repeats <n>", "turns that count", count, 5)
  .option("--fresh", "forget the runs in docs/bench.json", false)
  .action(main);

command
  .command("runner")
  .description(
    "Times `npm run verify` beside nbmake, papermill and jupyter-cache over the same notebooks, and tries which faults " +
      "each reports. Writes docs/runner-bench.md and docs/runner-bench.json.",
  )
  .option("--turns <n>", "how often each runs the notebooks", count, 3)
  .option("--days <list>", "days to run, such as 1,2; prints the page, writes nothing", dayList)
  .addOption(new Option("--part <part>", "do this part anew, keep the other").choices(["times", "faults"]))
  .action((runnerOptions) => compareRunners(root, runnerOptions, say));

try {
  await command.parseAsync();
} catch (failure) {
  say(failure instanceof Error ? failure.message : String(failure));
  process.exitCode = 1;
}

/** @param {{ only?: string[], repeats: number, fresh: boolean }} options */
async function main({ only, repeats, fresh }) {
  const all = benchmarks(await benchPython(root, keras, say));
  const unknown = only?.find((key) => !all.some((benchmark) => benchmark.key.startsWith(key)));
  if (unknown !== undefined)
    throw new RangeError(`bench: no benchmark ${unknown}; there are ${all.map(({ key }) => key).join(", ")}`);
  const chosen = all.filter(({ key }) => only?.some((start) => key.startsWith(start)) ?? true);
  /** @type {import("./report.mjs").Result[]} */
  const results = [];
  for (const benchmark of chosen) results.push(await run(benchmark, repeats));
  const last = { machine: machine(results), repeats, results };
  if (only) console.log(page([last], "bench.png"));
  else await write(join(root, "docs"), [...(fresh ? [] : earlierRuns(join(root, "docs", "bench.json"))), last]);
}

/**
 * @param {string} file
 * @returns {import("./report.mjs").Run[]}
 */
function earlierRuns(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/**
 * @param {import("./benchmarks.mjs").Benchmark} benchmark
 * @param {number} repeats
 * @returns {Promise<import("./report.mjs").Result>}
 */
async function run(benchmark, repeats) {
  /** @type {import("./contender.mjs").Contender[]} */
  const contenders = [];
  try {
    // One after the other: loading TensorFlow takes the whole machine.
    for (const { name, program, args } of benchmark.contenders)
      contenders.push(await startContender(`${benchmark.key}, ${name}`, program, args));
    const seconds = await inTurns(contenders, {
      warmUp: 2,
      repeats,
      onTurn: (turn) => say(`${benchmark.key}: ${turn > 0 ? `turn ${turn} of ${repeats}` : "warming up"}`),
    });
    const { key, what, baseline, target } = benchmark;
    return {
      benchmark: { key, what, baseline, target },
      contenders: benchmark.contenders.map(({ name }, i) => ({
        name,
        about: contenders[i].about,
        seconds: seconds[i].map((value) => Number(value.toPrecision(5))),
      })),
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

/**
 * @param {string} folder
 * @param {import("./report.mjs").Run[]} runs
 */
async function write(folder, runs) {
  mkdirSync(folder, { recursive: true });
  const renderer = new FigureRenderer();
  try {
    const bundle = chart(pooled(runs))[jupyterDisplay]();
    writeWhole(join(folder, "bench.png"), await renderer.render(bundle["application/vnd.plotly.v1+json"]));
  } finally {
    renderer.close();
  }
  writeWhole(join(folder, "bench.json"), `${JSON.stringify(runs, undefined, 2)}\n`);
  writeWhole(join(folder, "bench.md"), page(runs, "bench.png"));
  say("written: docs/bench.md, docs/bench.json, docs/bench.png");
}
