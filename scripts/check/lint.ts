import { pathToFileURL } from "node:url";
import { ESLint, type Linter } from "eslint";
import type ts from "typescript";
import type { CellModule } from "./modules.js";
import type { Problem } from "./problem.js";

/** Rules for source files that cells break for good reasons. */
const RULES: Linter.RulesRecord = {
  // A cell's last expression is what it shows.
  "@typescript-eslint/no-unused-expressions": "off",
  // The compiler reports names that the whole notebook does not use; the linter sees one cell.
  "@typescript-eslint/no-unused-vars": "off",
  // A data frame's cells are `any` in danfojs: a boundary that lessons cross in every second line.
  "@typescript-eslint/no-unsafe-argument": "off",
  "@typescript-eslint/no-unsafe-assignment": "off",
  "@typescript-eslint/no-unsafe-call": "off",
  "@typescript-eslint/no-unsafe-member-access": "off",
  "@typescript-eslint/no-unsafe-return": "off",
};

/**
 * Lints all cells with the project's configuration.
 *
 * @param program - the cells as they were type-checked: several rules ask for types
 * @param modules - the same cells
 * @param root - the collection's root
 * @param configuration - path of the project's `eslint.config.mjs`
 */
export async function lintProblems(
  program: ts.Program,
  modules: readonly CellModule[],
  root: string,
  configuration: string,
): Promise<Problem[]> {
  const { default: project } = (await import(pathToFileURL(configuration).href)) as { default: Linter.Config[] };
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    // An entry of nothing but `ignores` names folders; which notebooks are checked has been decided already.
    overrideConfig: [...project.filter((entry) => !isIgnoreList(entry)), cells(program)],
  });
  const problems: Problem[] = [];
  for (const module of modules) {
    const [{ messages }] = await eslint.lintText(module.text, { filePath: module.file });
    problems.push(...messages.flatMap((message) => problemOf(module, message) ?? []));
  }
  return problems;
}

function isIgnoreList(entry: Linter.Config): boolean {
  return Object.keys(entry).every((key) => key === "ignores" || key === "name");
}

function cells(program: ts.Program): Linter.Config {
  return {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: false, programs: [program] } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: RULES,
  };
}

function problemOf(module: CellModule, message: Linter.LintMessage): Problem | undefined {
  const added = module.text.slice(0, module.start).split("\n").length - 1;
  const line = message.line - added;
  const lines = module.cell.source.split("\n");
  if (line < 1 || line > lines.length) return undefined;
  const { column } = message;
  const end = message.endLine === message.line && message.endColumn !== undefined ? message.endColumn : column + 1;
  const text = lines[line - 1].slice(column - 1, end - 1);
  if (message.ruleId === "prefer-const" && module.assignedLater.has(text)) return undefined;
  const { notebook, cell } = module;
  const code = message.ruleId ?? "lint";
  return { notebook, cell, line, column, length: Math.max(1, end - column), code, message: message.message };
}
