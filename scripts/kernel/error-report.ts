import { isNativeError } from "node:util/types";

import type { Cell } from "./cells.js";
import { boundedInspect } from "./display/bounded-inspect.js";
import type { Frame, StackReader } from "./stack-traces.js";
import type { Diagnostic } from "./tslab-modules.js";

/** What Jupyter's `error` message and the reply of a failed request carry. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

const MAX_CAUSES = 5;
const MAX_FRAMES = 20;
const MAX_MESSAGE = 10_000;

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike & object {
  if (isNativeError(value) || value instanceof Error) return true;
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as ErrorLike).message === "string" &&
    typeof (value as { stack?: unknown }).stack === "string"
  );
}

function nameOf(error: ErrorLike & object): string {
  const name = typeof error.name === "string" && error.name !== "" ? error.name : "Error";
  // A subclass that does not set `name` still says what it is.
  const className = (error.constructor as { name?: unknown } | undefined)?.name;
  return name === "Error" && typeof className === "string" && className !== "" ? className : name;
}

function shorten(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}… (${text.length} characters)`;
}

/** A source line with its number and a mark under the column. */
function excerpt(line: number, column: number, source: string): string[] {
  const gutter = `${String(line).padStart(6)} | `;
  // Tabs are kept in the padding so that the mark stands under its column.
  const padding = source.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [gutter + source, `${" ".repeat(gutter.length - 2)}| ${padding}^`];
}

function frameLines(frames: readonly Frame[]): string[] {
  const lines = frames.slice(0, MAX_FRAMES).flatMap((frame) => {
    const { line, column, source } = frame;
    const at = `    at ${frame.text}`;
    if (line === undefined || column === undefined || source === undefined) return [at];
    return [at, ...excerpt(line, column, source)];
  });
  if (frames.length > MAX_FRAMES) lines.push(`    … and ${frames.length - MAX_FRAMES} more frames`);
  return lines;
}

/** Turns whatever a cell threw into what the reader sees. */
export class ErrorReporter {
  constructor(private readonly stacks: StackReader) {}

  /** The innermost frame that lies in a cell. */
  cellFrame(error: unknown): Frame | undefined {
    if (!isErrorLike(error)) return undefined;
    return this.stacks.frames(error).find((frame) => frame.cell !== undefined);
  }

  report(error: unknown): ErrorReport {
    if (!isErrorLike(error)) {
      const evalue = boundedInspect(error);
      return {
        ename: "Uncaught",
        evalue,
        traceback: [`Uncaught: ${evalue}`, "    (the thrown value is not an Error)"],
      };
    }
    const ename = nameOf(error);
    const evalue = shorten(String(error.message));
    return { ename, evalue, traceback: this.lines(error, new Set(), 0) };
  }

  private lines(error: unknown, seen: Set<unknown>, depth: number): string[] {
    if (!isErrorLike(error)) return [boundedInspect(error)];
    if (seen.has(error)) return [`${nameOf(error)} (shown above)`];
    seen.add(error);
    const message = shorten(String(error.message));
    const lines = [message === "" ? nameOf(error) : `${nameOf(error)}: ${message}`];
    lines.push(...frameLines(this.stacks.frames(error)));
    const further: [string, unknown][] = [];
    if (Array.isArray(error.errors)) {
      for (const item of (error.errors as unknown[]).slice(0, MAX_CAUSES)) further.push(["One of them: ", item]);
    }
    if (error.cause !== undefined) further.push(["Caused by: ", error.cause]);
    if (depth >= MAX_CAUSES) return lines;
    for (const [label, item] of further) {
      const [first, ...rest] = this.lines(item, seen, depth + 1);
      lines.push(label + first, ...rest);
    }
    return lines;
  }

  /** The compiler's complaints about a cell. `evalue` has one `line:column - message` a row. */
  diagnostics(diagnostics: readonly Diagnostic[], cell: Cell): ErrorReport {
    const source = cell.code.split("\n");
    const summary: string[] = [];
    const traceback = [`TypeScriptError in cell[${cell.count}]`];
    let previous = "";
    for (const { start, messageText, fileName } of diagnostics) {
      const line = Math.max(0, Math.min(start.line, fileName ? start.line : source.length - 1)) + 1;
      const at = `${fileName ? `${fileName} ` : ""}${line}:${start.character + 1}`;
      if (at === previous) {
        // TypeScript explains a complaint by further ones at the same place.
        summary.push(`  ${messageText}`);
        traceback.push(`      ${messageText}`);
        continue;
      }
      previous = at;
      summary.push(`${at} - ${messageText}`);
      traceback.push(`    ${fileName ?? `cell[${cell.count}]`}:${line}:${start.character + 1} - ${messageText}`);
      const text = source[line - 1] as string | undefined;
      if (!fileName && text !== undefined) traceback.push(...excerpt(line, start.character + 1, text));
    }
    return { ename: "TypeScriptError", evalue: summary.join("\n"), traceback };
  }
}

/** What a stopped cell reports. */
export function interruptedReport(): ErrorReport {
  const evalue = "the cell was stopped by an interrupt";
  return { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] };
}
