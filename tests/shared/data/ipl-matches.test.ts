import { createHash } from "node:crypto";
import { iplMatches, type IplDelivery, type IplInnings } from "@nn30/shared";
import { type CricsheetFile, CricsheetReader } from "@nn30/shared/dist/data/cricsheet.js";
import { beforeAll, describe, expect, it } from "vitest";

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
const runsOf = (innings: IplInnings) => total(innings.deliveries.map(({ runs }) => runs));

/** A made-up match: two balls, an extra of each kind, a run out and a batter who is hurt. */
const file: CricsheetFile = {
  info: {
    dates: ["2020-11-09", "2020-11-10"],
    venue: "The Oval",
    event: { stage: "Final" },
    teams: ["Reds", "Blues"],
    players: { Reds: ["A", "B"], Blues: ["C", "D"] },
    toss: { winner: "Blues", decision: "field" },
    outcome: { winner: "Reds", by: { runs: 3 }, method: "D/L" },
  },
  innings: [
    {
      team: "Reds",
      overs: [
        { over: 0, deliveries: [{ batter: "A", bowler: "C", non_striker: "B", runs: { batter: 4, total: 4 } }] },
        {
          over: 1,
          deliveries: [
            {
              batter: "B",
              bowler: "D",
              non_striker: "A",
              runs: { batter: 0, total: 7 },
              extras: { wides: 2, penalty: 5 },
            },
            {
              batter: "B",
              bowler: "D",
              non_striker: "A",
              runs: { batter: 1, total: 4 },
              extras: { noballs: 1, byes: 1, legbyes: 1 },
              wickets: [
                { kind: "run out", player_out: "A", fielders: [{ name: "C" }] },
                { kind: "retired hurt", player_out: "B" },
              ],
            },
          ],
        },
      ],
    },
    { team: "Blues", target: { runs: 12, overs: 9.2 }, super_over: true, overs: [] },
  ],
};

describe("CricsheetReader", () => {
  const match = new CricsheetReader().match("7", file);

  it("reads a match, its outcome and its innings", () => {
    expect({ ...match, innings: undefined }).toEqual({
      id: "7",
      date: "2020-11-09",
      season: 2020,
      stage: "Final",
      venue: "The Oval",
      teams: ["Reds", "Blues"],
      players: { Reds: ["A", "B"], Blues: ["C", "D"] },
      toss: { winner: "Blues", decision: "field" },
      outcome: { result: "win", winner: "Reds", byRuns: 3, method: "D/L" },
    });
    expect(match.innings.map(({ batting, bowling, superOver }) => [batting, bowling, superOver])).toEqual([
      ["Reds", "Blues", false],
      ["Blues", "Reds", true],
    ]);
  });

  it("counts 9.2 overs as 56 balls", () => {
    expect(match.innings[1].target).toEqual({ runs: 12, balls: 56 });
    const withOvers = (overs: number): CricsheetFile => ({
      ...file,
      innings: [{ team: "Reds", target: { runs: 1, overs }, overs: [] }],
    });
    const balls = [20, 0.1, 19.5, 15.3].map(
      (overs) => new CricsheetReader().match("1", withOvers(overs)).innings[0].target?.balls,
    );
    expect(balls).toEqual([120, 1, 119, 93]);
  });

  it("reads a delivery's runs by kind, its number in the over and who is out", () => {
    const none = { wides: 0, noBalls: 0, byes: 0, legByes: 0, penalty: 0 };
    const [first, wide, last] = match.innings[0].deliveries;
    const people = { batter: "A", bowler: "C", nonStriker: "B" };
    expect(first).toEqual({ over: 0, ball: 1, legal: true, ...people, runs: 4, batterRuns: 4, ...none, wickets: [] });
    expect(wide).toMatchObject({ over: 1, ball: 1, legal: false, runs: 7, batterRuns: 0, wides: 2, penalty: 5 });
    expect(last).toMatchObject({ ball: 2, legal: false, runs: 4, batterRuns: 1, noBalls: 1, byes: 1, legByes: 1 });
    expect(last.wickets).toEqual([
      { kind: "run out", playerOut: "A", fielders: ["C"], dismissal: true },
      { kind: "retired hurt", playerOut: "B", fielders: [], dismissal: false },
    ]);
  });

  it("names the winner of the super over, and nobody without a result", () => {
    const outcomeOf = (outcome: CricsheetFile["info"]["outcome"]) =>
      new CricsheetReader().match("1", { ...file, info: { ...file.info, outcome } }).outcome;
    expect(outcomeOf({ result: "tie", eliminator: "Blues" })).toEqual({ result: "tie", winner: "Blues" });
    expect(outcomeOf({ result: "no result" })).toEqual({ result: "no result" });
    expect(outcomeOf({ winner: "Blues", by: { wickets: 4 } })).toEqual({
      result: "win",
      winner: "Blues",
      byWickets: 4,
    });
  });
});

