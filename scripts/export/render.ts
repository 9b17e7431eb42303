import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { dayName } from "../curriculum.js";
import { pythonEnvironment } from "../runner/environment.js";
import { refusal, UsageError } from "../runner/errors.js";
import { readIfPresent, writeIfChanged } from "../runner/files.js";
import type { Collection } from "../runner/paths.js";
import { PICTURES } from "./charts.js";
import type { Lesson } from "./lesson.js";

export type Format = "md" | "html";

const cacheSchema = z.object({ key: z.string(), text: z.string() });
const answerSchema = z.union([z.object({ text: z.string() }), z.object({ error: z.string() })]);

/**
 * Notebooks as Markdown or HTML, by nbconvert. One Python process renders all that have changed since they were last
 * rendered; the others come from the cache.
 *
 * @param lessons - The days.
 * @param format - `md` for drafts, `html` for pages (with formulas still in TeX).
 * @param collection - Holds the cache.
 * @returns Each day's text, or what went wrong with it.
 */
export async function renderNotebooks(
  lessons: readonly Lesson[],
  format: Format,
  collection: Collection,
): Promise<Map<number, string | Error>> {
  const rendered = new Map<number, string | Error>();
  const changed: { lesson: Lesson; request: string; cacheFile: string; key: string }[] = [];
  const version = rendererVersion();
  for (const lesson of lessons) {
    const request = requestFor(lesson, format);
    const cacheFile = path.join(collection.cache, "export", `${dayName(lesson.day.day)}.${format}.json`);
    const key = createHash("sha256").update(`${version}\0${request}\0`).update(lesson.json).digest("hex");
    const cached = cachedText(cacheFile, key);
    if (cached !== undefined) rendered.set(lesson.day.day, cached);
    else changed.push({ lesson, request, cacheFile, key });
  }
  const answers = await ask(
    changed.map(({ request }) => request),
    collection,
  );
  for (const [index, { lesson, cacheFile, key }] of changed.entries()) {
    const answer = answers[index];
    if ("error" in answer) {
      rendered.set(lesson.day.day, new UsageError(`${lesson.name}: nbconvert failed: ${answer.error}`));
      continue;
    }
    rendered.set(lesson.day.day, answer.text);
    await keep(cacheFile, JSON.stringify({ key, text: answer.text }));
  }
  return rendered;
}

/** A cache that cannot be kept is none: `--check` also works in a checkout that is read-only. */
async function keep(cacheFile: string, text: string): Promise<void> {
  try {
    await writeIfChanged(cacheFile, text);
  } catch (error) {
    if (refusal(error) === undefined) throw error;
  }
}

/** This module runs from its source (tests) and compiled; render.py and the templates lie beside the source. */
function sourceFolder(): string {
  const here = import.meta.dirname;
  return existsSync(path.join(here, "render.py")) ? here : path.resolve(here, "../../export");
}

function requestFor({ file, charts }: Lesson, format: Format): string {
  const images = charts.map(({ cellIndex, outputIndex, file: picture, alt }) => [
    `${cellIndex}:${outputIndex}`,
    { file: `${PICTURES}/${picture}`, alt },
  ]);
  return JSON.stringify({ notebook: file, format, images: Object.fromEntries(images) as unknown });
}

/** Hash of all that a rendering depends on besides its notebook: our templates and the Python packages. */
function rendererVersion(): string {
  const source = sourceFolder();
  const hash = createHash("sha256");
  const add = (file: string) => hash.update(`${path.basename(file)}\0`).update(readFileSync(file));
  add(path.join(source, "render.py"));
  for (const entry of readdirSync(path.join(source, "templates"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) add(path.join(entry.parentPath, entry.name));
  }
  const setup = path.resolve(source, "../setup");
  if (existsSync(setup)) for (const name of readdirSync(setup)) if (name.endsWith(".txt")) add(path.join(setup, name));
  return hash.digest("hex");
}

function cachedText(file: string, key: string): string | undefined {
  try {
    const cached = cacheSchema.safeParse(JSON.parse(readIfPresent(file) ?? "null"));
    return cached.success && cached.data.key === key ? cached.data.text : undefined;
  } catch {
    return undefined; // A damaged cache is one that holds nothing.
  }
}

async function ask(requests: readonly string[], collection: Collection): Promise<z.infer<typeof answerSchema>[]> {
  if (requests.length === 0) return [];
  const source = sourceFolder();
  const scripts = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const python = path.resolve(source, "../../.venv", scripts);
  if (!existsSync(python)) throw new UsageError("the Python side is not set up: run npm run setup first");
  const { stdout } = await execa(python, [path.join(source, "render.py")], {
    input: `${requests.join("\n")}\n`,
    env: { ...pythonEnvironment(path.join(collection.cache, "jupyter")), JUPYTER_PREFER_ENV_PATH: "1" },
    extendEnv: false,
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => answerSchema.parse(JSON.parse(line)));
}
