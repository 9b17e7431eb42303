import path from "node:path";

import type { Cell, CellSources } from "./cells.js";

/** One frame of a trimmed stack. */
export interface Frame {
  /** As shown: `train (cell[3]:4:9)`. */
  readonly text: string;
  readonly cell?: Cell;
  readonly line?: number;
  readonly column?: number;
  /** The text of the source line, where known. */
  readonly source?: string;
}

function header(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** V8's call sites print themselves, which their types do not say. */
function shown(site: NodeJS.CallSite): string {
  return (site as { toString(): string }).toString();
}

function describe(site: NodeJS.CallSite, sources: CellSources): string | undefined {
  const url = site.getScriptNameOrSourceURL() ?? "";
  if (!sources.has(url)) return `    at ${shown(site)}`;
  const line = site.getLineNumber() ?? 0;
  const column = site.getColumnNumber() ?? 0;
  const place = sources.locate(url, line, column);
  if (!place) return undefined;
  // tslab keeps a cell's functions in an object of its own, which V8 takes for the receiver: `Proxy.train`.
  const text = shown(site).replace(/^(async )?(Proxy|Object)\./, "$1");
  return `    at ${text.replace(`${url}:${line}:${column}`, `${place.label}:${place.line}:${place.column}`)}`;
}

/**
 * Makes `error.stack` speak of the reader's TypeScript: cell frames carry the cell's number and the position in its
 * source, and the frames of the kernel under the outermost cell frame are left out.
 */
export function installStackTraces(sources: CellSources): void {
  // Calls into TensorFlow.js are often deeper than V8's default of ten frames, which would cut off the cell.
  Error.stackTraceLimit = 60;
  Error.prepareStackTrace = (error, sites) => {
    let frames = sites;
    for (let index = sites.length - 1; index >= 0; index--) {
      const url = sites[index].getScriptNameOrSourceURL();
      if (sources.has(url)) {
        frames = sites.slice(0, index + 1);
        break;
      }
    }
    const lines = frames.map((site) => describe(site, sources)).filter((line) => line !== undefined);
    return [header(error), ...lines].join("\n");
  };
}

const LOCATION = /^(?:(.*) \()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/** Parses a stack made by {@link installStackTraces} into the frames a reader can do something with. */
export class StackReader {
  constructor(
    private readonly sources: CellSources,
    private readonly root: string,
  ) {}

  /** Frames of cells, of the notebook's own files, and (shortened) of the helper package; all others are dropped. */
  frames(error: object): Frame[] {
    const { stack } = error as { stack?: unknown };
    if (typeof stack !== "string") return [];
    const frames: Frame[] = [];
    for (const line of stack.split("\n")) {
      const at = /^\s+at (.*)$/.exec(line);
      const frame = at && this.frame(at[1]);
      if (frame && frame.text !== frames.at(-1)?.text) frames.push(frame);
    }
    return frames;
  }

  private frame(text: string): Frame | undefined {
    const match = LOCATION.exec(text);
    if (!match) return undefined;
    const name = match[1] ?? "";
    const file = match[2].replace(/^async /, "");
    const script = this.sources.find(file);
    if (script) {
      const line = Number(match[3]);
      return {
        text,
        cell: script.cell,
        line,
        column: Number(match[4]),
        source: script.lines?.[line - 1],
      };
    }
    if (this.isHelper(file)) return { text: name ? `${name} (@nn30/shared)` : "@nn30/shared" };
    const relative = path.relative(process.cwd(), file.replace(/^file:\/\//, ""));
    const own = path.isAbsolute(file.replace(/^file:\/\//, "")) && !relative.startsWith("..");
    if (!own || relative.includes("node_modules")) return undefined;
    return { text: `${name ? `${name} (` : ""}${relative}:${match[3]}:${match[4]}${name ? ")" : ""}` };
  }

  private isHelper(file: string): boolean {
    return (
      file.startsWith(path.join(this.root, "shared") + path.sep) ||
      file.includes(path.join("node_modules", "@nn30", "shared") + path.sep)
    );
  }
}
