import { co2, seattleWeather, sp500, stocks, type StockTicker, table, type TradingDay } from "@nn30/shared";
import { describe, expect, it } from "vitest";

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const DAY = 24 * 60 * 60 * 1_000;

/** Days between rows that follow each other, and how often each distance comes. */
function gaps(rows: readonly { readonly date: string }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (let i = 1; i < rows.length; i++) {
    const days = (Date.parse(rows[i].date) - Date.parse(rows[i - 1].date)) / DAY;
    counts[days] = (counts[days] ?? 0) + 1;
  }
  return counts;
}

/** Days whose prices contradict each other. */
function implausible(days: readonly TradingDay[]): TradingDay[] {
  return days.filter(
    ({ open, high, low, close, adjusted, volume }) =>
      !(low <= Math.min(open, close) && high >= Math.max(open, close) && low > 0 && adjusted > 0 && volume > 0),
  );
}

describe("stocks", () => {
  const shares = stocks();

  it.each<[StockTicker, number, string]>([
    ["AAPL", 3_270, "2000-03-01"],
    ["FB", 196, "2012-05-18"],
    ["GOOG", 2_148, "2004-08-19"],
    ["IBM", 3_270, "2000-03-01"],
    ["MSFT", 3_270, "2000-03-01"],
  ])("has %s on %i days from %s, in order, its prices in their range", (ticker, count, first) => {
    const days = shares[ticker];
    expect(days).toHaveLength(count);
    expect([days[0].date, days[count - 1].date]).toEqual([first, "2013-03-01"]);
    expect(implausible(days)).toEqual([]);
    expect(Object.keys(gaps(days))).toEqual(["1", "2", "3", "4", "5", ...(first < "2001" ? ["7"] : [])]);
  });

  it("keeps every column", () => {
    expect(shares.IBM[3_269]).toEqual({
      date: "2013-03-01",
      open: 200.65,
      high: 202.94,
      low: 199.36,
      close: 202.91,
      adjusted: 175.27118333217,
      volume: 3_308_300,
    });
  });

  it("jumps where a share was split, and only there, unless it is adjusted", () => {
    const splits = (ticker: StockTicker) =>
      shares[ticker].filter(({ close, adjusted }, i, days) => {
        if (i === 0) return false;
        const before = days[i - 1];
        return close / before.close / (adjusted / before.adjusted) < 0.6;
      });
    expect(splits("AAPL").map(({ date }) => date)).toEqual(["2000-06-21", "2005-02-28"]);
    expect(splits("MSFT").map(({ date }) => date)).toEqual(["2003-02-18"]);
    expect([...splits("IBM"), ...splits("GOOG"), ...splits("FB")]).toEqual([]);
  });

  it("gives rows that a table shows", () => {
    expect(table(shares.FB, { maxRows: 4 }).columns).toEqual(Object.keys(shares.FB[0]));
  });
});

describe("sp500", () => {
  it("has 5,105 days in order, no dividends, and prices in their range", () => {
    const days = sp500();
    expect(days).toHaveLength(5_105);
    expect([days[0].date, days[5_104].date]).toEqual(["2000-01-03", "2020-04-17"]);
    expect(days[5_104]).toMatchObject({ high: 2879.219971, close: 2874.560059, volume: 5_792_140_000 });
    expect(implausible(days)).toEqual([]);
    expect(days.every(({ close, adjusted }) => close === adjusted)).toBe(true);
    expect(gaps(days)).toEqual({ 1: 3995, 2: 51, 3: 924, 4: 131, 5: 2, 7: 1 });
  });
});

describe("seattleWeather", () => {
  it("has every day of four years", () => {
    const days = seattleWeather();
    expect(days).toHaveLength(1_461);
    expect(gaps(days)).toEqual({ 1: 1_460 });
    const counts = (["rain", "sun", "fog", "drizzle", "snow"] as const).map(
      (wanted) => days.filter(({ weather }) => weather === wanted).length,
    );
    expect(counts).toEqual([641, 640, 101, 53, 26]);
    expect(days.every(({ maxTemperature, minTemperature }) => maxTemperature > minTemperature)).toBe(true);
    expect(days[1]).toEqual({
      date: "2012-01-02",
      precipitation: 10.9,
      maxTemperature: 10.6,
      minTemperature: 2.8,
      wind: 4.5,
      weather: "rain",
    });
    expect(sum(days.map(({ wind }) => wind)) / days.length).toBeCloseTo(3.2411, 4);
  });
});

describe("co2", () => {
  it("has 741 months, five left out", () => {
    const months = co2();
    expect(months).toHaveLength(741);
    const dates = new Set(months.map(({ date }) => date));
    const all = Array.from({ length: 746 }, (_, i) => new Date(Date.UTC(1958, 2 + i)).toISOString().slice(0, 10));
    expect(all.at(-1)).toBe("2020-04-01");
    expect(all.filter((date) => !dates.has(date))).toEqual([
      "1958-06-01",
      "1958-10-01",
      "1964-02-01",
      "1964-03-01",
      "1964-04-01",
    ]);
    expect(months[740]).toEqual({ date: "2020-04-01", co2: 416.18, seasonallyAdjusted: 413.35 });
    // The swing of the seasons is gone from the second column: the mean of the two differs by little.
    expect(Math.abs(sum(months.map((month) => month.co2 - month.seasonallyAdjusted)) / 741)).toBeLessThan(0.05);
  });
});
