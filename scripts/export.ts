import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { DAYS } from "./curriculum.js";
import { type ExportReport, exportDays, exportPages, staleExports } from "./export/export.js";
import { hasNotebook } from "./export/lesson.js";
import { refusal, UsageError } from "./runner/errors.js";
import { removePartialFiles } from "./runner/leftovers.js";
import { Collection } from "./runner/paths.js";
import { selectDays } from "./runner/selection.js";

interface Options {
  format: "md" | "html";
  check?: boolean;
  root?: string;
  output?: string;
}

const program = new Command("export")
  .description("Makes blog drafts and READMEs out of saved notebooks and their results.")
  .usage("[days…] [options]")
  .argument("[days...]", "5, 1-14, 1,3 or a notebook's path; default: every day that has a notebook")
  .addOption(
    new Option("--format <format>", "md: drafts and READMEs; html: one self-contained page a day")
      .choices(["md", "html"])
      .default("md"),
  )
  .option("--output <folder>", "where pages go (html only); default: .cache/html")
  .option("--check", "write nothing; fail when a draft or README is not what its notebook gives")
  .option("--root <folder>", "the collection; default: this checkout")
  .addHelpText(
    "after",
    `
Writes, beside each notebook, blog_draft.md with its pictures in blog_draft_files/ and README.md; and the results in the
README of the collection, between <!-- results:start --> and <!-- results:end -->.

What you write survives: text above <!-- generated:start --> and below <!-- generated:end -->, and in a draft's front
matter "published", a "cover_image" on the web, and keys of your own. Title, description and tags come from the notebook.

Tags of cells: key (the snippet in the README; required once), week-chart (the chart in the READMEs), blog-skip,
hide-input, hide-output, solution (folded).

Exit codes: 0 done or up to date; 1 something is stale or could not be exported; 2 wrong usage; 130 interrupted.`,
  );

async function main(): Promise<void> {
  program.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  program.parse();
  const options = program.opts<Options>();
  const collection = new Collection(options.root);
  const days = program.args.length > 0 ? selectDays(program.args, collection) : present(collection);
  if (options.output !== undefined && options.format !== "html") {
    throw new UsageError("--output is for --format html: drafts lie beside their notebooks");
  }
  if (options.check) return check(collection, days, options.format);
  await removePartialFiles(collection);
  report(
    options.format === "md"
      ? await exportDays(collection, days)
      : await exportPages(collection, days, path.resolve(options.output ?? path.join(collection.cache, "html"))),
  );
}

function present(collection: Collection): number[] {
  return DAYS.map(({ day }) => day).filter((day) => hasNotebook(collection, day));
}

async function check(collection: Collection, days: readonly number[], format: Options["format"]): Promise<void> {
  if (format !== "md") throw new UsageError("--check is for drafts and READMEs: pages are not kept");
  const stale = await staleExports(collection, days);
  for (const { file, problem, command } of stale) console.error(`${pc.red("✗")} ${file}: ${problem}\n  ${command}`);
  if (stale.length > 0) process.exitCode = 1;
  else
    console.log(`${pc.green("✓")} exports of ${days.length} ${days.length === 1 ? "day is" : "days are"} up to date`);
}

function report({ changed, unchanged, failures }: ExportReport): void {
  for (const file of changed) console.log(`${pc.green("✓")} ${file}`);
  for (const { message } of failures) console.error(`${pc.red("✗")} ${message}`);
  console.log(pc.dim(`${changed.length} written, ${unchanged} unchanged`));
  if (failures.length > 0) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    console.error(pc.yellow("Interrupted. Every file is whole; the same command again writes what is missing."));
    process.exit(130);
  });
}
try {
  await main();
} catch (error) {
  const message = error instanceof UsageError ? error.message : refusal(error);
  if (message === undefined) throw error;
  console.error(`${pc.red("✗")} ${message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
