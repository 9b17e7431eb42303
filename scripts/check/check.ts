import path from "node:path";
import { lintProblems } from "./lint.js";
import { kernelFaults } from "./kernel-faults.js";
import { modulesOf } from "./modules.js";
import type { Notebook } from "./notebook.js";
import { type Problem, inReadingOrder } from "./problem.js";
import { programOf } from "./program.js";
import { syntaxProblems, typeProblems } from "./types.js";

/** Where things lie, and what to do. */
export interface CheckOptions {
  /** Root of the collection that holds the notebooks. */
  root: string;
  /** Folder with the project's `tsconfig.base.json`, `eslint.config.mjs` and `node_modules`. */
  installation: string;
  lint: boolean;
}

/**
 * Type-checks the code cells of notebooks under the project's own strictness, and lints them.
 *
 * @returns what is wrong, in order of reading
 */
export async function checkNotebooks(notebooks: readonly Notebook[], options: CheckOptions): Promise<Problem[]> {
  const { root, installation, lint } = options;
  const parsed = notebooks.map((notebook) => ({ notebook, ...modulesOf(notebook) }));
  const problems = parsed.flatMap(({ notebook, unparsed }) =>
    unparsed.flatMap((cell) => syntaxProblems(notebook, cell)),
  );
  const modules = parsed.flatMap((each) => each.modules);
  if (modules.length > 0) {
    const program = programOf(modules, path.join(installation, "tsconfig.base.json"));
    problems.push(...typeProblems(program, modules), ...kernelFaults(program, modules));
    if (lint)
      problems.push(...(await lintProblems(program, modules, root, path.join(installation, "eslint.config.mjs"))));
  }
  return problems.sort(inReadingOrder);
}
