import { Command, Option } from "commander";
import pc from "picocolors";
import { checkNotebooks } from "./check/check.js";
import { type Notebook, readNotebook } from "./check/notebook.js";
import { annotation, problemText, summary } from "./check/report.js";
import { selectNotebooks } from "./check/select.js";
import { errorMessage } from "./runner/errors.js";
import { Collection, INSTALLATION } from "./runner/paths.js";

const command = new Command("check")
  .description(
    "Type-checks every code cell of the notebooks under `strict` and lints it. Cells are checked as Run All executes " +
      "them: in order, in one scope, where a later cell may declare a name anew. Names that no cell uses are errors.",
  )
  .argument("[days...]", "days (5, 1-7, 1,3), their folders, or notebooks; default: all that exist")
  .option("--lint", "lint the cells too (default)")
  .option("--no-lint", "only type-check")
  .addOption(new Option("--root <folder>", "root of the collection").default(INSTALLATION, "this checkout"))
  .addHelpText(
    "after",
    "\nPlaces are notebook:cell:line:column. Cell 7 is the seventh code cell that Run All executes, the one with [7] beside\n" +
      "it then: empty cells and cells tagged skip-execution do not count.\n\n" +
      "To show an error of the compiler in a lesson, write // @ts-expect-error above the line.\n\n" +
      "Exit codes: 0 nothing found, 1 errors found, 2 could not check.",
  )
  .configureOutput({ outputError: (text, write) => write(pc.red(text)) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

command.parse();
const { lint, root } = command.opts<{ lint?: boolean; root: string }>();
try {
  const start = performance.now();
  const collection = new Collection(root);
  const notebooks: Notebook[] = [];
  const unreadable: string[] = [];
  for (const file of selectNotebooks(command.args, collection)) {
    try {
      notebooks.push(readNotebook(file, collection.root));
    } catch (error) {
      unreadable.push(errorMessage(error));
    }
  }
  const options = { root: collection.root, installation: INSTALLATION, lint: lint ?? true };
  const problems = await checkNotebooks(notebooks, options);
  for (const problem of problems) {
    console.log(problemText(problem));
    if (process.env.GITHUB_ACTIONS === "true") console.log(annotation(problem));
  }
  const cells = notebooks.reduce((sum, notebook) => sum + notebook.cells.length, 0);
  console.log(summary(problems, notebooks.length, cells, (performance.now() - start) / 1000));
  for (const message of unreadable) console.error(pc.red(message));
  process.exitCode = unreadable.length > 0 ? 2 : problems.length > 0 ? 1 : 0;
} catch (error) {
  console.error(pc.red((error as Error).message));
  process.exitCode = 2;
}
