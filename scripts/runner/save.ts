import { readFileSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { addPictures } from "./figures.js";
import { readIfPresent, writeChanged } from "./files.js";
import { formatNotebook } from "./nbformat.js";
import { codeHash, parseNotebook, type Cell, type Notebook, type Output } from "./notebook.js";
import { readNotebookText } from "./notebook-file.js";
import { normaliseOutputs, replacePath, type PathReplacement } from "./outputs.js";
import { INSTALLATION, type Collection } from "./paths.js";
import { hashesOfReads } from "./reads.js";
import { parseResults, sameRecords } from "./results.js";

/** A committed notebook is a page that people load. */
const MAX_NOTEBOOK_BYTES = 1_500_000;

const KERNELSPEC = { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" };

export interface SaveRequest {
  collection: Collection;
  day: number;
  /** The notebook as it was when the run began. */
  executed: Notebook;
  /** Path of the executed copy. */
  copy: string;
  /** Path of the results that the run wrote. */
  results: string;
  full: boolean;
}

/**
 * Writes a run's outputs into the committed notebook and its results beside it, both or neither. Only files whose
 * content changes are written; saving the same run twice changes nothing.
 *
 * @returns the files that were written, relative to the root
 * @throws Error when the notebook has been edited since the run began or would become too large
 */
export async function saveRun(request: SaveRequest): Promise<string[]> {
  const { collection, day, executed } = request;
  const file = collection.notebook(day);
  const name = collection.relative(file);
  const current = parseNotebook(readNotebookText(file, name), name, day);
  const hash = codeHash(current);
  if (hash !== codeHash(executed)) {
    throw new Error("its code was edited while it ran, so the outputs are not its own: run it again");
  }
  // Results first: outputs without their results would look complete.
  const files = resultsToSave(request);
  try {
    files.push({ file, content: await notebookToSave(request, current, hash) });
  } catch (error) {
    // Hours of training are not lost when there can be no notebook of them.
    await writeChanged(...files);
    throw error;
  }
  return (await writeChanged(...files)).map((written) => collection.relative(written));
}

/** Text of the notebook with the outputs of the run. */
async function notebookToSave(
  { collection, copy: path }: SaveRequest,
  current: Notebook,
  hash: string,
): Promise<string> {
  const copy = JSON.parse(readFileSync(path, "utf8")) as {
    metadata: { language_info?: unknown };
    cells: { cell_type: string; outputs?: Output[] }[];
  };
  const fresh = copy.cells.filter((cell) => cell.cell_type === "code").map(({ outputs }) => outputs ?? []);
  const cells = mergeOutputs(current, fresh, current.metadata.nn30.codeHash === hash, machinePaths(collection));
  await addPictures(
    cells.flatMap((cell) => cell.outputs ?? []),
    collection.cache,
  );
  const { needs } = current.metadata.nn30;
  const metadata = {
    ...current.metadata,
    kernelspec: KERNELSPEC,
    language_info: copy.metadata.language_info,
    nn30: {
      ...current.metadata.nn30,
      codeHash: hash,
      reads: needs.length === 0 ? undefined : hashesOfReads(collection, current.metadata.nn30),
    },
  };
  const text = formatNotebook({ ...current, metadata, cells } as Parameters<typeof formatNotebook>[0]);
  assertSize(text, cells);
  return text;
}

/** The results of the run, unless the committed ones say the same. */
function resultsToSave({ collection, day, results, full }: SaveRequest): { file: string; content: string }[] {
  const file = collection.results(day);
  const fresh = readFileSync(results, "utf8");
  const committed = readIfPresent(file);
  if (committed !== undefined) {
    try {
      if (sameRecords(parseResults(committed), parseResults(fresh), full)) return [];
    } catch {
      // The committed file cannot be read: it is replaced.
    }
  }
  return [{ file, content: fresh.endsWith("\n") ? fresh : `${fresh}\n` }];
}

/**
 * Cells of the notebook with the outputs of the run. The outputs of a cell tagged `volatile` change from run to run:
 * those that are there stay as long as they belong to the code.
 */
function mergeOutputs(
  notebook: Notebook,
  fresh: readonly Output[][],
  outputsAreCurrent: boolean,
  paths: readonly PathReplacement[],
): Cell[] {
  let code = 0;
  let count = 0;
  return notebook.cells.map((cell): Cell => {
    const metadata = { ...cell.metadata, execution: undefined, trusted: undefined };
    if (cell.cell_type !== "code") return { ...cell, metadata };
    const outputs = fresh[code++];
    const isExecuted = cell.source.trim() !== "" && !metadata.tags?.includes("skip-execution");
    if (!isExecuted) return { ...cell, metadata, execution_count: null, outputs: [] };
    count++;
    const keep = outputsAreCurrent && metadata.tags?.includes("volatile") && (cell.outputs?.length ?? 0) > 0;
    return {
      ...cell,
      metadata,
      execution_count: count,
      outputs: normaliseOutputs(keep ? (cell.outputs ?? []) : outputs, count, paths),
    };
  });
}

function machinePaths(collection: Collection): PathReplacement[] {
  const roots = [collection.root, realpathSync(collection.root), INSTALLATION, realpathSync(INSTALLATION)];
  // In an address, blanks and letters beyond ASCII are written otherwise.
  const written = roots.flatMap((root) => [root, pathToFileURL(root).pathname]);
  const longestFirst = [...new Set(written)].sort((a, b) => b.length - a.length);
  const home = process.env.HOME ?? process.env.USERPROFILE ?? "";
  return [...longestFirst.map((root) => replacePath(root, ".")), ...(home.length > 2 ? [replacePath(home, "~")] : [])];
}

function assertSize(text: string, cells: readonly Cell[]): void {
  const size = Buffer.byteLength(text);
  if (size <= MAX_NOTEBOOK_BYTES) return;
  const largest = cells
    .filter(({ outputs }) => (outputs?.length ?? 0) > 0)
    .map(({ execution_count: count, outputs }) => ({ count, bytes: Buffer.byteLength(JSON.stringify(outputs)) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ count, bytes }) => `cell ${count} (${(bytes / 1e6).toFixed(2)} MB)`);
  throw new Error(
    `the notebook would have ${(size / 1e6).toFixed(2)} MB, more than ${MAX_NOTEBOOK_BYTES / 1e6} MB; ` +
      `its largest outputs: ${largest.join(", ")}`,
  );
}
