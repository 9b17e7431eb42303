// Simulates a run of all notebooks on other numbers of workers, for docs/scale.md: node scripts/scale/scale.mjs
// [--measured "…" [--from folder]], after any npm command (they compile what is imported here).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { jupyterDisplay } from "@nn30/shared";
import { FigureRenderer } from "../build/charts/renderer.js";
import { splice } from "../build/readme/splice.js";
import { readEntry } from "../build/runner/cache.js";
import { readLessons } from "../build/runner/lessons.js";
import { Collection } from "../build/runner/paths.js";
import { writeWhole } from "../setup/stamps.mjs";
import { chart, table } from "./page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} text */
function seconds(text) {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected seconds");
  return value;
}

const options = /** @type {{ measured?: string, from: string, setUp?: number, setUpCached?: number }} */ (
  new Command("node scripts/scale/scale.mjs")
    .description("Simulates runs on 1 to 30 workers from docs/durations.json; writes table and chart of docs/scale.md.")
    .option(
      "--measured <sentence>",
      "first take the seconds of the last runs into docs/durations.json; how they were measured",
    )
    .option("--from <folder>", "checkout whose last runs count", root)
    .option("--set-up <seconds>", "what set-up took from nothing", seconds)
    .option("--set-up-cached <seconds>", "what set-up took with its folders from a cache", seconds)
    .parse()
    .opts()
);
const collection = new Collection(root);
const lessons = [...readLessons(collection)].map(([day, notebook]) => ({
  day,
  needs: notebook?.metadata.nn30.needs ?? [],
}));

/** @returns {import("./page.mjs").Durations} */
function committed() {
  return JSON.parse(readFileSync(collection.durations, "utf8"));
}

/**
 * The seconds of each day's last run that passed, as the cache has them.
 *
 * @param {string} sentence
 * @returns {import("./page.mjs").Durations}
 */
function measure(sentence) {
  const from = new Collection(options.from);
  const days = Object.fromEntries(
    lessons.map(({ day }) => {
      const entry = readEntry(from, day);
      if (!entry)
        throw new RangeError(`scale: Day ${day} has no run that passed in ${from.cache}: npm run verify first`);
      return [day, Number(entry.seconds.toFixed(1))];
    }),
  );
  const { setUp: fresh, setUpCached: cached } = options;
  return { measured: sentence, setUp: fresh && cached ? { fresh, cached } : committed().setUp, days };
}

const durations = options.measured === undefined ? committed() : measure(options.measured);
if (options.measured !== undefined) writeWhole(collection.durations, `${JSON.stringify(durations, undefined, 2)}\n`);
const timed = lessons.map((lesson) => ({ ...lesson, seconds: durations.days[lesson.day] ?? 0 }));
const renderer = new FigureRenderer();
try {
  const bundle = (await chart(timed, durations))[jupyterDisplay]();
  writeWhole(join(root, "docs", "scale.png"), await renderer.render(bundle["application/vnd.plotly.v1+json"]));
} finally {
  renderer.close();
}
const page = join(root, "docs", "scale.md");
const text = splice(readFileSync(page, "utf8"), "simulation", await table(timed, durations), "docs/scale.md");
writeWhole(page, text);
console.error("written: docs/scale.md, docs/scale.png, docs/durations.json");
