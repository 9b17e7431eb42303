// One contender of the benchmarks: trains a network of networks.mjs in TensorFlow.js, an epoch for each line "epoch" on
// standard input. `node tensorflow-js.mjs <network> stock|native`
import { createInterface } from "node:readline";
import { performance } from "node:perf_hooks";
import { prepareNode } from "../build/kernel/node-compatibility.js";

prepareNode();

const [, , name, kind] = process.argv;
const { networks } = await import("./networks.mjs");
const network = Object.hasOwn(networks, name) ? networks[name] : undefined;
if (!network || (kind !== "stock" && kind !== "native"))
  throw new RangeError(
    `expected one of ${Object.keys(networks).join(", ")} and stock or native but got ${name}, ${kind}`,
  );
const { tensorflow, epoch } = network(kind);
console.log(JSON.stringify({ tensorflow }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "epoch") break;
  const start = performance.now();
  const loss = await epoch();
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, loss }));
}
