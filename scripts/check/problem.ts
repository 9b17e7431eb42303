import type { Cell, Notebook } from "./notebook.js";

/** Something wrong at one place of a cell. */
export interface Problem {
  notebook: Notebook;
  cell: Cell;
  /** 1-based, within the cell. */
  line: number;
  /** 1-based, in UTF-16 code units, as editors count. */
  column: number;
  /** Characters that are marked; at least one. */
  length: number;
  /** `TS2322`, or the name of a lint rule. */
  code: string;
  message: string;
}

/** Order of reading: notebooks by name, then from the top. */
export function inReadingOrder(a: Problem, b: Problem): number {
  return (
    a.notebook.name.localeCompare(b.notebook.name, "en", { numeric: true }) ||
    a.cell.number - b.cell.number ||
    a.line - b.line ||
    a.column - b.column
  );
}
