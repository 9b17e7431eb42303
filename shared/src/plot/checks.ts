import { inspect } from "node:util";
import type { Numbers } from "./figure.js";

/** Throws unless `values` is a non-empty list of numbers, all finite unless gaps (NaN) are allowed. */
export function requireNumbers(where: string, name: string, values: Numbers, gaps: "gaps" | "finite" = "finite"): void {
  if (values === null || typeof values !== "object" || typeof values.length !== "number") {
    throw new TypeError(
      `${where}: expected ${name} to be an array of numbers but got ${inspect(values, { depth: 0 })}`,
    );
  }
  if (values.length === 0) throw new RangeError(`${where}: expected at least one number in ${name} but got none`);
  let finite = 0;
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== "number") {
      throw new TypeError(
        `${where}: expected ${name}[${i}] to be a number but got ${inspect(values[i], { depth: 0 })}`,
      );
    }
    if (Number.isFinite(values[i])) finite++;
    else if (gaps === "finite" || !Number.isNaN(values[i])) {
      throw new RangeError(`${where}: expected ${name}[${i}] to be finite but got ${values[i]}`);
    }
  }
  if (finite === 0)
    throw new RangeError(`${where}: expected a finite number in ${name} but all ${values.length} are NaN`);
}

/** Throws unless a list has as many items as the one it belongs to. */
export function requireLength(where: string, name: string, items: { length: number }, expected: number): void {
  if (items.length !== expected) {
    throw new RangeError(`${where}: expected ${expected} items in ${name} but got ${items.length}`);
  }
}

/** Throws unless `rows` is a matrix: at least one row, all rows of one length, all values finite numbers. */
export function requireMatrix(
  where: string,
  name: string,
  rows: readonly Numbers[],
): { rows: number; columns: number } {
  if (rows.length === 0) {
    throw new RangeError(`${where}: expected ${name} to be a matrix (an array of rows) but got no row`);
  }
  for (const [index, row] of rows.entries()) {
    requireNumbers(where, `${name}[${index}]`, row);
    requireLength(where, `${name}[${index}]`, row, rows[0].length);
  }
  return { rows: rows.length, columns: rows[0].length };
}

/** Throws when an axis title is missing: a chart without one cannot be read. */
export function requireTitle(where: string, name: string, title: string): void {
  if (typeof title !== "string" || title.trim() === "") {
    throw new TypeError(
      `${where}: expected ${name} to name the quantity and its unit, such as "time (s)", but got nothing`,
    );
  }
}
