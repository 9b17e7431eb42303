import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { readIfPresent } from "./files.js";
import { handedOn } from "./handed-on.js";
import { codeOf, type Notebook } from "./notebook.js";
import { INSTALLATION, kernelSpecPath, type Collection } from "./paths.js";

/** Raise it when what a run checks becomes stricter, so that earlier successes count no longer. */
const CHECKS = 1;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Files below a folder with their hashes, in the order of their names; empty where there is no such folder. */
function hashFolder(folder: string, wanted: (name: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${path.relative(folder, file)} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`);
}

/**
 * What all notebooks depend on: kernel, helper package, pinned packages, data, Node and TensorFlow, each as a hash or a
 * few words, so that two environments can be compared part by part.
 */
export function environmentParts(): Record<string, string> {
  const at = (...parts: string[]) => path.join(INSTALLATION, ...parts);
  const compiled = (name: string) => /\.(c?js|d\.ts|json|wasm)$/.test(name);
  // A path differs between two checkouts that are otherwise the same.
  const kernelSpec = (readIfPresent(kernelSpecPath()) ?? "")
    .replaceAll(JSON.stringify(INSTALLATION).slice(1, -1), "")
    .replaceAll(JSON.stringify(process.execPath).slice(1, -1), "node");
  const folder = (path: string, wanted: (name: string) => boolean) => digest(hashFolder(at(path), wanted).join("\n"));
  const file = (path: string) => digest(readIfPresent(at(path)) ?? "");
  return {
    checks: String(CHECKS),
    worker: folder("scripts/runner", (name) => name.endsWith(".py")),
    kernel: folder("scripts/build/kernel", compiled),
    kernelSpec: digest(kernelSpec),
    helper: folder("shared/dist", compiled),
    packages: file("package-lock.json"),
    python: file("requirements.txt"),
    setup: folder("scripts/setup", (name) => name.endsWith(".txt")),
    data: file(".data/manifest.json"),
    fashion: file(".data/fashion-mnist/manifest.json"),
    node: process.versions.node.split(".")[0],
    platform: `${process.platform}-${process.arch}`,
    tensorflow: digest(nativeLibraries(at(".native/lib")).join("\n")),
  };
}

/** Of nothing, "absent". */
function digest(content: string): string {
  return content === "" ? "absent" : sha256(content);
}

/** The parts of an environment in one hash. */
export function environmentHash(parts = environmentParts()): string {
  return sha256(JSON.stringify(parts));
}

/** Hashing the libraries themselves would take longer than the whole check; their sizes tell versions apart. */
function nativeLibraries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => `${name} ${statSync(path.join(folder, name)).size}`);
}

/** Hash of everything that decides whether a notebook passes. */
export function closureHash(environment: string, notebook: Notebook, collection: Collection): string {
  // These hashes are about saved outputs, which decide nothing; JSON leaves the keys out.
  const lesson = { ...notebook.metadata.nn30, codeHash: undefined, reads: undefined };
  return sha256(
    JSON.stringify({
      environment,
      code: codeOf(notebook),
      lesson,
      own: handedOn(collection, lesson.day),
      needs: lesson.needs.map((day) => [day, handedOn(collection, day)]),
    }),
  );
}

/** Hash of what a day hands on to others: its committed results, a network that it saved. */
export function handedOnHash(collection: Collection, day: number): string {
  return digest(handedOn(collection, day).join("\n"));
}