describe("iplMatches", () => {
  let matches: ReturnType<typeof iplMatches>;
  let deliveries: IplDelivery[];
  beforeAll(() => {
    matches = iplMatches();
    deliveries = matches.flatMap(({ innings }) => innings.flatMap((one) => one.deliveries));
  });

  it("has every match, delivery and wicket, in order of date", () => {
    expect(matches).toHaveLength(1_239);
    expect(deliveries).toHaveLength(294_757);
    expect(total(deliveries.map(({ wickets }) => wickets.length))).toBe(14_650);
    const dates = matches.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort());
    expect([dates[0], dates[1_238]]).toEqual(["2008-04-18", "2026-05-24"]);
    expect([matches[0].id, matches[1_238].id]).toEqual(["335982", "1529313"]);
  });

  it("has the same balls as an independent reader in Python, to the last name", () => {
    const lines = matches.flatMap(({ innings }) =>
      innings.flatMap((one, i) =>
        one.deliveries.map(({ over, ball, batter, bowler, nonStriker, runs, batterRuns, wickets }) => {
          const out = wickets.map(({ kind, playerOut, fielders }) => `${kind},${playerOut},${fielders.join("/")}`);
          return [i, over, ball, batter, bowler, nonStriker, runs, batterRuns, out.join(";")].join("|");
        }),
      ),
    );
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(
      "b0493fd0db913820eb7fed25a3dfb7f1b3592084954f554424281c5aa281523b",
    );
  });

  it("has extras that add up", () => {
    const kinds = ["batterRuns", "wides", "noBalls", "byes", "legByes", "penalty", "runs"] as const;
    expect(kinds.map((kind) => total(deliveries.map((delivery) => delivery[kind])))).toEqual([
      379_990, 11_746, 1_256, 1_382, 5_750, 10, 400_134,
    ]);
    const wrong = deliveries.filter(
      (one) => one.batterRuns + one.wides + one.noBalls + one.byes + one.legByes + one.penalty !== one.runs,
    );
    expect(wrong).toEqual([]);
    expect(deliveries.filter(({ legal }) => legal)).toHaveLength(283_697);
  });

  it("has seasons of 56 to 76 matches", () => {
    const counts = new Map<number, number>();
    for (const { season } of matches) counts.set(season, (counts.get(season) ?? 0) + 1);
    expect([...counts.keys()]).toEqual(Array.from({ length: 19 }, (_, i) => 2008 + i));
    expect([...counts.values()]).toEqual([58, 57, 60, 73, 74, 76, 60, 59, 60, 59, 60, 60, 60, 60, 74, 74, 71, 74, 70]);
  });

  it("has winners that won: the margin is that of the scores, and the target is the first score and one", () => {
    for (const { outcome, innings } of matches) {
      const [first, second] = innings;
      if (outcome.method !== undefined) continue;
      if (second?.target) expect(second.target.runs).toBe(runsOf(first) + 1);
      if (outcome.byRuns !== undefined) expect(runsOf(first) - runsOf(second)).toBe(outcome.byRuns);
      if (outcome.byWickets !== undefined) {
        expect(outcome.winner).toBe(second.batting);
        expect(runsOf(second)).toBeGreaterThan(runsOf(first));
        const lost = total(second.deliveries.map((one) => one.wickets.filter(({ dismissal }) => dismissal).length));
        expect(10 - lost).toBe(outcome.byWickets);
      }
    }
  });

  it("flags what a count has to leave out", () => {
    const { length: ties } = matches.filter(({ outcome }) => outcome.result === "tie");
    const { length: abandoned } = matches.filter(({ outcome }) => outcome.winner === undefined);
    const { length: withMethod } = matches.filter(({ outcome }) => outcome.method === "D/L");
    expect([ties, abandoned, withMethod]).toEqual([16, 9, 23]);
    const superOvers = matches.flatMap(({ innings }) => innings.filter(({ superOver }) => superOver));
    expect(superOvers).toHaveLength(34);
    expect(total(superOvers.map((one) => one.deliveries.length))).toBe(175);
    expect(total(superOvers.flatMap((one) => one.deliveries.map(({ wickets }) => wickets.length)))).toBe(31);
    const hurt = deliveries.flatMap(({ wickets }) => wickets.filter(({ dismissal }) => !dismissal));
    expect(hurt).toHaveLength(19);
    const shortened = matches.filter(({ innings }) => (innings[1]?.target?.balls ?? 120) < 120);
    expect(shortened).toHaveLength(34);
    expect(shortened.filter(({ outcome }) => outcome.method === undefined)).toHaveLength(11);
    const cities = new Set(matches.filter(({ city }) => city === undefined).map(({ venue }) => venue));
    expect([...cities].sort()).toEqual(["Dubai International Cricket Stadium", "Sharjah Cricket Stadium"]);
  });

  it("keeps a name in memory once", () => {
    const { innings } = matches[0];
    const [{ deliveries: balls, batting }] = innings;
    expect(batting).toBe(matches[0].teams.find((team) => team === batting));
    expect(balls[0].wickets).toBe(balls[1].wickets); // the one empty list
    expect(Object.isFrozen(balls[0].wickets)).toBe(true);
  });
});
