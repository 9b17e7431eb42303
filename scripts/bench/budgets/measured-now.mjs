// What can be measured in seconds, on the checkout as it is.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { execa } from "execa";
import { median } from "@nn30/shared";
import { SmallCollection } from "../runner/copies.mjs";

/** @param {() => Promise<unknown>} work @returns {Promise<number>} seconds */
export async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** @param {string} root of the checkout */
export async function idleSetUp(root) {
  const times = [];
  for (let i = 0; i < 5; i++) times.push(await timed(() => execa(process.execPath, [join(root, "scripts/setup.mjs")])));
  return median(times);
}

/**
 * A run over all notebooks in which none has changed, with everything that comes before it.
 *
 * @param {string} root of the checkout
 */
export async function unchangedRun(root) {
  const times = [];
  for (let i = 0; i < 3; i++) {
    times.push(
      await timed(async () => {
        await execa(process.execPath, [join(root, "scripts/setup.mjs"), "--quiet"]);
        await execa(process.execPath, [join(root, "scripts/build/verify.js")]);
      }),
    );
  }
  return median(times);
}

const FIRST_CELL = [
  'import * as tf from "@tensorflow/tfjs-node";',
  'import { lesson, mnist, nativeAdam } from "@nn30/shared";',
  "tf.scalar(1).dispose();",
].join("\n");
const SECOND_CELL = 'lesson(1, { seed: 1 }).claim("one", { what: "One", value: 1, equals: 1 });';

/**
 * The first cell of a notebook that imports TensorFlow.js and the helper package: until then a reader waits.
 *
 * @param {string} root of the checkout
 */
export async function firstCell(root) {
  const collection = new SmallCollection(root, "first-cell");
  collection.writeDay(1, [FIRST_CELL, SECOND_CELL]);
  const times = [];
  for (let i = 0; i < 3; i++) {
    const args = ["--root", collection.folder, "--verbose", "--force", "1"];
    const { stdout } = await execa(process.execPath, [join(root, "scripts/build/verify.js"), ...args]);
    const cell = /cell 1\D.*?([\d.]+) s/.exec(stdout);
    if (!cell) throw new Error(`budgets: expected the seconds of cell 1 but got:\n${stdout}`);
    times.push(Number(cell[1]));
  }
  return median(times);
}

/**
 * Megabytes of the largest notebook that is committed.
 *
 * @param {string} root of the checkout
 */
export function largestNotebook(root) {
  const files = execFileSync("git", ["ls-files", "*.ipynb"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  return Math.max(...files.map((file) => statSync(join(root, file)).size)) / 1e6;
}
