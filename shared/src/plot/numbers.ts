import { Buffer } from "node:buffer";
import type { Numbers } from "./figure.js";

/** Six significant digits: finer than a screen can show, and a third of the bytes of a full double. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A plain array, rounded; NaN becomes `null`, Plotly's gap. */
export function roundedList(values: Numbers): (number | null)[] {
  const list: (number | null)[] = new Array<number | null>(values.length);
  for (let i = 0; i < values.length; i++) list[i] = Number.isNaN(values[i]) ? null : rounded(values[i]);
  return list;
}

/** `count` numbers from `start`, a step of one apart. */
export function countFrom(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index);
}

/** `count` numbers from `low` to `high`, both included. */
export function evenlySpaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => rounded(low + ((high - low) * index) / (count - 1)));
}

/** Lowest and highest finite value, with their positions. */
export function extent(values: Numbers): { low: number; high: number; lowAt: number; highAt: number } {
  let lowAt = -1;
  let highAt = -1;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (lowAt < 0 || values[i] < values[lowAt]) lowAt = i;
    if (highAt < 0 || values[i] > values[highAt]) highAt = i;
  }
  return { low: values[lowAt], high: values[highAt], lowAt, highAt };
}

/** Whether all finite values are whole numbers. */
export function allWhole(values: Numbers): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]) && !Number.isInteger(values[i])) return false;
  return true;
}

/** A number as prose shows it: four significant digits, thousands separated, a true minus sign. */
export function shown(value: number, percent = false): string {
  if (percent) return `${shown(value * 100)} %`;
  const magnitude = Math.abs(value);
  const text =
    magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e9)
      ? value.toExponential(2)
      : new Intl.NumberFormat("en-US", { maximumSignificantDigits: magnitude >= 1e4 ? 9 : 4 }).format(rounded(value));
  return text.replace("-", "−").replace(/^−0$/, "0");
}

/** A matrix as Plotly's own binary form (float32), a quarter of its size as JSON in a saved notebook. */
export function encodedMatrix(rows: readonly Numbers[]): { dtype: "f4"; bdata: string; shape: string } {
  const values = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  return {
    dtype: "f4",
    bdata: Buffer.from(values.buffer).toString("base64"),
    shape: `${rows.length}, ${rows[0].length}`,
  };
}
