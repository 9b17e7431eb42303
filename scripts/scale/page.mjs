// The simulation as a part of docs/scale.md, and its chart.
import { lines } from "@nn30/shared";
import { longestPath, oneRunner, shards } from "./simulate.mjs";

/**
 * What docs/durations.json holds.
 *
 * @typedef {object} Durations
 * @property {string} measured when and on what, for the reader
 * @property {{ fresh: number, cached: number }} setUp seconds, with and without downloads
 * @property {Record<string, number>} days
 */

const WORKERS = [1, 2, 4, 8, 15, 30];

/** @param {number} seconds */
const minutes = (seconds) =>
  `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

/**
 * @param {readonly import("./simulate.mjs").Lesson[]} lessons
 * @param {Durations} durations
 * @returns {Promise<string>} Markdown
 */
export async function table(lessons, { measured, setUp }) {
  const total = lessons.reduce((sum, { seconds }) => sum + seconds, 0);
  const last = longest(lessons);
  const path = longestPath(lessons);
  const rows = [];
  for (const workers of WORKERS) {
    const plain = await oneRunner(lessons, workers);
    const saving = await oneRunner(lessons, workers, true);
    const divided = shards(lessons, workers);
    rows.push([
      String(workers),
      minutes(plain),
      `${(total / plain).toFixed(1)} ×`,
      minutes(divided),
      minutes(setUp.cached + divided),
      minutes(setUp.fresh + divided),
      minutes(workers * setUp.cached + total),
      minutes(saving),
    ]);
  }
  const titles = [
    "workers",
    "`--jobs n`",
    "speed-up",
    "`--shard i/n`",
    "… with set-up from a cache",
    "… with set-up from nothing",
    "machine time, from a cache",
    "`--jobs n --save`",
  ];
  return [
    `${measured} Set-up took ${minutes(setUp.fresh)} from nothing and ${minutes(setUp.cached)} with all but the npm packages from a cache. Times are in minutes and seconds.`,
    "",
    ...[titles, titles.map(() => "---:"), ...rows].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    `![Simulated time of a run against the number of workers](scale.png)`,
    "",
    `**The limit.** All notebooks together take ${minutes(total)}. No number of workers makes a run shorter than its longest`,
    `notebook, Day ${last.day} with ${minutes(last.seconds)}; ${reached(lessons, total, last.seconds)} workers reach it. With \`--save\` a day comes after those whose`,
    `results it reads, and the longest path of such days counts: ${path.days.map((day) => `Day ${day}`).join(" → ")}, ${minutes(path.seconds)}.`,
  ].join("\n");
}

/** @param {readonly import("./simulate.mjs").Lesson[]} lessons */
function longest(lessons) {
  return lessons.reduce((a, b) => (b.seconds > a.seconds ? b : a));
}

/**
 * The least number of machines whose shares all take no longer than the longest notebook.
 *
 * @param {readonly import("./simulate.mjs").Lesson[]} lessons
 * @param {number} total
 * @param {number} limit
 */
function reached(lessons, total, limit) {
  for (let machines = Math.ceil(total / limit); ; machines++) if (shards(lessons, machines) <= limit) return machines;
}

/**
 * @param {readonly import("./simulate.mjs").Lesson[]} lessons
 * @param {Durations} durations
 */
export async function chart(lessons, { setUp }) {
  const workers = lessons.map((_, index) => index + 1);
  const simulated = async (/** @type {(workers: number) => Promise<number> | number} */ of) => {
    const seconds = [];
    for (const count of workers) seconds.push((await of(count)) / 60);
    return seconds;
  };
  return lines(
    [
      { name: "one runner, --jobs n", y: await simulated((count) => oneRunner(lessons, count)) },
      {
        name: "n machines, --shard i/n, set-up from a cache",
        y: await simulated((count) => setUp.cached + shards(lessons, count)),
      },
      {
        name: "n machines, set-up from nothing",
        y: await simulated((count) => setUp.fresh + shards(lessons, count)),
        dash: "dash",
      },
      {
        name: "one runner, --jobs n --save",
        y: await simulated((count) => oneRunner(lessons, count, true)),
        dash: "dot",
      },
    ],
    {
      title: "Simulated time of a run of all notebooks",
      xTitle: "workers",
      yTitle: "minutes",
      logX: true,
      logY: true,
      reference: { value: Math.round(longest(lessons).seconds / 6) / 10, label: "longest notebook" },
    },
  );
}
