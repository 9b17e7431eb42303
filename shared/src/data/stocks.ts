import { gunzipSync } from "node:zlib";
import { decodeUtf8, parseCsv } from "./csv.js";
import { dataSource } from "./data-folder.js";
import { readVerified } from "./verified-file.js";

/** A day of trading: prices in dollars, or the points of an index. A row for `table` and for danfojs. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface is no row for `table`
export type TradingDay = {
  /** As `2000-03-01`. */
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** The last price, as it was paid on the day: it halves where a share is split in two. */
  readonly close: number;
  /** The last price corrected for splits and dividends; returns are computed from this one. */
  readonly adjusted: number;
  /** Shares traded. */
  readonly volume: number;
};

/** The shares that {@link stocks} has. */
export type StockTicker = "AAPL" | "FB" | "GOOG" | "IBM" | "MSFT";

const FILE = "_data/stocks.csv.gz";
const HEADS = ["Ticker", "Date", "Open", "High", "Low", "Close", "Volume", "Adj Close"];

/**
 * Daily prices of five shares up to 2013-03-01: AAPL, IBM and MSFT from 2000-03-01 (3,270 days each), GOOG from
 * 2004-08-19 (2,148) and FB from 2012-05-18 (196), each in order of date. Days without trading are left out, so two rows
 * may lie up to seven days apart.
 *
 * `close` is not corrected: AAPL halves on 2000-06-21 and 2005-02-28 and MSFT on 2003-02-18, when they were split.
 *
 * A danfojs frame is made of the rows: `new dfd.DataFrame(stocks().AAPL)`.
 *
 * @param options - `folder`: where the package's files lie, if not where set-up puts them.
 * @returns The days of each share; new objects at every call (60 ms).
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 *
 * Source: PyPI's `bokeh-sampledata` 2026.1, from Yahoo Finance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stocks } from "@nn30/shared";
 *
 * const { AAPL } = stocks();
 * assert.equal(AAPL.length, 3_270);
 * assert.deepEqual([AAPL[0].date, AAPL[0].close], ["2000-03-01", 130.31]);
 * ```
 */
export function stocks(options: { folder?: string } = {}): Record<StockTicker, TradingDay[]> {
  const bytes = readVerified(dataSource("stocks", "bokeh-sampledata", options.folder), FILE);
  const days: Record<StockTicker, TradingDay[]> = { AAPL: [], FB: [], GOOG: [], IBM: [], MSFT: [] };
  for (const [ticker, date, ...numbers] of parseCsv(FILE, decodeUtf8(gunzipSync(bytes)), HEADS)) {
    const [open, high, low, close, volume, adjusted] = numbers.map(Number);
    days[ticker as StockTicker].push({ date, open, high, low, close, adjusted, volume });
  }
  return days;
}
