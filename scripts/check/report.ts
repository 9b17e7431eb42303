import pc from "picocolors";
import type { Problem } from "./problem.js";

/**
 * A problem as a terminal shows it: place, reason, and the line of code with a mark under what is wrong.
 *
 * @example
 * ```text
 * Week1/Day1/perceptrons_logic_gates.ipynb:cell 7:3:12 - error TS2322: Type 'string' is not assignable to type 'Bit'.
 *
 * 3   const a: Bit = "yes";
 *           ~
 * ```
 */
export function problemText(problem: Problem): string {
  const { notebook, cell, line, column, code, message } = problem;
  const source = cell.source.split("\n")[line - 1] ?? "";
  const number = String(line);
  const length = Math.max(1, Math.min(problem.length, source.length - column + 1));
  // Tabs stay tabs, so that the mark stands under the code however wide a terminal draws them.
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [
    `${pc.cyan(notebook.name)}:${pc.yellow(`cell ${cell.number}`)}:${line}:${column} - ${pc.red("error")} ${pc.dim(`${code}:`)} ${message}`,
    "",
    `${pc.inverse(number)}   ${source}`,
    `${pc.inverse(" ".repeat(number.length))}   ${indent}${pc.red("~".repeat(length))}`,
    "",
  ].join("\n");
}

/** The same for GitHub's annotations, which stand beside the file in a pull request. */
export function annotation(problem: Problem): string {
  const { notebook, cell, line, column, code, message } = problem;
  const text = `cell ${cell.number}:${line}:${column}: ${message}`;
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::error file=${notebook.name},title=${code}::${escaped}`;
}

/** The last line of a check. */
export function summary(problems: readonly Problem[], notebooks: number, cells: number, seconds: number): string {
  const checked = `${count(notebooks, "notebook")}, ${count(cells, "code cell")} in ${seconds.toFixed(1)} s`;
  if (problems.length === 0) return pc.green(`No errors in ${checked}.`);
  const places = new Set(problems.map(({ notebook }) => notebook.name)).size;
  return pc.red(`${count(problems.length, "error")} in ${count(places, "notebook")}; checked ${checked}.`);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
