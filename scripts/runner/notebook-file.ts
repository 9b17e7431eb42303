import { readFileSync } from "node:fs";
import { errorCode, errorMessage, UsageError } from "./errors.js";

/** The format of notebooks that Jupyter has written since 2015. */
const FORMAT = 4;

/**
 * The text of a notebook's file.
 *
 * @param file its path
 * @param name how messages call it
 * @throws UsageError which says what the file is instead, and what to do
 */
export function readNotebookText(file: string, name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EISDIR")
      throw refusal(name, `expected a notebook but this is a folder: move it away, then ${restore(name)}`);
    if (code !== "EACCES" && code !== "EPERM") throw refusal(name, `cannot be read: ${errorMessage(error)}`);
    throw refusal(name, `you may not read this file: allow it with: chmod u+r "${name}"`);
  }
  try {
    // Strict: bytes that are not UTF-8 would be lost when the notebook is saved.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal(name, "expected UTF-8, the encoding of notebooks, but it has another one: save it as UTF-8");
  }
}

/**
 * What a notebook's text says, as far as JSON and the format's version go.
 *
 * @param text content of the file
 * @param name how messages call the file
 * @throws UsageError which says what is wrong, and what to do
 */
export function parseNotebookText(text: string, name: string): unknown {
  if (text.trim() === "") throw refusal(name, `not a notebook: the file is empty: ${restore(name)}`);
  if (text.startsWith("\uFEFF")) {
    throw refusal(
      name,
      "not a notebook: it begins with a byte-order mark, which Jupyter refuses: save it as UTF-8 without",
    );
  }
  const conflict = /^<{7} /m.exec(text);
  if (conflict !== null) {
    const line = text.slice(0, conflict.index).split("\n").length;
    throw refusal(
      name,
      `not a notebook: line ${line} begins an unresolved merge conflict: resolve it, or ${restore(name)}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal(name, `not a notebook: expected JSON, all of it: ${oneLine(errorMessage(error))}: ${restore(name)}`);
  }
  const { nbformat } = (value ?? {}) as { nbformat?: unknown };
  if (typeof nbformat !== "number" || nbformat === FORMAT) return value;
  throw refusal(
    name,
    `nbformat: expected ${FORMAT} but got ${nbformat}: ` +
      (nbformat < FORMAT
        ? `convert it with: .venv/bin/jupyter nbconvert --to notebook --inplace "${name}"`
        : `a newer Jupyter than this project's has written it: save it in this project's (npm run lab), or ${restore(name)}`),
  );
}

function refusal(name: string, reason: string): UsageError {
  return new UsageError(`${name}: ${reason}`);
}

/** From the last commit, not from the index: that holds no whole file during a merge. */
function restore(name: string): string {
  return `restore it with: git checkout HEAD -- "${name}"`;
}

/** Messages of JSON quote what they stumble over, line ends included. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
