import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createContext, type Context } from "../../scripts/setup/context.mjs";
import { fashionStep, type Source } from "../../scripts/setup/fashion-mnist.mjs";
import { fakeCheckout, sha256, type FakeCheckout } from "./fake-checkout.js";

const files = [
  { file: "images", size: 5, sha256: sha256("shirt") },
  { file: "labels", size: 1, sha256: sha256("6") },
];
/** A source that serves these contents. */
const serves =
  (images: string, labels: string): Source =>
  (_context, folder) => {
    writeFileSync(join(folder, "images.gz"), gzipSync(images));
    writeFileSync(join(folder, "labels.gz"), gzipSync(labels));
    return Promise.resolve(undefined);
  };
const fails: Source = () => Promise.resolve("no network");

let checkout: FakeCheckout;
let context: Context;
beforeEach(() => {
  checkout = fakeCheckout();
  context = createContext(checkout.root, "quiet");
  mkdirSync(checkout.path(".cache", "tmp"), { recursive: true });
});
afterEach(() => {
  checkout.remove();
});

it("takes the first source that serves the pinned files", async () => {
  const step = fashionStep(files, [fails, serves("shoes", "6"), serves("shirt", "6")]);
  expect(step.isDone(context)).toBe(false);
  await step.perform(context);
  expect(step.isDone(context)).toBe(true);
  expect(readFileSync(checkout.path(".data", "fashion-mnist", "images"), "utf8")).toBe("shirt");
  expect(await step.verify?.(context)).toBe(true);
});

it("goes on without it where no source serves it, and tries again when asked to verify", async () => {
  const without = fashionStep(files, [fails, serves("shoes", "6")]);
  await without.perform(context);
  expect(without.isDone(context)).toBe(true);
  expect(existsSync(checkout.path(".data", "fashion-mnist"))).toBe(false);
  expect(await without.verify?.(context)).toBe(false);
  const later = fashionStep(files, [serves("shirt", "6")]);
  await later.perform(context);
  expect(await later.verify?.(context)).toBe(true);
});

it("sees a file that was truncated, and one that was changed", async () => {
  const step = fashionStep(files, [serves("shirt", "6")]);
  await step.perform(context);
  writeFileSync(checkout.path(".data", "fashion-mnist", "images"), "skirt");
  expect(await step.verify?.(context)).toBe(false);
  writeFileSync(checkout.path(".data", "fashion-mnist", "images"), "shir");
  expect(step.isDone(context)).toBe(false);
});
