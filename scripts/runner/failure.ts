import { constants } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { differences } from "./facts.js";
import { executedCells, type Notebook } from "./notebook.js";
import type { WorkerError } from "./worker.js";

/** Why a notebook did not pass, and where. */
export interface Failure {
  /** One sentence. */
  reason: string;
  /** What kind of failure, for machines: the name of the error that was thrown, or the worker's word. */
  type?: string;
  /** Number of the cell, from 1, as shown in brackets after Run All. */
  cell?: number;
  /** Position of that cell among all cells, from 0. */
  index?: number;
  /** Line within the cell, from 1. */
  line?: number;
  /** Text of that line. */
  source?: string;
  /** Further lines, such as a traceback. */
  detail?: string[];
  /** What to do. */
  fix?: string;
}

const MAX_DETAIL_LINES = 30;

/** The failure that an error event of the worker describes. */
export function describeFailure(error: WorkerError, notebook: Notebook): Failure {
  const place = locate(error, notebook);
  const type = error.ename === undefined || error.ename === "" ? error.kind : error.ename;
  return { ...place, ...explainError(error), type, detail: detailOf(error) };
}

/** The top of a traceback, or the last words of a process. */
function detailOf(error: WorkerError): string[] {
  const lines = (texts: readonly string[]) =>
    texts
      .flatMap((text) => text.split("\n"))
      .map(harmless)
      .filter((line) => line.trim() !== "");
  if (error.traceback?.length) {
    const traceback = lines(error.traceback);
    return traceback.length > MAX_DETAIL_LINES ? [...traceback.slice(0, MAX_DETAIL_LINES), "…"] : traceback;
  }
  return isHeapFull(error) ? [] : lines([error.stderr ?? ""]).slice(-MAX_DETAIL_LINES);
}

/** An error of the worker in a sentence, and what to do. */
export function explainError(error: WorkerError): Pick<Failure, "reason" | "fix"> {
  return { reason: harmless(reasonOf(error)), fix: fixOf(error) };
}

function reasonOf(error: WorkerError): string {
  const message = [error.ename, error.evalue].filter((part) => part !== undefined && part !== "").join(": ");
  switch (error.kind) {
    case "cell":
      return error.ename === "TypeScriptError"
        ? `does not compile: ${error.evalue ?? ""}`
        : message || "the cell failed";
    case "late":
      if (error.ename === "EndlessOutput") return error.evalue ?? "";
      return `a failure that no cell has reported (unhandled rejection or late exception): ${message}`;
    case "cellTimeout":
      return `the cell took longer than ${error.seconds} s (time-out)`;
    case "notebookTimeout":
      return `the notebook took longer than ${error.seconds} s (time-out)`;
    case "dead":
      return isHeapFull(error)
        ? "the kernel died: the heap of JavaScript is full"
        : `the kernel died${exitOf(error.exit)}`;
    case "memory":
      return error.scope === "notebook"
        ? `the notebook took ${gibibytes(error.bytes)} of memory, more than the ${gibibytes(error.limit)} that --memory allows`
        : `memory ran short: ${gibibytes(error.left)} were left when the notebook took ${gibibytes(error.bytes)}`;
    case "output":
      return `the ${error.scope} printed more than ${formatBytes(error.limit ?? 0)} (output limit)`;
    case "copy":
      return `its executed copy could not be written: ${message}`;
    case "drain":
      return `the kernel still had work pending ${error.seconds} s after the last cell`;
    case "interrupted":
      return "interrupted";
    case "remote":
      return `the gateway's kernel is not set up as this machine is: ${differingFacts(error)}`;
    case "start":
      return `the kernel did not start: ${message}`;
    default:
      return message || `the notebook could not be executed (${error.kind})`;
  }
}

function differingFacts({ here, there }: WorkerError): string {
  const found = here && there ? differences(here, there) : [];
  return found.length > 0 ? `they differ in ${found.join(", ")}` : "its answer cannot be read";
}

function exitOf(status: number | null | undefined): string {
  if (status === undefined || status === null) return "";
  if (status === -9) return ": killed (SIGKILL); was there enough memory?";
  if (status >= 0) return `: exit code ${status}`;
  const signal = Object.entries(constants.signals).find(([, number]) => number === -status);
  return `: ended by ${signal?.[0] ?? `signal ${-status}`}`;
}

function fixOf(error: WorkerError): string | undefined {
  if (/ENOSPC|No space left on device/.test([error.evalue, error.stderr].join("\n"))) {
    return "the disk is full: make room, then run the same command again";
  }
  if (error.kind === "killed") return "if memory is short, run fewer notebooks at once: --jobs 1";
  if (error.kind === "cellTimeout") return "allow more with --timeout <seconds>";
  if (error.kind === "remote") return "set up the same commit there; docs/scale.md says what a remote kernel needs";
  if (error.kind === "notebookTimeout") return "allow more with --notebook-timeout <seconds>";
  if (error.kind === "start") return "register the kernel anew with: npm run setup";
  if (isInstallation(error)) return "repair TensorFlow with: npm run setup -- --verify";
  if (error.kind === "dead" && isHeapFull(error)) {
    return "keep numbers in typed arrays or tensors, which lie outside the heap, or allow more with NODE_OPTIONS=--max-old-space-size=<MiB>";
  }
  if (error.kind === "memory") {
    return error.scope === "notebook"
      ? "dispose of tensors (tf.tidy) and let go of large arrays, or allow more with --memory <GiB>"
      : "run fewer notebooks at once (--jobs 1), close other programs, or let the notebook take less (tf.tidy)";
  }
  return undefined;
}

/** Whether a failure is that of TensorFlow's own files: they do not load, or their machine code crashed. */
function isInstallation({ kind, evalue = "", exit }: WorkerError): boolean {
  const { SIGBUS, SIGILL, SIGSEGV } = constants.signals;
  return kind === "dead"
    ? [SIGBUS, SIGILL, SIGSEGV].some((signal) => exit === -signal)
    : /tfjs_binding\.node|libtensorflow/.test(evalue);
}

/** Text that a terminal shows and does not obey, whatever a notebook has put into it. */
function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\n\t])\p{Control}/gu, "");
}

/** V8 says so before it aborts; a stack of its own machine code follows. */
function isHeapFull({ stderr = "" }: WorkerError): boolean {
  return stderr.includes("JavaScript heap out of memory");
}

/** The kernel writes places as `cell[3]:4:9`. Without one, the failing cell's first line stands for it. */
function locate(error: WorkerError, notebook: Notebook): Pick<Failure, "cell" | "index" | "line" | "source"> {
  const places = [...(error.traceback ?? []).join("\n").matchAll(/cell\[(\d+)\]:(\d+):\d+/g)].map((match) => ({
    cell: Number(match[1]),
    line: Number(match[2]),
  }));
  const cells = executedCells(notebook);
  const found = places.find(({ cell }) => cell === error.cell) ?? (error.cell ? undefined : places[0]);
  const executed = cells.find(({ number }) => number === (found?.cell ?? error.cell));
  if (executed === undefined) return {};
  const lines = executed.cell.source.split("\n");
  const line = found?.line ?? lines.findIndex((text) => text.trim() !== "") + 1;
  return { cell: executed.number, index: executed.index, line, source: harmless(lines[line - 1] ?? "") };
}

/** Memory for people: `3.8 GiB`. */
function gibibytes(bytes = 0): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Bytes for people: `20 MB`. */
function formatBytes(bytes: number): string {
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}
