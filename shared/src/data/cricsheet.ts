import type { IplDelivery, IplInnings, IplMatch, IplOutcome, IplWicket, IplWicketKind } from "./ipl-match.js";

/** The parts of Cricsheet's JSON that are read (https://cricsheet.org/format/json/). */
export interface CricsheetFile {
  readonly info: {
    readonly dates: readonly string[];
    readonly venue: string;
    readonly city?: string;
    readonly event: { readonly stage?: string };
    readonly teams: readonly [string, string];
    readonly players: Readonly<Record<string, readonly string[]>>;
    readonly toss: IplMatch["toss"];
    readonly outcome: {
      readonly winner?: string;
      /** Winner of the super over. */
      readonly eliminator?: string;
      readonly result?: "tie" | "no result";
      readonly by?: { readonly runs?: number; readonly wickets?: number };
      readonly method?: string;
    };
  };
  readonly innings: readonly {
    readonly team: string;
    readonly super_over?: boolean;
    /** `overs` in cricket's notation: 9.2 is nine overs and two balls. */
    readonly target?: { readonly runs: number; readonly overs: number };
    readonly overs: readonly { readonly over: number; readonly deliveries: readonly CricsheetDelivery[] }[];
  }[];
}

interface CricsheetDelivery {
  readonly batter: string;
  readonly bowler: string;
  readonly non_striker: string;
  readonly runs: { readonly batter: number; readonly total: number };
  readonly extras?: Readonly<Partial<Record<"wides" | "noballs" | "byes" | "legbyes" | "penalty", number>>>;
  readonly wickets?: readonly {
    readonly kind: IplWicketKind;
    readonly player_out: string;
    readonly fielders?: readonly { readonly name: string }[];
  }[];
}

const NO_WICKETS: readonly IplWicket[] = Object.freeze([]);
const NO_EXTRAS: NonNullable<CricsheetDelivery["extras"]> = {};

/**
 * Turns Cricsheet's files into matches. One reader for all files, so that a name that comes a thousand times lies in
 * memory once.
 */
export class CricsheetReader {
  readonly #names = new Map<string, string>();

  /** The match of a file. */
  match(id: string, { info, innings }: CricsheetFile): IplMatch {
    const [first, second] = info.teams;
    return {
      id,
      date: info.dates[0],
      season: Number(info.dates[0].slice(0, 4)),
      stage: info.event.stage,
      venue: info.venue,
      city: info.city,
      teams: [this.#name(first), this.#name(second)],
      players: info.players,
      toss: info.toss,
      outcome: outcome(info.outcome),
      innings: innings.map(({ team, super_over: superOver = false, target, overs }): IplInnings => ({
        batting: this.#name(team),
        bowling: this.#name(team === first ? second : first),
        superOver,
        target: target && { runs: target.runs, balls: ballsOf(target.overs) },
        deliveries: overs.flatMap(({ over, deliveries }) =>
          deliveries.map((delivery, before) => this.#delivery(over, before + 1, delivery)),
        ),
      })),
    };
  }

  #delivery(over: number, ball: number, delivery: CricsheetDelivery): IplDelivery {
    const { runs, extras = NO_EXTRAS, wickets } = delivery;
    const { wides = 0, noballs: noBalls = 0, byes = 0, legbyes: legByes = 0, penalty = 0 } = extras;
    return {
      over,
      ball,
      legal: wides === 0 && noBalls === 0,
      batter: this.#name(delivery.batter),
      bowler: this.#name(delivery.bowler),
      nonStriker: this.#name(delivery.non_striker),
      runs: runs.total,
      batterRuns: runs.batter,
      wides,
      noBalls,
      byes,
      legByes,
      penalty,
      wickets: wickets === undefined ? NO_WICKETS : wickets.map((wicket) => this.#wicket(wicket)),
    };
  }

  #wicket({ kind, player_out, fielders = [] }: NonNullable<CricsheetDelivery["wickets"]>[number]): IplWicket {
    return {
      kind,
      playerOut: this.#name(player_out),
      fielders: fielders.map(({ name }) => this.#name(name)),
      dismissal: kind !== "retired hurt",
    };
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, name);
    return name;
  }
}

function outcome({ winner, eliminator, result, by, method }: CricsheetFile["info"]["outcome"]): IplOutcome {
  return { result: result ?? "win", winner: winner ?? eliminator, byRuns: by?.runs, byWickets: by?.wickets, method };
}

function ballsOf(overs: number): number {
  const whole = Math.floor(overs);
  return 6 * whole + Math.round(10 * (overs - whole));
}
