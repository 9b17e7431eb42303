import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Message } from "./message.js";
import type { SourceMapChain } from "./source-maps.js";

/** One execution of a cell. */
export interface Cell {
  /** Counts executions from 1, also those that have no number in the notebook. */
  readonly id: number;
  /** The number in the notebook's margin. */
  readonly count: number;
  readonly code: string;
  /** The request that the cell's outputs answer to. */
  readonly request: Message;
  readonly silent: boolean;
}

/** A place in a reader's own source. Line and column count from 1. */
export interface SourcePlace {
  /** What a stack trace shows, such as `cell[3]` or `layers.ts`. */
  readonly label: string;
  readonly line: number;
  readonly column: number;
  readonly cell?: Cell;
}

interface Script {
  readonly label: string;
  readonly chain: SourceMapChain | undefined;
  /** Lines that the compiler's input has before the reader's first line. */
  readonly linesBefore: number;
  readonly outputLines: number;
  readonly cell?: Cell;
  readonly lines?: readonly string[];
}

/** A notebook may also import a JavaScript file, of which there is no TypeScript. */
function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

const CELL_URL = "nn30-cell-";

/** Knows the source of everything the reader wrote, and maps compiled positions back to it. */
export class CellSources {
  private readonly scripts = new Map<string, Script>();
  private readonly byLabel = new Map<string, Script>();
  private readonly moduleCells = new Map<string, Cell>();
  private readonly cells = new Map<number, Cell>();

  /** Makes a cell known before it is compiled. */
  register(cell: Cell): void {
    this.cells.set(cell.id, cell);
  }

  /** @param id may be undefined, for code that no cell has started */
  cell(id: number | undefined): Cell | undefined {
    return id === undefined ? undefined : this.cells.get(id);
  }

  /**
   * Registers a cell's compiled code and names it for stack traces.
   *
   * The code gets a line of its own first, since tslab puts it behind a function header on the same line: so columns
   * need no correction.
   */
  addCell(cell: Cell, output: string, chain: SourceMapChain | undefined): string {
    const url = `${CELL_URL}${cell.id}`;
    this.add(url, {
      label: `cell[${cell.count}]`,
      chain,
      linesBefore: 1,
      outputLines: output.split("\n").length,
      cell,
      lines: cell.code.split("\n"),
    });
    return `\n${output}\n//# sourceURL=${url}`;
  }

  /** Registers the cell that defines an in-memory module (tslab's `@module` comment). */
  addModuleCell(name: string, cell: Cell): void {
    this.moduleCells.set(path.join(process.cwd(), `${name}.js`), cell);
  }

  /** Registers a TypeScript file that a cell imports, or an in-memory module. */
  addFile(file: string, output: string, chain: SourceMapChain | undefined): void {
    const cell = this.moduleCells.get(file);
    const code = cell?.code ?? readIfThere(file.replace(/\.js$/, ".ts"));
    this.add(file, {
      label: cell ? `cell[${cell.count}]` : path.relative(process.cwd(), file).replace(/\.js$/, ".ts"),
      chain,
      linesBefore: cell ? 1 : 0,
      outputLines: output.split("\n").length,
      cell,
      lines: code?.split(/\r?\n/),
    });
  }

  private add(url: string, script: Script): void {
    this.scripts.set(url, script);
    this.byLabel.set(script.label, script);
  }

  /** True for the script name of a cell or of a file compiled for one. */
  has(url: string | null): boolean {
    return url !== null && this.scripts.has(url);
  }

  /** The reader's place for a compiled one (counted from 1); undefined for code that the kernel wrapped around it. */
  locate(url: string, line: number, column: number): SourcePlace | undefined {
    const script = this.scripts.get(url);
    if (!script) return undefined;
    const place = { line: line - 1 - (url.startsWith(CELL_URL) ? 1 : 0), column: column - 1 };
    if (place.line < 0 || place.line >= script.outputLines) return undefined;
    const original = script.chain?.original(place);
    if (!original || original.line < script.linesBefore) return undefined;
    return {
      label: script.label,
      line: original.line - script.linesBefore + 1,
      column: original.column + 1,
      cell: script.cell,
    };
  }

  /** The source of a label shown in a stack trace. */
  find(label: string): { cell?: Cell; lines?: readonly string[] } | undefined {
    return this.byLabel.get(label);
  }
}
