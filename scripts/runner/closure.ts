import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { readIfPresent } from "./files.js";
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

/** What all notebooks depend on: kernel, helper package, pinned packages, data, Node and TensorFlow. */
export function environmentHash(): string {
  const at = (...parts: string[]) => path.join(INSTALLATION, ...parts);
  const compiled = (name: string) => /\.(c?js|d\.ts|json|wasm)$/.test(name);
  // A path differs between two checkouts that are otherwise the same.
  const kernelSpec = (readIfPresent(kernelSpecPath()) ?? "absent")
    .replaceAll(JSON.stringify(INSTALLATION).slice(1, -1), "")
    .replaceAll(JSON.stringify(process.execPath).slice(1, -1), "node");
  return sha256(
    JSON.stringify({
      checks: CHECKS,
      worker: hashFolder(at("scripts/runner"), (name) => name.endsWith(".py")),
      kernel: hashFolder(at("scripts/build/kernel"), compiled),
      kernelSpec,
      helper: hashFolder(at("shared/dist"), compiled),
      packages: readIfPresent(at("package-lock.json")),
      python: readIfPresent(at("requirements.txt")),
      setup: hashFolder(at("scripts/setup"), (name) => name.endsWith(".txt")),
      data: readIfPresent(at(".data/manifest.json")) ?? "absent",
      fashion: readIfPresent(at(".data/fashion-mnist/manifest.json")) ?? "absent",
      node: process.versions.node.split(".")[0],
      platform: `${process.platform}-${process.arch}`,
      tensorflow: nativeLibraries(at(".native/lib")),
    }),
  );
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
  // The hash is about saved outputs, which decide nothing; JSON leaves the key out.
  const lesson = { ...notebook.metadata.nn30, codeHash: undefined };
  const results = (day: number) => sha256(readIfPresent(collection.results(day)) ?? "absent");
  return sha256(
    JSON.stringify({
      environment,
      code: codeOf(notebook),
      lesson,
      own: results(lesson.day),
      needs: lesson.needs.map((day) => [day, results(day)]),
    }),
  );
}
