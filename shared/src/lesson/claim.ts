import { DisplayedValue, type MimeBundle, jupyterDisplay } from "../display/display.js";
import { Table } from "../table/table.js";
import { type NumberFormat, plainNumber } from "./format.js";

/** A published number that a claim's value is compared with. */
export interface PublishedNumber {
  value: number;
  /** Where it is published, short enough for a table's cell. */
  source: string;
  url?: string;
  /** For a claim with `equals`: how far from the published number still counts as met. Default: the claim's `within`. */
  within?: number;
}

/** A trivial or simpler method's value on the same data. */
export interface Baseline {
  what: string;
  value: number;
}

/** What a lesson states, and when it holds. Exactly one of `atLeast`, `atMost`, `equals` and `between` is given. */
export interface ClaimOptions {
  /** The statement, as a reader reads it: "Median accuracy on the test set, three seeds". */
  what: string;
  value: number;
  atLeast?: number;
  atMost?: number;
  equals?: number;
  /** With `equals`: the largest distance that still holds. Default: 0. */
  within?: number;
  between?: readonly [low: number, high: number];
  /** How value, target, baseline and published number are written. Default: {@link plainNumber}. */
  format?: NumberFormat;
  baseline?: Baseline;
  published?: PublishedNumber;
  /** Why a published number is missed. Required where it is. */
  reason?: string;
  /** How far a later run may be from the recorded value, relative to max(1, |value|). Default: 1e-6. */
  tolerance?: number;
}

/** A claim as `results.json` keeps it. */
export interface ClaimRecord {
  id: string;
  what: string;
  value: number;
  shown: string;
  target: string;
  holds: true;
  tolerance: number;
  baseline?: { what: string; value: number; shown: string };
  published?: { value: number; shown: string; source: string; url?: string; met: boolean; reason?: string };
}

/** Thrown by a claim that does not hold; it fails the cell. */
export class ClaimError extends Error {
  override readonly name = "ClaimError";
}

/**
 * Checks a claim.
 *
 * @param id - Names the claim within its lesson, for the pages that read it.
 * @param options - See {@link ClaimOptions}.
 * @returns The claim as it is recorded.
 * @throws ClaimError when it does not hold, or misses its published number without a reason.
 * @throws TypeError when it has no target, or more than one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkClaim } from "@nn30/shared";
 *
 * const claim = checkClaim("gates", { what: "Gates learned", value: 14, equals: 14 });
 * assert.equal(claim.target, "= 14");
 * assert.throws(() => checkClaim("gates", { what: "Gates learned", value: 13, equals: 14 }), /does not hold/);
 * ```
 */
export function checkClaim(id: string, options: ClaimOptions): ClaimRecord {
  const { what, value, format = plainNumber, baseline, published, reason, tolerance = 1e-6 } = options;
  const target = targetOf(id, options);
  if (!target.holds(value)) {
    throw new ClaimError(
      `Claim "${id}" does not hold: ${what}: expected ${target.text}, got ${format(value)} (${value})`,
    );
  }
  const record: ClaimRecord = { id, what, value, shown: format(value), target: target.text, holds: true, tolerance };
  if (baseline) record.baseline = { ...baseline, shown: format(baseline.value) };
  if (published) {
    const met = target.meets(value, published);
    if (!met && !reason) {
      throw new ClaimError(
        `Claim "${id}" misses its published number (${format(published.value)}, ${published.source}; got ${format(value)}) ` +
          `and gives no reason: say why in \`reason\``,
      );
    }
    const { source, url } = published;
    record.published = { value: published.value, shown: format(published.value), source, met };
    if (url) record.published.url = url;
    if (!met) record.published.reason = reason;
  }
  return record;
}

interface Target {
  text: string;
  holds(value: number): boolean;
  meets(value: number, published: PublishedNumber): boolean;
}

function targetOf(id: string, options: ClaimOptions): Target {
  const { atLeast, atMost, equals, between, within = 0, format = plainNumber } = options;
  const targets: Target[] = [];
  if (atLeast !== undefined) {
    targets.push({ text: `≥ ${format(atLeast)}`, holds: (v) => v >= atLeast, meets: (v, p) => v >= p.value });
  }
  if (atMost !== undefined) {
    targets.push({ text: `≤ ${format(atMost)}`, holds: (v) => v <= atMost, meets: (v, p) => v <= p.value });
  }
  if (equals !== undefined) {
    targets.push({
      text: within === 0 ? `= ${format(equals)}` : `${format(equals)} ± ${format(within)}`,
      holds: (v) => Math.abs(v - equals) <= within,
      meets: (v, p) => Math.abs(v - p.value) <= (p.within ?? within),
    });
  }
  if (between !== undefined) {
    const [low, high] = between;
    targets.push({
      text: `${format(low)} … ${format(high)}`,
      holds: (v) => v >= low && v <= high,
      meets: (v, p) => Math.abs(v - p.value) <= (p.within ?? 0),
    });
  }
  if (targets.length !== 1) {
    throw new TypeError(
      `Claim "${id}": expected exactly one of atLeast, atMost, equals and between but got ${targets.length}`,
    );
  }
  return targets[0];
}

/** Claims as the rows of one table: value, target, baseline, published number, and whether it is met. */
export class ClaimTable extends DisplayedValue {
  constructor(readonly claims: readonly ClaimRecord[]) {
    super();
  }

  [jupyterDisplay](): MimeBundle {
    const optional = (head: string, cell: (claim: ClaimRecord) => string) =>
      this.claims.some((claim) => cell(claim) !== "") ? [{ head, cell }] : [];
    const columns = [
      { head: "Claim", cell: (claim: ClaimRecord) => claim.what },
      { head: "Value", cell: (claim: ClaimRecord) => claim.shown },
      { head: "Target", cell: (claim: ClaimRecord) => `${claim.target} ✓` },
      ...optional("Baseline", ({ baseline }) => (baseline ? `${baseline.shown} (${baseline.what})` : "")),
      ...optional("Published", ({ published }) => (published ? `${published.shown} (${published.source})` : "")),
      ...optional("Met", ({ published }) =>
        published ? (published.met ? "✓ met" : `✗ missed: ${published.reason ?? ""}`) : "",
      ),
    ];
    const rows = this.claims.map((claim) => columns.map(({ cell }) => cell(claim)));
    const numeric = columns.map(({ head }) => head === "Value");
    const heads = columns.map(({ head }) => head);
    return new Table(heads, rows, numeric)[jupyterDisplay]();
  }
}
