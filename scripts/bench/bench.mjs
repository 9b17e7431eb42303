// Times training in TensorFlow.js with the helper package's native kernels, in stock TensorFlow.js, in Keras on the same
// TensorFlow, and from scratch against NumPy: npm run bench -- [--only cnn] [--repeats 5] [--json FILE]
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import writeFileAtomic from "write-file-atomic";
import { jupyterDisplay } from "@nn30/shared";
import { FigureRenderer } from "../build/charts/renderer.js";
import { benchmarks } from "./benchmarks.mjs";
import { inTurns, startContender } from "./contender.mjs";
import { benchPython } from "./python-environment.mjs";
import { chart, page } from "./report.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** @param {string} message */
const say = (message) => void process.stderr.write(`${message}\n`);

/** @param {string} text */
function count(text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a positive whole number");
  return value;
}

/** @type {{ only?: string[], repeats: number, out?: string, json?: string }} */
const options = new Command("npm run bench --")
  .description("Times training epochs against Python on this machine, in turns, and writes the table and the chart.")
  .option("--only <keys...>", "benchmarks to run, such as cnn lstm dense from-scratch (default: all)")
  .option("--repeats <n>", "turns that count", count, 5)
  .option("--out <file>", "page to write; with --only, nothing is written unless this is given")
  .option("--json <file>", "raw seconds, too")
  .parse()
  .opts();

try {
  await main(options);
} catch (failure) {
  say(failure instanceof Error ? failure.message : String(failure));
  process.exitCode = 1;
}

/** @param {{ only?: string[], repeats: number, out?: string, json?: string }} options */
async function main({ only, repeats, out, json }) {
  const all = benchmarks(await benchPython(root, say));
  const unknown = only?.find((key) => !all.some((benchmark) => benchmark.key.startsWith(key)));
  if (unknown !== undefined)
    throw new RangeError(`bench: no benchmark ${unknown}; there are ${all.map(({ key }) => key).join(", ")}`);
  const chosen = all.filter(({ key }) => only?.some((start) => key.startsWith(start)) ?? true);
  /** @type {import("./report.mjs").Result[]} */
  const results = [];
  for (const benchmark of chosen) results.push(await run(benchmark, repeats));
  const file = out ?? (only ? undefined : join(root, "docs", "bench.md"));
  const text = page(results, repeats, "bench.png");
  if (file === undefined) console.log(text);
  else await write(resolve(file), text, results);
  if (json) await writeFileAtomic(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

/**
 * @param {import("./benchmarks.mjs").Benchmark} benchmark
 * @param {number} repeats
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
    return {
      benchmark,
      contenders: benchmark.contenders.map(({ name }, i) => ({
        name,
        about: contenders[i].about,
        seconds: seconds[i],
      })),
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

/**
 * @param {string} file
 * @param {string} text
 * @param {import("./report.mjs").Result[]} results
 */
async function write(file, text, results) {
  mkdirSync(dirname(file), { recursive: true });
  const renderer = new FigureRenderer();
  try {
    const bundle = chart(results)[jupyterDisplay]();
    await writeFileAtomic(
      join(dirname(file), "bench.png"),
      await renderer.render(bundle["application/vnd.plotly.v1+json"]),
    );
  } finally {
    renderer.close();
  }
  await writeFileAtomic(file, text);
  say(`written: ${file}`);
}
