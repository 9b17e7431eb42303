import { type Coalition, type Game, Random, kernelShap, shapleyValues } from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const bitsOf = (coalition: Coalition) => coalition.reduce((bits, member, player) => bits + member * 2 ** player, 0);

/** A game whose worths are listed in the order of their bits. */
const listed = (worths: readonly number[]): Game => ({
  players: Math.log2(worths.length),
  worth: (coalitions) => coalitions.map((coalition) => worths[bitsOf(coalition)]),
});

/** Random games of 1 to 6 players. */
const games = fc
  .integer({ min: 1, max: 6 })
  .chain((players) =>
    fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2 ** players, maxLength: 2 ** players }),
  );

/** The definition: the mean over all orders of arrival of what each player adds. */
function byOrders(worths: readonly number[]): number[] {
  const players = Math.log2(worths.length);
  const sums = new Array<number>(players).fill(0);
  let orders = 0;
  const arrive = (bits: number, gains: readonly [player: number, gain: number][]) => {
    if (gains.length === players) {
      orders++;
      for (const [player, gain] of gains) sums[player] += gain;
      return;
    }
    for (let player = 0; player < players; player++) {
      const joined = bits | (1 << player);
      if (joined !== bits) arrive(joined, [...gains, [player, worths[joined] - worths[bits]]]);
    }
  };
  arrive(0, []);
  return sums.map((sum) => sum / orders);
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

describe("shapleyValues", () => {
  it("shares out a game of three as worked by hand", () => {
    // Worths of {}, A, B, AB, C, AC, BC, ABC; the six orders give A 126/6, B 72/6, C 18/6.
    const { values, base, output, residual } = shapleyValues(listed([0, 12, 6, 30, 0, 18, 6, 36]));
    expect(apart(values, [21, 12, 3])).toBeLessThan(1e-12);
    expect([base, output]).toEqual([0, 36]);
    expect(Math.abs(residual)).toBeLessThan(1e-12);
  });

  it("is the mean over all orders of arrival", () => {
    fc.assert(
      fc.property(games, (worths) => {
        expect(apart(shapleyValues(listed(worths)).values, byOrders(worths))).toBeLessThan(1e-10);
      }),
      { seed: 24 },
    );
  });

  it("is efficient: the values sum to what all are worth less what none is", () => {
    fc.assert(
      fc.property(games, (worths) => {
        const { values, residual } = shapleyValues(listed(worths));
        const sum = values.reduce((total, value) => total + value, 0);
        expect(Math.abs(sum - (worths[worths.length - 1] - worths[0]))).toBeLessThan(1e-10);
        expect(Math.abs(residual)).toBeLessThan(1e-10);
      }),
      { seed: 24 },
    );
  });

  it("is symmetric: players who add the same everywhere get the same", () => {
    fc.assert(
      fc.property(
        games.filter((worths) => worths.length >= 4),
        (worths) => {
          // Players 0 and 1 are exchanged: a worth may depend on how many of them are in, not on which.
          const symmetric = worths.map((worth, bits) => (bits % 4 === 2 ? worths[bits - 1] : worth));
          const { values } = shapleyValues(listed(symmetric));
          expect(Math.abs(values[0] - values[1])).toBeLessThan(1e-10);
        },
      ),
      { seed: 24 },
    );
  });

  it("gives a dummy, who adds the same to everybody, just that", () => {
    fc.assert(
      fc.property(games, fc.double({ min: -50, max: 50, noNaN: true }), (worths, gift) => {
        const { values } = shapleyValues(listed([...worths, ...worths.map((worth) => worth + gift)]));
        expect(Math.abs(values[values.length - 1] - gift)).toBeLessThan(1e-10);
      }),
      { seed: 24 },
    );
  });

  it("is linear: the values of a sum of games are the sums of their values", () => {
    const pairs = fc.tuple(games, games, fc.double({ min: -3, max: 3, noNaN: true }));
    fc.assert(
      fc.property(
        pairs.filter(([a, b]) => a.length === b.length),
        ([a, b, factor]) => {
          const together = shapleyValues(listed(a.map((worth, i) => worth + factor * b[i]))).values;
          const [ofA, ofB] = [a, b].map((worths) => shapleyValues(listed(worths)).values);
          expect(
            apart(
              together,
              ofA.map((value, i) => value + factor * ofB[i]),
            ),
          ).toBeLessThan(1e-10);
        },
      ),
      { seed: 24 },
    );
  });

  it("weighs coalitions of fifteen players right", () => {
    // Player 0 with a majority of eight: it decides only when it comes eighth or later, in 8 of 15 places.
    const worth = (coalitions: readonly Coalition[]) =>
      coalitions.map((c) => Number(c[0] === 1 && c.reduce((sum, member) => sum + member, 0) >= 8));
    const { values } = shapleyValues({ players: 15, worth });
    expect(Math.abs(values[0] - 8 / 15)).toBeLessThan(1e-12);
    expect(apart(values.slice(1), new Array<number>(14).fill(7 / 15 / 14))).toBeLessThan(1e-12);
  });

  it.each([
    ["no player", listed([3]), "shapleyValues: expected 1 to 15 players but got 0"],
    ["too many", { players: 16, worth: () => [] }, "expected 1 to 15 players but got 16; use kernelShap"],
    ["half a player", { players: 1.5, worth: () => [] }, "expected 1 to 15 players but got 1.5"],
    ["too few worths", { players: 2, worth: () => [1] }, "one number for each of 4 coalitions but got 1"],
    ["a worth that is no number", listed([0, 1, NaN, 2]), "that of {1} is NaN"],
  ])("refuses a game with %s", (_, game, message) => {
    expect(() => shapleyValues(game)).toThrow(RangeError);
    expect(() => shapleyValues(game)).toThrow(message);
  });
});

describe("kernelShap", () => {
  it("is exact when every coalition is taken", () => {
    fc.assert(
      fc.property(games, (worths) => {
        const kernel = kernelShap(listed(worths));
        expect(kernel.exact).toBe(true);
        expect(kernel.coalitions).toBe(worths.length - 2);
        expect(apart(kernel.values, shapleyValues(listed(worths)).values)).toBeLessThan(1e-9);
      }),
      { seed: 24 },
    );
  });

  it("reproduces shap's own example of brute force", () => {
    // f = x·β + 10 against zeros; β and x are NumPy's first draws after seeds 0 and 1.
    const beta = [0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969];
    const x = [1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705];
    const worth = (coalitions: readonly Coalition[]) =>
      coalitions.map((c) => c.reduce((sum, member, i) => sum + member * beta[i] * x[i], 10));
    const { values, base, output } = kernelShap({ players: 4, worth });
    expect(apart(values, [0.89146267, -0.43752168, -0.31836259, -0.58464256])).toBeLessThan(5e-9);
    expect(Math.abs(values.reduce((sum, value) => sum + value, base) - 9.55093584213122)).toBeLessThan(1e-13);
    expect(Math.abs(output - 9.55093584213122)).toBeLessThan(1e-13);
  });

  /** Twelve players: each has a gain, and neighbours gain together. */
  const gains = Array.from({ length: 12 }, (_, i) => (i * 7) % 5);
  const twelve: Game = {
    players: 12,
    worth: (coalitions) =>
      coalitions.map((c) =>
        c.reduce((sum, member, i) => sum + member * (gains[i] + 3 * c[(i + 1) % 12] * c[(i + 2) % 12]), 0),
      ),
  };

  it("keeps the sum with a sample of coalitions, and gives the same for the same seed", () => {
    const [first, again, other] = [5, 5, 6].map((seed) =>
      kernelShap(twelve, { samples: 200, random: new Random(seed) }),
    );
    expect(first.exact).toBe(false);
    expect(first.coalitions).toBeLessThanOrEqual(200);
    expect(Math.abs(first.residual)).toBeLessThan(1e-10);
    expect(again.values).toEqual(first.values);
    expect(other.values).not.toEqual(first.values);
  });

  it("errs half as much with four times the samples, and less in pairs", () => {
    const { values } = shapleyValues(twelve);
    const error = (samples: number, paired: boolean) => {
      const squares = Array.from({ length: 60 }, (_, seed) =>
        kernelShap(twelve, { samples, paired, random: new Random(seed) }).values.reduce(
          (sum, value, i) => sum + (value - values[i]) ** 2,
          0,
        ),
      );
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    };
    const [few, many] = [error(200, false), error(800, false)];
    expect(few / many).toBeGreaterThan(1.7);
    expect(few / many).toBeLessThan(2.4);
    expect(error(200, true)).toBeLessThan(0.8 * few);
  });

  it("solves exactly, from any sample of pairs, a game whose players act together only by twos", () => {
    const gain = fc.double({ min: -10, max: 10, noNaN: true });
    const players = 8;
    const square = fc.array(gain, { minLength: players ** 2, maxLength: players ** 2 });
    fc.assert(
      fc.property(square, fc.integer({ min: 1, max: 1000 }), (gains, seed) => {
        const worths = Array.from({ length: 2 ** players }, (_, bits) =>
          gains.reduce((sum, each, pair) => {
            const [i, j] = [Math.floor(pair / players), pair % players];
            return sum + each * ((bits >> i) & (bits >> j) & 1);
          }, 0),
        );
        const found = kernelShap(listed(worths), { samples: 100, random: new Random(seed) });
        expect(found.exact).toBe(false);
        expect(apart(found.values, shapleyValues(listed(worths)).values)).toBeLessThan(1e-9);
      }),
      { seed: 24 },
    );
  });

  it.each([
    [{ samples: 6 }, "6 samples gave 4 different coalitions, too few to tell 12 players apart; raise samples"],
    [{ samples: 1 }, "expected samples to be a whole number of at least 2 but got 1"],
    [{ samples: 99.5 }, "expected samples to be a whole number of at least 2 but got 99.5"],
  ])("refuses %o", (options, message) => {
    expect(() => kernelShap(twelve, options)).toThrow(RangeError);
    expect(() => kernelShap(twelve, options)).toThrow(message);
  });

  it("refuses more players than a system of equations should have", () => {
    expect(() => kernelShap({ players: 1001, worth: () => [] })).toThrow(
      "expected 1 to 1000 players but got 1001; put several columns into one group",
    );
  });
});
