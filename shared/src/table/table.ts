import { DisplayedValue, jupyterDisplay, type MimeBundle } from "../display/display.js";

/** What a table's cell may hold. */
export type Cell = string | number | boolean | null | undefined;

/** The part of a danfojs `DataFrame` that a table needs. */
export interface FrameLike {
  readonly columns: string[];
  readonly values: unknown;
  readonly index: (string | number)[];
}

/** Options of {@link table}. */
export interface TableOptions {
  /** A line above the table. Default: none. */
  caption?: string;
  /** Rows shown; of a longer table the first and the last half of them. Default: 20. */
  maxRows?: number;
  /** Digits after the point of numbers that are not whole. Default: 4. */
  digits?: number;
}

/** A table that a notebook shows as HTML, an export as Markdown and a terminal as aligned text. */
export class Table extends DisplayedValue {
  /**
   * @param columns - Heads of the columns.
   * @param rows - Cells as text, row by row; `undefined` stands for the rows left out of a long table.
   * @param numeric - Per column, whether it is aligned to the right.
   * @param caption - A line above the table.
   */
  constructor(
    readonly columns: readonly string[],
    readonly rows: readonly (readonly string[])[],
    private readonly numeric: readonly boolean[],
    readonly caption?: string,
  ) {
    super();
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/html": this.html(), "text/markdown": this.markdown(), "text/plain": this.plain() };
  }

  private html(): string {
    const cell = (tag: string) => (text: string, column: number) => {
      const right = this.numeric[column];
      // A number, a unit and a check mark stay together; browsers would break "94.66 %" and "4.4e-16".
      const whole = tag === "td" && text !== "" && (right || text.length <= 16) ? ";white-space:nowrap" : "";
      return `<${tag} style="text-align:${right ? "right" : "left"}${whole}">${escapeHtml(text)}</${tag}>`;
    };
    const row = (tag: string, cells: readonly string[]) => `<tr>${cells.map(cell(tag)).join("")}</tr>`;
    const caption = this.caption ? `<caption>${escapeHtml(this.caption)}</caption>` : "";
    const body = this.rows.map((cells) => row("td", cells)).join("\n");
    return `<table>${caption}<thead>${row("th", this.columns)}</thead>\n<tbody>${body}</tbody></table>`;
  }

  private markdown(): string {
    const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
    const rule = this.numeric.map((right) => (right ? "---:" : "---"));
    const caption = this.caption ? [`*${escapeMarkdown(this.caption)}*`, ""] : [];
    return [...caption, line(this.columns), `| ${rule.join(" | ")} |`, ...this.rows.map(line)].join("\n");
  }

  private plain(): string {
    const widths = this.columns.map((head, c) => Math.max(head.length, ...this.rows.map((cells) => cells[c].length)));
    const line = (cells: readonly string[]) =>
      cells
        .map((text, c) => (this.numeric[c] ? text.padStart(widths[c]) : text.padEnd(widths[c])))
        .join("  ")
        .trimEnd();
    return [...(this.caption ? [this.caption] : []), line(this.columns), ...this.rows.map(line)].join("\n");
  }
}

/**
 * A table out of rows or a danfojs frame, as the last value of a cell. Columns of numbers are aligned to the right, also
 * where they are written out as text ("10,000", "95.1 %").
 *
 * @param source - Rows as objects with the same keys (the column heads), or a danfojs `DataFrame`.
 * @param options - See {@link TableOptions}.
 * @returns A value that a notebook shows as a table.
 * @throws TypeError when there is no row to take the columns from.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { table } from "@nn30/shared";
 *
 * const gates = table([{ gate: "NAND", bias: 3 }, { gate: "OR", bias: -1 }]);
 * assert.deepEqual(gates.columns, ["gate", "bias"]);
 * assert.deepEqual(gates.rows[1], ["OR", "-1"]);
 * ```
 */
export function table(source: readonly Record<string, Cell>[] | FrameLike, options: TableOptions = {}): Table {
  const { caption, maxRows = 20, digits = 4 } = options;
  const { columns, values } = isFrame(source) ? fromFrame(source) : fromRows(source);
  const numeric = columns.map((_, c) => readsAsNumbers(values.map((row) => row[c])));
  // Thousands are separated in the whole of a column or not at all; years, below 10,000, are not.
  const separated = columns.map((_, c) => values.some((row) => typeof row[c] === "number" && Math.abs(row[c]) >= 1e4));
  const text = (cell: unknown, c: number) => formatCell(cell, digits, separated[c]);
  const rows = shorten(values, maxRows).map((row) => (row ? row.map(text) : columns.map(() => "…")));
  const omitted = values.length > maxRows ? `${values.length} rows, of which ${maxRows} are shown` : undefined;
  return new Table(columns, rows, numeric, [caption, omitted].filter(Boolean).join(" · ") || undefined);
}

function isFrame(source: object): source is FrameLike {
  return "columns" in source && "values" in source && "index" in source;
}

function fromFrame(frame: FrameLike): { columns: string[]; values: unknown[][] } {
  const values = frame.values as unknown[][];
  // danfojs numbers the rows by default; an index that says more than the row's number is worth a column.
  const named = frame.index.some((label, i) => String(label) !== String(i));
  if (!named) return { columns: frame.columns, values };
  return { columns: ["", ...frame.columns], values: values.map((row, i) => [frame.index[i], ...row]) };
}

function fromRows(rows: readonly Record<string, Cell>[]): { columns: string[]; values: unknown[][] } {
  if (rows.length === 0) throw new TypeError("table: expected at least one row but got none");
  const columns = Object.keys(rows[0]);
  return { columns, values: rows.map((row) => columns.map((column) => row[column])) };
}

function shorten<T>(rows: T[], maxRows: number): (T | undefined)[] {
  if (rows.length <= maxRows) return rows;
  const head = Math.ceil(maxRows / 2);
  return [...rows.slice(0, head), undefined, ...rows.slice(rows.length - (maxRows - head))];
}

/** A number already written out, such as "10,000", "−0.5", "95.1 %" or "3.8e+12". */
const WRITTEN_NUMBER = /^[-−+±]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[-+−]?\d+)?( ?%)?$/;

/** Whether a column holds numbers, as such or as text, and perhaps gaps. */
function readsAsNumbers(cells: readonly unknown[]): boolean {
  const filled = cells.filter((cell) => cell !== null && cell !== undefined && cell !== "");
  if (filled.length === 0) return cells.every((cell) => cell !== "");
  return filled.every(
    (cell) => typeof cell === "number" || (typeof cell === "string" && /\d/.test(cell) && WRITTEN_NUMBER.test(cell)),
  );
}

function formatCell(cell: unknown, digits: number, separated: boolean): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "string") return cell;
  if (typeof cell !== "number") return JSON.stringify(cell);
  if (!Number.isFinite(cell)) return String(cell);
  const size = Math.abs(cell);
  if (Number.isInteger(cell)) return separated && size < 1e21 ? withThousands(String(cell)) : String(cell);
  if (size < 10 ** -digits || size >= 1e9) return cell.toExponential(2);
  return separated ? withThousands(cell.toFixed(digits)) : cell.toFixed(digits);
}

function withThousands(text: string): string {
  const [whole, fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function escapeMarkdown(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ");
}
