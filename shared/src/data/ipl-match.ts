/** A Twenty20 match of the Indian Premier League. */
export interface IplMatch {
  /** Cricsheet's number of the match. */
  readonly id: string;
  /** The day on which it began, as `2008-04-18`. */
  readonly date: string;
  /** The year: 2008 … 2026, one season each. */
  readonly season: number;
  /** `Final`, `Qualifier 1` and the like; undefined in the league stage. */
  readonly stage?: string;
  /** The ground; Cricsheet spells one and the same in up to four ways. */
  readonly venue: string;
  /** Undefined for 51 matches, in Dubai and Sharjah. */
  readonly city?: string;
  readonly teams: readonly [string, string];
  /** Who was named to play for each team, substitutes included. */
  readonly players: Readonly<Record<string, readonly string[]>>;
  readonly toss: { readonly winner: string; readonly decision: "bat" | "field" };
  readonly outcome: IplOutcome;
  /** Two, or one where rain came between them, and the super overs after a tie. */
  readonly innings: readonly IplInnings[];
}

/** How a match ended. */
export interface IplOutcome {
  readonly result: "win" | "tie" | "no result";
  /** After a tie, the winner of the super over. Undefined where there was no result. */
  readonly winner?: string;
  /** By how many runs the side that batted first won. */
  readonly byRuns?: number;
  /** How many wickets the side that batted second had left. */
  readonly byWickets?: number;
  /**
   * `D/L`, for Duckworth and Lewis, where rain changed the target. A match that was shortened before its first ball has
   * no method; its target's `balls` tell.
   */
  readonly method?: string;
}

/** One side's turn at batting. */
export interface IplInnings {
  /** The team that bats. */
  readonly batting: string;
  /** The team that bowls. */
  readonly bowling: string;
  /** Whether it is an over that decides a tie. It follows the match proper and is no part of its score. */
  readonly superOver: boolean;
  /** Of the second innings: the runs that win, and the legal balls there are to make them. */
  readonly target?: { readonly runs: number; readonly balls: number };
  readonly deliveries: readonly IplDelivery[];
}

/** A ball bowled. */
export interface IplDelivery {
  /** The over, from 0. */
  readonly over: number;
  /** The number of the ball in its over, from 1, with wides and no-balls counted: up to 11. */
  readonly ball: number;
  /** Whether it counts towards the six of the over: neither a wide nor a no-ball. */
  readonly legal: boolean;
  readonly batter: string;
  readonly bowler: string;
  readonly nonStriker: string;
  /** All runs, those of the batter and the extras. */
  readonly runs: number;
  readonly batterRuns: number;
  readonly wides: number;
  readonly noBalls: number;
  readonly byes: number;
  readonly legByes: number;
  readonly penalty: number;
  readonly wickets: readonly IplWicket[];
}

/** A batter who leaves. */
export interface IplWicket {
  readonly kind: IplWicketKind;
  readonly playerOut: string;
  /** Who caught, stumped or threw; substitutes among them are not in `players`. */
  readonly fielders: readonly string[];
  /** False for a batter who is hurt: it is no wicket lost, and he may come back. */
  readonly dismissal: boolean;
}

/** Ways to leave. The bowler is credited with all but `run out`, `retired …` and `obstructing the field`. */
export type IplWicketKind =
  | "bowled"
  | "caught"
  | "caught and bowled"
  | "hit wicket"
  | "lbw"
  | "obstructing the field"
  | "retired hurt"
  | "retired out"
  | "run out"
  | "stumped";
