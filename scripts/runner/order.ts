import { UsageError } from "./errors.js";
import type { Notebook } from "./notebook.js";

/** For every notebook that can be read, the days whose results it reads. */
export function needsOf(lessons: ReadonlyMap<number, Notebook | undefined>): Map<number, number[]> {
  return new Map([...lessons].flatMap(([day, lesson]) => (lesson ? [[day, lesson.metadata.nn30.needs]] : [])));
}

/**
 * Checks that the days can be put in an order in which each comes after those it needs.
 *
 * @param needs for every day that has a notebook, the days it needs
 * @throws UsageError which shows the cycle
 */
export function assertAcyclic(needs: ReadonlyMap<number, readonly number[]>): void {
  const done = new Set<number>();
  const visit = (day: number, trail: number[]): void => {
    if (trail.includes(day)) {
      const cycle = [...trail.slice(trail.indexOf(day)), day].join(" → ");
      throw new UsageError(`days need each other in a circle: ${cycle} (metadata.nn30.needs)`);
    }
    if (done.has(day)) return;
    for (const needed of needs.get(day) ?? []) visit(needed, [...trail, day]);
    done.add(day);
  };
  for (const day of needs.keys()) visit(day, []);
}

/**
 * Seconds from the start of a day to the end of the longest chain of days that wait for it. Starting the longest first
 * keeps the whole run short.
 */
export function criticalSeconds(
  needs: ReadonlyMap<number, readonly number[]>,
  seconds: (day: number) => number,
): Map<number, number> {
  const total = new Map<number, number>();
  const visit = (day: number): number => {
    const known = total.get(day);
    if (known !== undefined) return known;
    const dependents = [...needs].filter(([, needed]) => needed.includes(day)).map(([dependent]) => dependent);
    const value = seconds(day) + Math.max(0, ...dependents.map(visit));
    total.set(day, value);
    return value;
  };
  for (const day of needs.keys()) visit(day);
  return total;
}
