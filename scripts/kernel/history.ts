/** What was executed in this session, for `history_request` (the console's arrow keys ask for it). */

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

const MAX_ENTRIES = 1000;
const SESSION = 0;

export type HistoryTuple = [session: number, line: number, text: string | [input: string, output: string | null]];

function matcher(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s");
}

export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
  }

  /** Keeps the text of the last execution's value. */
  setOutput(output: string): void {
    const last = this.entries.at(-1);
    if (last) last.output = output;
  }

  /** Answers a `history_request`: the kinds `tail`, `range` and `search` with glob patterns. */
  query(request: Readonly<Record<string, unknown>>): HistoryTuple[] {
    const count = typeof request.n === "number" ? request.n : undefined;
    let found: Entry[] = [];
    if (request.hist_access_type === "tail") {
      found = count === undefined ? this.entries : this.entries.slice(-count);
    } else if (request.hist_access_type === "range" && (request.session ?? SESSION) === SESSION) {
      const start = Number(request.start ?? 0);
      const stop = typeof request.stop === "number" ? request.stop : Infinity;
      found = this.entries.filter(({ line }) => line >= start && line < stop);
    } else if (request.hist_access_type === "search") {
      const pattern = matcher(typeof request.pattern === "string" ? request.pattern : "*");
      found = this.entries.filter(({ input }) => pattern.test(input));
      if (request.unique === true) found = [...new Map(found.map((entry) => [entry.input, entry])).values()];
      if (count !== undefined) found = found.slice(-count);
    }
    return found.map(({ line, input, output }) => [SESSION, line, request.output === true ? [input, output] : input]);
  }
}
