import { stripVTControlCharacters } from "node:util";
import colors from "picocolors";
import { DAYS, notebookPath } from "../curriculum.js";
import type { Failure } from "./failure.js";
import { isVerified, type Outcome } from "./outcome.js";

/** What went wrong in a day: notebook, cell, source line with its text, reason, and what to do. */
export function failureReport(outcome: Outcome): string {
  const file = notebookPath(DAYS[outcome.day - 1]);
  return outcome.failures
    .map((failure) => {
      const lines = [colors.red(`✗ ${file}${placeOf(failure)}`), `  ${indent(failure.reason)}`];
      if (failure.source !== undefined)
        lines.push(colors.dim(`  ${String(failure.line).padStart(4)} | `) + failure.source);
      for (const line of failure.detail ?? []) lines.push(colors.dim(`    ${line}`));
      if (failure.fix !== undefined) lines.push(`  → ${failure.fix}`);
      if (outcome.copy !== undefined) lines.push(colors.dim(`  executed copy: ${outcome.copy}`));
      return lines.join("\n");
    })
    .join("\n");
}

/** `: cell 3, line 2`; empty for a failure of the whole notebook. */
export function placeOf({ cell, index, line }: Failure): string {
  if (index === undefined) return "";
  const name = cell === undefined ? `text in cell ${index + 1} from the top` : `cell ${cell}`;
  return `: ${name}${line === undefined ? "" : `, line ${line}`}`;
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

const COLUMNS = ["Day", "Topic", "Status", "Cells", "Claims", "Seconds", "Peak MB"] as const;

/** A table of all days that have a notebook, and the totals. */
export function summary(outcomes: readonly Outcome[], seconds: number): string {
  const shown = outcomes.filter(({ status }) => status !== "pending");
  const rows = shown.map((outcome) => [
    String(outcome.day),
    DAYS[outcome.day - 1].topic,
    statusText(outcome),
    outcome.cells === undefined ? "" : String(outcome.cells),
    outcome.claims === undefined ? "" : String(outcome.claims),
    outcome.seconds === undefined ? "" : outcome.seconds.toFixed(1),
    outcome.peakBytes === undefined ? "" : (outcome.peakBytes / 1e6).toFixed(0),
  ]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => width(row[column]))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = " ".repeat(widths[column] - width(cell));
        return column === 1 || column === 2 ? cell + padding : padding + cell;
      })
      .join("  ")
      .trimEnd();
  const table = rows.length === 0 ? [] : [colors.bold(line(COLUMNS)), ...rows.map(line), ""];
  return [...table, totals(outcomes, seconds)].join("\n");
}

function statusText({ status, notes }: Outcome): string {
  const word =
    status === "failed"
      ? colors.red("failed")
      : status === "passed" || status === "cached"
        ? colors.green(status)
        : colors.yellow(status);
  return notes.length === 0 ? word : `${word} (${notes.join(", ")})`;
}

function totals(outcomes: readonly Outcome[], seconds: number): string {
  const count = (wanted: (outcome: Outcome) => boolean) => outcomes.filter(wanted).length;
  const claims = outcomes.filter(isVerified).reduce((sum, outcome) => sum + (outcome.claims ?? 0), 0);
  const parts = [
    `${count(isVerified)} verified (${count(({ status }) => status === "cached")} unchanged), ${claims} ${claims === 1 ? "claim holds" : "claims hold"}`,
    ...(["failed", "in doubt", "not run", "interrupted", "pending"] as const).flatMap((status) => {
      const number = count((outcome) => outcome.status === status);
      return number === 0 ? [] : [`${number} ${status}`];
    }),
  ];
  return `${parts.join(", ")}; ${seconds.toFixed(1)} s`;
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}
