import { createHash } from "node:crypto";
import { z } from "zod";
import { UsageError } from "./errors.js";
import { parseNotebookText } from "./notebook-file.js";

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);

/** What the course says about a notebook, under the key `nn30` of its metadata. */
const lessonSchema = z.looseObject({
  day: z.int().min(1).max(30),
  title: z.string().min(1),
  summary: z.string().min(1),
  skills: z.array(z.string()),
  data: z.array(z.string()),
  needs: z.array(z.int().min(1).max(30)),
  tags: z.array(z.string()).max(4),
  /** Seconds that a run may take, as the author states it. */
  timeBudget: z.number().positive(),
  /** Hash of the code cells whose outputs are saved; written by `--save`. */
  codeHash: z.string().optional(),
  /** Hashes of what was read of other days then, by day; written by `--save`, where a notebook needs other days. */
  reads: z.record(z.string(), z.string()).optional(),
});

const outputSchema = z.looseObject({ output_type: z.string() });

const cellSchema = z.looseObject({
  cell_type: z.enum(["code", "markdown", "raw"]),
  source: text,
  metadata: z.looseObject({ tags: z.array(z.string()).optional() }),
  outputs: z.array(outputSchema).optional(),
  execution_count: z.number().nullable().optional(),
});

const KERNEL = 'expected "tslab": choose the kernel "TypeScript (tslab)" in JupyterLab and save';

const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int(),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.literal("tslab", { error: KERNEL }) }, { error: KERNEL }),
    nn30: lessonSchema,
  }),
  cells: z.array(cellSchema).min(1, { error: "expected at least one cell but got none" }),
});

export type Notebook = z.infer<typeof notebookSchema>;
export type Cell = z.infer<typeof cellSchema>;
export type Output = z.infer<typeof outputSchema>;
export type LessonMetadata = z.infer<typeof lessonSchema>;

/**
 * Reads a notebook.
 *
 * @param json content of the file
 * @param name how messages call the file
 * @param day the day whose folder it lies in; its metadata has to agree
 * @throws UsageError which names the file and the field
 */
export function parseNotebook(json: string, name: string, day?: number): Notebook {
  const parsed = notebookSchema.safeParse(parseNotebookText(json, name));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue.path.map(String).join(".") || "notebook";
    throw new UsageError(`${name}: ${field}: ${issue.message}`);
  }
  const notebook = parsed.data;
  const { nn30 } = notebook.metadata;
  if (day !== undefined && nn30.day !== day) {
    throw new UsageError(`${name}: metadata.nn30.day: expected ${day}, as its folder says, but got ${nn30.day}`);
  }
  const broken = notebook.cells.findIndex(({ source }) => /\p{General_Category=Surrogate}/u.test(source));
  if (broken >= 0) {
    throw new UsageError(
      `${name}: cells.${broken}.source: expected Unicode but got half of a surrogate pair: remove that character`,
    );
  }
  if (nn30.needs.includes(nn30.day)) {
    throw new UsageError(`${name}: metadata.nn30.needs: day ${nn30.day} cannot need itself`);
  }
  return notebook;
}

/** A cell that a run executes. */
export interface ExecutedCell {
  /** From 1, as in the brackets beside the cell after Run All. */
  number: number;
  /** Position among all cells, from 0. */
  index: number;
  cell: Cell;
}

/** Whether Run All executes a cell and gives it a number: empty cells and those tagged `skip-execution` get none. */
export function isExecuted(cell: { cell_type: string; source: string; metadata: { tags?: string[] } }): boolean {
  return cell.cell_type === "code" && cell.source.trim() !== "" && !cell.metadata.tags?.includes("skip-execution");
}

/** The cells that a run executes: code, not blank, not tagged `skip-execution`. */
export function executedCells(notebook: Notebook): ExecutedCell[] {
  const executed: ExecutedCell[] = [];
  notebook.cells.forEach((cell, index) => {
    if (!isExecuted(cell)) return;
    executed.push({ number: executed.length + 1, index, cell });
  });
  return executed;
}

/** Sources and tags of all code cells: what decides what a run does. */
export function codeOf(notebook: Notebook): { source: string; tags: string[] }[] {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) => ({ source: cell.source, tags: cell.metadata.tags ?? [] }));
}

/** Hash of the code cells' sources. Saved beside outputs, it tells whether they are theirs. */
export function codeHash(notebook: Notebook): string {
  const sources = codeOf(notebook).map(({ source }) => source);
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex").slice(0, 32);
}
