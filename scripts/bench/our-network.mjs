// The from-scratch network of the helper package, to be timed against the same algorithm in NumPy (nielsen_numpy.py): an
// epoch for each line "epoch" on standard input. `node our-network.mjs 784,30,10`
import { createInterface } from "node:readline";
import { mnist, Network, Random } from "@nn30/shared";

const sizes = process.argv[2].split(",").map(Number);
const examples = mnist().train.take(50_000);
const random = new Random(1);
const network = new Network(sizes, { random });
console.log(JSON.stringify({ node: process.versions.node }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "epoch") break;
  const [seconds] = network.train(examples, { epochs: 1, batchSize: 10, learningRate: 3, random }).seconds;
  console.log(JSON.stringify({ seconds, accuracy: network.accuracy(examples.take(1000)) }));
}
