import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claiming, finished, printed, TestCollection } from "./collection.js";

// Runs that are interrupted or killed from outside: tests/faults.
describe.skipIf(process.platform !== "linux")("a run that is stopped", () => {
  const collection = new TestCollection("interruption");

  beforeAll(() => {
    collection.writeDay(2, [claiming(2), "await new Promise(() => undefined);"]);
  });

  afterAll(async () => {
    expect(await collection.leftovers()).toEqual([]);
  });

  it("stops the others at the first failure with --fail-fast", async () => {
    collection.writeDay(3, ["throw new Error('first');"]);
    const { code, output } = await collection.verify(["2-3", "--jobs", "2", "--fail-fast"]);
    expect(code).toBe(1);
    expect(output).toContain("Error: first");
    expect(output).toMatch(/^ {2}2 .* interrupted/m);
    expect(await collection.leftovers()).toEqual([]);
  }, 120_000);

  it("makes a second run wait for the first", async () => {
    collection.writeDay(4, [claiming(4), "await new Promise((resolve) => setTimeout(resolve, 3000));"]);
    const first = collection.start(["4"]);
    const firstEnd = finished(first);
    await printed(first, "Day  4");
    const second = await collection.verify(["4"]);
    expect(second.output).toContain(`Waiting for another run (process ${first.pid})`);
    expect(second.output).toMatch(/^ {2}4 .* cached/m);
    expect([(await firstEnd).code, second.code]).toEqual([0, 0]);
  }, 120_000);
});
