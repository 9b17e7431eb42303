import { decodeUtf8, parseCsv } from "./csv.js";
import { dataSource } from "./data-folder.js";
import { readVerified } from "./verified-file.js";

/** A month's carbon dioxide. A row for `table` and for danfojs. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface is no row for `table`
export type Co2Month = {
  /** First day of the month, as `1958-03-01`; the values are for its middle. */
  readonly date: string;
  /** Molecules of carbon dioxide in a million of dry air. */
  readonly co2: number;
  /** The same without the yearly swing, which the publishers estimated from all years, the later ones included. */
  readonly seasonallyAdjusted: number;
};

const FILE = "data/co2-concentration.csv";
const HEADS = ["Date", "CO2", "adjusted CO2"];

/**
 * Carbon dioxide in the air at Mauna Loa, Hawaii: 741 months from March 1958 to April 2020, in order.
 *
 * Five months have no value and are left out: June and October 1958, and February to April 1964. A row's number is
 * therefore not the number of its month.
 *
 * A danfojs frame is made of the rows: `new dfd.DataFrame(co2())`.
 *
 * @param options - `folder`: where the npm package `vega-datasets` lies, if not where Node finds it.
 * @returns New objects at every call (2 ms).
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: C. Keeling and others, Scripps CO2 Program; npm's `vega-datasets` 3.2.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { co2 } from "@nn30/shared";
 *
 * const months = co2();
 * assert.deepEqual(months[0], { date: "1958-03-01", co2: 315.7, seasonallyAdjusted: 314.44 });
 * assert.equal(months.length, 741);
 * ```
 */
export function co2(options: { folder?: string } = {}): Co2Month[] {
  const bytes = readVerified(dataSource("co2", "vega-datasets", options.folder), FILE);
  return parseCsv(FILE, decodeUtf8(bytes), HEADS).map(([date, measured, adjusted]) => ({
    date,
    co2: Number(measured),
    seasonallyAdjusted: Number(adjusted),
  }));
}
