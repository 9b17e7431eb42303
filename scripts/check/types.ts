import ts from "typescript";
import type { CellModule } from "./modules.js";
import type { Cell, Notebook } from "./notebook.js";
import type { Problem } from "./problem.js";

/** Type errors of all cells, and names that no cell uses. */
export function typeProblems(program: ts.Program, modules: readonly CellModule[]): Problem[] {
  return modules.flatMap((module) => {
    const file = program.getSourceFile(module.file);
    if (file === undefined) throw new Error(`${module.notebook.name}: cell ${module.cell.number} was not compiled`);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.flatMap((diagnostic) => {
      const start = diagnostic.start ?? module.start;
      // What is said about the lines that were added says nothing about the cell.
      if (start < module.start || start > module.end) return [];
      return [problemOf(module.notebook, module.cell, diagnostic, start - module.start)];
    });
  });
}

/** Why a cell cannot be parsed. */
export function syntaxProblems(notebook: Notebook, cell: Cell): Problem[] {
  const { diagnostics = [] } = ts.transpileModule(cell.source, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  if (diagnostics.length === 0) {
    const message = "The compiler accepts this cell but the linter's parser does not: write it in another way";
    return [{ notebook, cell, line: 1, column: 1, length: 1, code: "syntax", message }];
  }
  return diagnostics.map((diagnostic) => problemOf(notebook, cell, diagnostic, diagnostic.start ?? 0));
}

function problemOf(notebook: Notebook, cell: Cell, diagnostic: ts.Diagnostic, offset: number): Problem {
  const before = cell.source.slice(0, offset).split("\n");
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  return {
    notebook,
    cell,
    line: before.length,
    column: before[before.length - 1].length + 1,
    length: Math.max(1, diagnostic.length ?? 1),
    code: `TS${diagnostic.code}`,
    message: withoutModules(message),
  };
}

/** Modules made of cells are ours alone: a reader knows cells. */
function withoutModules(message: string): string {
  return message
    .replace(/typeof import\("[^"]*\.cell(\d+)"\)/g, "cell $1")
    .replace(/import\("[^"]*\.cell(\d+)"\)\.(\w+)/g, "$2 (of cell $1)")
    .replace(/"[^"]*\.cell(\d+)"/g, "cell $1");
}
