import { decodeUtf8, parseCsv } from "./csv.js";
import { dataSource } from "./data-folder.js";
import type { TradingDay } from "./stocks.js";
import { readVerified } from "./verified-file.js";

const FILE = "data/sp500-2000.csv";
const HEADS = ["date", "open", "high", "low", "close", "adjclose", "volume"];

/**
 * The S&P 500, an index of large American companies, on 5,105 trading days from 2000-01-03 to 2020-04-17, in order of
 * date. Dividends are not in it: `adjusted` equals `close` on every day.
 *
 * A danfojs frame is made of the rows: `new dfd.DataFrame(sp500())`.
 *
 * @param options - `folder`: where the npm package `vega-datasets` lies, if not where Node finds it.
 * @returns New objects at every call (20 ms).
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: npm's `vega-datasets` 3.2.1, from Yahoo Finance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sp500 } from "@nn30/shared";
 *
 * const days = sp500();
 * assert.equal(days.length, 5_105);
 * assert.deepEqual([days[0].date, days[0].open], ["2000-01-03", 1469.25]);
 * ```
 */
export function sp500(options: { folder?: string } = {}): TradingDay[] {
  const bytes = readVerified(dataSource("sp500", "vega-datasets", options.folder), FILE);
  return parseCsv(FILE, decodeUtf8(bytes), HEADS).map(([date, ...numbers]) => {
    const [open, high, low, close, adjusted, volume] = numbers.map(Number);
    return { date, open, high, low, close, adjusted, volume };
  });
}
