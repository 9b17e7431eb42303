import { boundedInspect } from "./bounded-inspect.js";

/** The part of danfojs's DataFrame and Series that a table needs. */
interface FrameLike {
  readonly values: readonly unknown[];
  readonly index: readonly (string | number)[];
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
}

const MAX_ROWS = 20;
const HEAD_AND_TAIL = 5;
const MAX_COLUMNS = 16;
const MAX_CELL_CHARACTERS = 60;

export function isFrame(value: unknown): value is FrameLike {
  if (typeof value !== "object" || value === null) return false;
  const name = (value.constructor as { name?: string } | undefined)?.name;
  if (name !== "DataFrame" && name !== "Series") return false;
  const candidate = value as Partial<FrameLike>;
  return (
    Array.isArray(candidate.values) &&
    Array.isArray(candidate.index) &&
    Array.isArray(candidate.columns) &&
    Array.isArray(candidate.dtypes)
  );
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const line = (typeof value === "string" ? value : boundedInspect(value)).replace(/\s+/g, " ");
  return line.length > MAX_CELL_CHARACTERS ? `${line.slice(0, MAX_CELL_CHARACTERS - 1)}…` : line;
}

/** `count` positions, or the first and last few with a gap (-1) between them. */
function selection(count: number, limit: number, ends: number): number[] {
  const all = Array.from({ length: Math.min(count, limit + 1) }, (_, index) => index);
  if (count <= limit) return all;
  const tail = Array.from({ length: ends }, (_, index) => count - ends + index);
  return [...all.slice(0, ends), -1, ...tail];
}

interface Grid {
  readonly header: string[];
  readonly rows: string[][];
  readonly numeric: boolean[];
  readonly note: string;
}

function grid(frame: FrameLike): Grid {
  const isSeries = (frame.constructor as { name?: string }).name === "Series";
  const names = isSeries ? [String(frame.columns[0] ?? "")] : frame.columns.map(String);
  const rowCount = frame.index.length;
  const columns = selection(names.length, MAX_COLUMNS, MAX_COLUMNS / 2);
  const rows = selection(rowCount, MAX_ROWS, HEAD_AND_TAIL).map((row) => {
    if (row < 0) return ["…", ...columns.map(() => "…")];
    const values = isSeries ? [frame.values[row]] : (frame.values[row] as unknown[]);
    return [String(frame.index[row]), ...columns.map((column) => (column < 0 ? "…" : show(values[column])))];
  });
  const count = rowCount.toLocaleString("en");
  return {
    header: ["", ...columns.map((column) => (column < 0 ? "…" : names[column]))],
    rows,
    numeric: [true, ...columns.map((column) => column >= 0 && /^(int|float)/.test(frame.dtypes[column] ?? ""))],
    note: isSeries ? `Series of ${count} values, ${frame.dtypes[0]}` : `${count} rows × ${names.length} columns`,
  };
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

function asText({ header, rows, numeric, note }: Grid): string {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd();
  return [line(header), ...rows.map(line), "", note].join("\n");
}

function asHtml({ header, rows, numeric, note }: Grid): string {
  const align = (column: number) => (numeric[column] ? "" : ' style="text-align: left"');
  const head = header.map((name, column) => `<th${align(column)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map(([index, ...cells]) => {
    const data = cells.map((cell, column) => `<td${align(column + 1)}>${escapeHtml(cell)}</td>`).join("");
    return `<tr><th>${escapeHtml(index)}</th>${data}</tr>`;
  });
  return (
    `<table border="1" class="dataframe">\n<thead>\n<tr>${head}</tr>\n</thead>\n` +
    `<tbody>\n${body.join("\n")}\n</tbody>\n</table>\n<p>${escapeHtml(note)}</p>`
  );
}

/** A frame or series as text and as an HTML table; long ones by their first and last rows. */
export function tableBundle(frame: FrameLike): { "text/plain": string; "text/html": string } {
  const cells = grid(frame);
  return { "text/plain": asText(cells), "text/html": asHtml(cells) };
}
