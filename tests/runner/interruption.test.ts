import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claiming, finished, printed, TestCollection } from "./collection.js";

/** Announces its process to the test, then never ends. */
const ENDLESS = "while (true) {}";

describe.skipIf(process.platform !== "linux")("a run that is stopped", () => {
  const collection = new TestCollection("interruption");
  let before: Record<string, string>;

  beforeAll(() => {
    collection.writeDay(1, [claiming(1), ENDLESS]);
    collection.writeDay(2, [claiming(2), "await new Promise(() => undefined);"]);
    before = collection.snapshot();
  });

  afterAll(async () => {
    expect(await collection.leftovers()).toEqual([]);
  });

  /** Starts a run and waits until both notebooks are in their second cell. */
  async function running(...args: string[]) {
    const child = collection.start(["--verbose", "--jobs", "2", ...args]);
    const end = finished(child);
    await Promise.all([printed(child, "Day  1  cell 1"), printed(child, "Day  2  cell 1")]);
    return { child, end };
  }

  it("ends its kernels on Ctrl-C, changes no file, and exits with 130", async () => {
    const { child, end } = await running();
    expect(collection.processes().filter((line) => line.includes("launch.js"))).toHaveLength(2);
    child.kill("SIGINT");
    const { code, output } = await end;
    expect(code).toBe(130);
    expect(output).toContain("Interrupted");
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.snapshot()).toEqual(before);
  }, 120_000);

  it("leaves no kernel when it is killed itself; the next run takes over, cleans up and completes", async () => {
    const { child, end } = await running("--save");
    child.kill("SIGKILL");
    await end;
    expect(await collection.leftovers()).toEqual([]);
    expect(collection.snapshot()).toEqual(before);

    const next = await collection.verify(["1", "--timeout", "3"]);
    expect(next.code).toBe(1);
    expect(next.output).toContain("longer than 3 s");
    expect(next.output).not.toContain("Waiting");
  }, 120_000);

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
