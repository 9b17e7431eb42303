import { describe, expect, it } from "vitest";
import { longestPath, oneRunner, shards } from "../../scripts/scale/simulate.mjs";
import { VirtualClock } from "../../scripts/scale/virtual-time.mjs";

const lessons = (seconds: number[], needs: Record<number, number[]> = {}) =>
  seconds.map((value, index) => ({ day: index + 1, seconds: value, needs: needs[index + 1] ?? [] }));

describe("virtual time", () => {
  it("wakes sleepers in the order of their times, and passes none of its own", async () => {
    const clock = new VirtualClock();
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ...naps: number[]): Promise<void> => {
      for (const nap of naps) {
        await clock.sleep(nap);
        woken.push([name, clock.now]);
      }
    };
    await clock.run(Promise.all([sleeper("a", 3600, 1), sleeper("b", 10, 3590.5)]));
    expect(woken).toEqual([["b", 10], ["a", 3600], ["b", 3600.5], ["a", 3601]]); // prettier-ignore
  });

  it("says when the work waits for something else", async () => {
    await expect(new VirtualClock().run(new Promise(() => undefined))).rejects.toThrow("waits for something else");
  });
});

describe("the simulation", () => {
  it("starts the longest first, and is bounded by the longest notebook", async () => {
    const five = lessons([5, 4, 3, 3, 3]);
    // By hand: 5 | 4, then 3 at second 4, 3 at second 5, 3 at second 7.
    expect(await Promise.all([1, 2, 3, 5, 30].map((workers) => oneRunner(five, workers)))).toEqual([18, 10, 7, 5, 5]);
    expect([1, 2, 3, 5, 30].map((machines) => shards(five, machines))).toEqual([18, 10, 7, 5, 5]);
  });

  it("waits for what a day needs when outputs are saved, and is bounded by the longest path", async () => {
    const chain = lessons([10, 1, 2, 7], { 2: [1], 3: [2], 4: [9] });
    expect(await oneRunner(chain, 4)).toBe(10);
    expect(await oneRunner(chain, 4, true)).toBe(13);
    expect(await oneRunner(chain, 1, true)).toBe(20);
    expect(longestPath(chain)).toEqual({ days: [1, 2, 3], seconds: 13 });
  });
});
