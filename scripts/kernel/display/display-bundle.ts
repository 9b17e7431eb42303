import { boundedInspect } from "./bounded-inspect.js";
import { isFrame, tableBundle } from "./table.js";
import { isTensor, tensorSummary } from "./tensor-summary.js";

/** MIME types and their contents: text, base64 for pictures, or an object for JSON types. */
export type MimeBundle = Record<string, unknown>;

/** Deno's convention for values that know how to show themselves in a notebook. */
const DISPLAY = Symbol.for("Jupyter.display");

function ownDisplay(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? () => (method as () => unknown).call(value) : undefined;
}

function checked(bundle: unknown, value: unknown): MimeBundle {
  const isObject = typeof bundle === "object" && bundle !== null && !Array.isArray(bundle);
  const types = isObject ? Object.keys(bundle) : [];
  if (types.length === 0 || !types.every((type) => type.includes("/"))) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")]: expected an object from MIME types to contents but got ${boundedInspect(bundle)}`,
    );
  }
  const entries = Object.entries(bundle as object).map(([type, content]: [string, unknown]) => [
    type,
    content instanceof Uint8Array ? Buffer.from(content).toString("base64") : content,
  ]);
  const result = Object.fromEntries(entries) as MimeBundle;
  // Every front end can show text.
  if (typeof result["text/plain"] !== "string") result["text/plain"] = boundedInspect(value);
  return result;
}

/**
 * What a cell's last value looks like: its own `[Symbol.for("Jupyter.display")]()` if it has one (which may be
 * asynchronous), a summary for tensors, a table for data frames, else the text of `util.inspect`.
 *
 * @throws TypeError when a value's own method gives no MIME bundle, and whatever that method throws
 */
export async function displayBundle(value: unknown): Promise<MimeBundle> {
  const own = ownDisplay(value);
  if (own) return checked(await own(), value);
  if (isTensor(value)) return { "text/plain": tensorSummary(value) };
  if (isFrame(value)) return tableBundle(value);
  return { "text/plain": boundedInspect(value) };
}
