import { inspect } from "node:util";
import { kernelWriter } from "./kernel-writer.js";

/** A MIME bundle: one representation of a value for each MIME type, as Jupyter's display messages carry it. */
export type MimeBundle = Record<string, string | object>;

/**
 * The method that a notebook asks a cell's last value for. The convention is that of Deno's Jupyter kernel: a value with
 * a method under this symbol chooses how it is shown.
 */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** A value that knows how to show itself in a notebook. */
export interface Displayable {
  [jupyterDisplay](): MimeBundle;
}

/**
 * Base of every value of this package that shows itself: a subclass says which MIME bundle it is, and where no notebook
 * listens (a plain kernel, a terminal, a test) it prints the bundle's `text/plain`.
 */
export abstract class DisplayedValue implements Displayable {
  abstract [jupyterDisplay](): MimeBundle;

  [inspect.custom](): string {
    const text = this[jupyterDisplay]()["text/plain"];
    return typeof text === "string" ? text : "";
  }
}

/**
 * Shows a value at once, wherever in a cell the call stands, and as often as it is called. (A cell's last value is shown
 * without this.) Outside a notebook the value's plain text is printed.
 *
 * @param value - Anything with a `Symbol.for("Jupyter.display")` method: a figure, a table, a claim.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { show, table } from "@nn30/shared";
 *
 * const gates = table([{ gate: "NAND", separable: "yes" }]);
 * assert.doesNotThrow(() => show(gates)); // in a notebook: a table; in a terminal: its text
 * ```
 */
export function show(value: Displayable): void {
  const data = value[jupyterDisplay]();
  const write = kernelWriter();
  if (write) write({ data, metadata: {}, transient: {} }, false);
  else console.log(data["text/plain"]);
}
