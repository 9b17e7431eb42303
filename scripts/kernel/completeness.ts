import type { TypeScriptModule } from "./tslab-modules.js";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Errors that lie inside an unfinished text although more lines would mend them: template literal, comment. */
const OPEN_TOKENS = new Set([1160, 1010]);
/** Errors that more lines cannot mend: string and regular expression end with their line. */
const BROKEN_TOKENS = new Set([1002, 1161]);

function indentAfter(code: string): string {
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const current = /^\s*/.exec(line)?.[0] ?? "";
  return /[{([]\s*$/.test(line) ? `${current}  ` : current;
}

/** Says whether a console should run a text or wait for more lines. */
export function completeness(typescript: TypeScriptModule, code: string): Completeness {
  const { ScriptTarget, ScriptKind } = typescript;
  const parsed = typescript.createSourceFile("cell.ts", code, ScriptTarget.Latest, false, ScriptKind.TS);
  const diagnostics = [...(parsed.parseDiagnostics ?? [])].sort((left, right) => left.start - right.start);
  if (diagnostics.length === 0) return { status: "complete" };
  const [first] = diagnostics;
  const end = code.trimEnd().length;
  const open = diagnostics.some(({ code: number }) => OPEN_TOKENS.has(number));
  if (BROKEN_TOKENS.has(first.code) || (first.start < end && !open)) return { status: "invalid" };
  // Two empty lines mean "run it as it is".
  if (/\n[ \t]*\n[ \t]*$/.test(code)) return { status: "complete" };
  return { status: "incomplete", indent: indentAfter(code) };
}
