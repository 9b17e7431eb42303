import { decodeUtf8, parseCsv } from "./csv.js";
import { dataSource } from "./data-folder.js";
import { readVerified } from "./verified-file.js";

/** A day's weather. A row for `table` and for danfojs. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface is no row for `table`
export type WeatherDay = {
  /** As `2012-01-01`. */
  readonly date: string;
  /** Rain and melted snow, in millimetres. */
  readonly precipitation: number;
  /** Highest temperature, in °C. */
  readonly maxTemperature: number;
  /** Lowest temperature, in °C. */
  readonly minTemperature: number;
  /** Mean speed of the wind. The package says km/h; with a mean of 3.2 they can only be metres a second. */
  readonly wind: number;
  /** One word for the day, derived by the package from the station's records. */
  readonly weather: "drizzle" | "fog" | "rain" | "snow" | "sun";
};

const FILE = "data/seattle-weather.csv";
const HEADS = ["date", "precipitation", "temp_max", "temp_min", "wind", "weather"];

/**
 * The weather of Seattle on each of the 1,461 days from 2012-01-01 to 2015-12-31, without a gap.
 *
 * A danfojs frame is made of the rows: `new dfd.DataFrame(seattleWeather())`.
 *
 * @param options - `folder`: where the npm package `vega-datasets` lies, if not where Node finds it.
 * @returns New objects at every call (5 ms).
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: npm's `vega-datasets` 3.2.1, from NOAA's National Climatic Data Center.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { seattleWeather } from "@nn30/shared";
 *
 * const days = seattleWeather();
 * assert.equal(days.length, 4 * 365 + 1);
 * assert.equal(days.filter(({ weather }) => weather === "snow").length, 26);
 * ```
 */
export function seattleWeather(options: { folder?: string } = {}): WeatherDay[] {
  const bytes = readVerified(dataSource("seattleWeather", "vega-datasets", options.folder), FILE);
  return parseCsv(FILE, decodeUtf8(bytes), HEADS).map((row) => ({
    date: row[0],
    precipitation: Number(row[1]),
    maxTemperature: Number(row[2]),
    minTemperature: Number(row[3]),
    wind: Number(row[4]),
    weather: row[5] as WeatherDay["weather"],
  }));
}
