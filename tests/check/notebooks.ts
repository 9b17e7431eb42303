import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cell, type Notebook, readNotebook } from "../../scripts/check/notebook.js";

/** The checkout, whose packages and configuration the tests use. */
export const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** A cell of a notebook file. */
export type RawCell = Record<string, unknown>;

export function codeCell(source: string, metadata: object = {}): RawCell {
  return { cell_type: "code", execution_count: null, id: "c", metadata, outputs: [], source };
}

/** A folder for a collection inside the checkout, so that imports resolve as they do for the real days. */
export class TemporaryCollection {
  readonly root: string;

  constructor() {
    const parent = path.join(CHECKOUT, ".cache", "tests");
    mkdirSync(parent, { recursive: true });
    this.root = mkdtempSync(path.join(parent, "check-"));
  }

  write(name: string, cells: readonly RawCell[], kernel = "tslab"): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const metadata = { kernelspec: { name: kernel, display_name: kernel, language: "typescript" } };
    writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    return file;
  }

  notebook(name: string, ...sources: string[]): Notebook {
    return readNotebook(
      this.write(
        name,
        sources.map((source) => codeCell(source)),
      ),
      this.root,
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A notebook that only exists in memory. */
export function inMemory(root: string, name: string, sources: readonly string[]): Notebook {
  const cells: Cell[] = sources.map((source, index) => ({ number: index + 1, source }));
  return { file: path.join(root, name), name, cells };
}
