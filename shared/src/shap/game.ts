/** Some of the players of a game: 1 at the index of each member, 0 elsewhere. */
export type Coalition = Uint8Array;

/** A game in which players work together: every coalition of them has a worth. */
export interface Game {
  /** How many players there are. */
  readonly players: number;
  /**
   * The worth of each of these coalitions, in their order. It is asked for many at once, so that a model can compute them
   * in batches.
   */
  readonly worth: (coalitions: readonly Coalition[]) => ArrayLike<number>;
}

/** The worths of coalitions, one each and all of them finite. */
export function worthOf(where: string, { worth }: Game, coalitions: readonly Coalition[]): ArrayLike<number> {
  const worths = worth(coalitions);
  if (worths.length !== coalitions.length) {
    throw new RangeError(
      `${where}: expected game.worth to give one number for each of ${coalitions.length} coalitions but got ${worths.length}`,
    );
  }
  for (let i = 0; i < worths.length; i++) {
    if (!Number.isFinite(worths[i])) {
      const members = Array.from(coalitions[i].keys()).filter((player) => coalitions[i][player] === 1);
      throw new RangeError(
        `${where}: expected the worth of every coalition to be finite but that of {${members.join(", ")}} is ${worths[i]}`,
      );
    }
  }
  return worths;
}

/** The coalition whose members are the bits that are set. */
export function coalitionOf(bits: number, players: number): Coalition {
  return Uint8Array.from({ length: players }, (_, player) => (bits >> player) & 1);
}

/** Refuses a number of players that is not a whole number from 1 to `most`. */
export function requirePlayers(where: string, players: number, most: number, advice: string): void {
  if (!Number.isInteger(players) || players < 1 || players > most) {
    throw new RangeError(`${where}: expected 1 to ${most} players but got ${players}${players > most ? advice : ""}`);
  }
}
