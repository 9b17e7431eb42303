/**
 * A notebook as Jupyter's nbformat writes it, byte for byte, so that saving in JupyterLab changes nothing: keys in
 * order, indented by one, text split into lines, numbers as Python prints them, a line end at the end.
 */
export function formatNotebook(notebook: { cells: Record<string, unknown>[] }): string {
  return `${format({ ...notebook, cells: notebook.cells.map(splitCell) }, "\n")}\n`;
}

function splitCell(cell: Record<string, unknown>): Record<string, unknown> {
  const split: Record<string, unknown> = { ...cell, source: splitText(cell.source) };
  if (isRecord(cell.attachments)) {
    split.attachments = mapValues(cell.attachments, (bundle) => (isRecord(bundle) ? splitBundle(bundle) : bundle));
  }
  if (cell.cell_type === "code") split.outputs = (cell.outputs as Record<string, unknown>[]).map(splitOutput);
  return split;
}

function splitOutput(output: Record<string, unknown>): Record<string, unknown> {
  if (output.output_type === "stream") return { ...output, text: splitText(output.text) };
  return isRecord(output.data) ? { ...output, data: splitBundle(output.data) } : output;
}

function splitBundle(bundle: Record<string, unknown>): Record<string, unknown> {
  const isText = (type: string) =>
    type.startsWith("text/") || type === "application/javascript" || type === "image/svg+xml";
  return mapValues(bundle, (value, type) => (isText(type) ? splitText(value) : value));
}

/** Where Python's `str.splitlines` ends a line. */
const LINE_END = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const LINE = new RegExp(`[^${LINE_END}]*(?:\\r\\n|[${LINE_END}])|[^${LINE_END}]+$`, "g");

function splitText(value: unknown): unknown {
  return typeof value === "string" ? (value.match(LINE) ?? []) : value;
}

function format(value: unknown, newline: string): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${newline} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => format(item, inner)).join(`,${inner}`)}${newline}]`;
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return "{}";
  return `{${inner}${entries.map(([key, item]) => `${JSON.stringify(key)}: ${format(item, inner)}`).join(`,${inner}`)}${newline}}`;
}

/** Python's `repr` of the number that it reads from our JSON: it changes to exponents earlier, with two digits. */
function formatNumber(value: number): string {
  const text = JSON.stringify(value);
  const magnitude = Math.abs(value);
  if (magnitude === 0 || magnitude >= 1e-4 || !Number.isFinite(value)) return text;
  return value.toExponential().replace(/e-(\d)$/, "e-0$1");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(
  record: Record<string, unknown>,
  map: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
