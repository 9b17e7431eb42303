import path from "node:path";
import { z } from "zod";
import { isExecuted } from "../runner/notebook.js";
import { parseNotebookText, readNotebookText } from "../runner/notebook-file.js";

/** A code cell that Run All executes. */
export interface Cell {
  /** 1 for the first one: the number in brackets after Run All, and the runner's. */
  number: number;
  source: string;
}

/** The cells of a notebook in TypeScript. */
export interface Notebook {
  /** Absolute path. */
  file: string;
  /** Path as reports show it: relative to the collection's root, with forward slashes. */
  name: string;
  cells: Cell[];
}

const NO_KERNEL = 'expected a kernel: choose "TypeScript (tslab)" in JupyterLab and save';

const document = z.object({
  metadata: z.object({ kernelspec: z.object({ name: z.string() }, { error: NO_KERNEL }) }),
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]),
      metadata: z.object({ tags: z.array(z.string()).optional() }),
    }),
  ),
});

/**
 * Reads a notebook's code cells. Empty cells and cells tagged `skip-execution` are left out, because they are not
 * executed and get no number.
 *
 * @param file - absolute path of the notebook
 * @param root - the collection's root
 * @throws Error for a file that is no notebook, or one for another kernel than tslab
 */
export function readNotebook(file: string, root: string): Notebook {
  const name = path.relative(root, file).split(path.sep).join("/");
  const { metadata, cells } = parse(file, name);
  const kernel = metadata.kernelspec.name;
  if (kernel !== "tslab") {
    throw new Error(
      `${name}: expected a notebook for the kernel "tslab" but it is for "${kernel}": only TypeScript is checked`,
    );
  }
  // What a cell that is not executed declares, later cells cannot use.
  const executed = cells.filter(isExecuted);
  return { file, name, cells: executed.map(({ source }, index) => ({ number: index + 1, source })) };
}

function parse(file: string, name: string): z.infer<typeof document> {
  const parsed = document.safeParse(parseNotebookText(readNotebookText(file, name), name));
  if (parsed.success) return parsed.data;
  throw new Error(`${name} is not a notebook that can be read: ${z.prettifyError(parsed.error)}`);
}
