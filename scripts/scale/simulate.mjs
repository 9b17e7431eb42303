// What the runner would take on other numbers of workers, by its own scheduler and divider in virtual time.
import { criticalSeconds } from "../build/runner/order.js";
import { schedule } from "../build/runner/schedule.js";
import { divide } from "../build/runner/shard.js";
import { VirtualClock } from "./virtual-time.mjs";

/**
 * A notebook of the collection.
 *
 * @typedef {object} Lesson
 * @property {number} day
 * @property {number} seconds
 * @property {number[]} needs days whose results it reads
 */

/**
 * Seconds that one runner takes with so many kernels at once.
 *
 * @param {readonly Lesson[]} lessons
 * @param {number} workers
 * @param {boolean} inOrder each day after those it needs, as with --save
 */
export async function oneRunner(lessons, workers, inOrder = false) {
  const seconds = new Map(lessons.map((lesson) => [lesson.day, lesson.seconds]));
  const needs = new Map(
    lessons.map(({ day, needs }) => [day, inOrder ? needs.filter((need) => seconds.has(need)) : []]),
  );
  const priorities = criticalSeconds(needs, (day) => seconds.get(day) ?? 0);
  const clock = new VirtualClock();
  const run = async (/** @type {number} */ day) => {
    await clock.sleep(seconds.get(day) ?? 0);
    return true;
  };
  const days = lessons.map(({ day }) => ({
    day,
    needs: needs.get(day) ?? [],
    priority: priorities.get(day) ?? 0,
  }));
  await clock.run(schedule(days, workers, run, () => undefined, new AbortController().signal));
  return clock.now;
}

/**
 * Seconds that the slowest of several machines takes, each with its share, one notebook at a time.
 *
 * @param {readonly Lesson[]} lessons
 * @param {number} machines
 */
export function shards(lessons, machines) {
  const seconds = new Map(lessons.map((lesson) => [lesson.day, lesson.seconds]));
  const total = (/** @type {number[]} */ days) => days.reduce((sum, day) => sum + (seconds.get(day) ?? 0), 0);
  const shares = divide([...seconds.keys()], machines, (day) => seconds.get(day) ?? 0);
  return Math.max(...shares.map(total));
}

/**
 * The chain of days, each needing the one before, that takes longest: what no number of workers can shorten.
 *
 * @param {readonly Lesson[]} lessons
 * @returns {{ days: number[], seconds: number }}
 */
export function longestPath(lessons) {
  const byDay = new Map(lessons.map((lesson) => [lesson.day, lesson]));
  /** @type {Map<number, { days: number[], seconds: number }>} */
  const paths = new Map();
  /** @type {(day: number) => { days: number[], seconds: number }} */
  const to = (day) => {
    const known = paths.get(day);
    if (known) return known;
    const lesson = byDay.get(day);
    if (!lesson) return { days: [], seconds: 0 };
    const before = lesson.needs.map(to).reduce((a, b) => (b.seconds > a.seconds ? b : a), { days: [], seconds: 0 });
    const path = { days: [...before.days, day], seconds: before.seconds + lesson.seconds };
    paths.set(day, path);
    return path;
  };
  return lessons.map(({ day }) => to(day)).reduce((a, b) => (b.seconds > a.seconds ? b : a));
}
