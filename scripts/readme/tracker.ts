import { DAYS, notebookPath } from "../curriculum.js";

/** Days that are done. All others are pending. */
export type DoneDays = ReadonlySet<number>;

const DONE = "✅ Done";
const PENDING = "🔲 Pending";

/** The progress table, thirty rows. The topic of a day that is done links to its notebook. */
export function renderTracker(done: DoneDays): string {
  const rows = DAYS.map((day) =>
    done.has(day.day)
      ? `| ${day.day} | [${day.topic}](${notebookPath(day)}) | ${DONE} |`
      : `| ${day.day} | ${day.topic} | ${PENDING} |`,
  );
  return ["| Day | Topic | Status |", "| ---: | --- | --- |", ...rows].join("\n");
}

/** The days that a progress table says are done. Rows that it does not have count as pending. */
export function parseTracker(table: string): Set<number> {
  const done = new Set<number>();
  for (const line of table.split("\n")) {
    const match = /^\|\s*(\d+)\s*\|.*\|\s*✅[^|]*\|\s*$/u.exec(line);
    if (match !== null) done.add(Number(match[1]));
  }
  return done;
}
