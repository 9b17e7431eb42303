import { Command, InvalidArgumentError } from "commander";
import { EXIT } from "./runner/conclude.js";
import { refusal, UsageError } from "./runner/errors.js";
import { parseGateway } from "./runner/gateway.js";
import { merge } from "./runner/merge-command.js";
import { Collection } from "./runner/paths.js";
import { selectDays } from "./runner/selection.js";
import { parseShard } from "./runner/shard.js";
import { check, verify } from "./runner/verify.js";

interface Flags {
  jobs?: number;
  force: boolean;
  full: boolean;
  check: boolean;
  save: boolean;
  timeout?: number;
  notebookTimeout?: number;
  memory?: number;
  keepFree?: number;
  failFast: boolean;
  root?: string;
  verbose: boolean;
  junit?: string;
  shard?: string;
  report?: string;
  merge?: string[];
  gatewayUrl?: string;
  gatewayRoot?: string;
}

const CELL_TIMEOUT = 300;
const CELL_TIMEOUT_FULL = 900;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

function wholePositive(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("expected a whole number.");
  return value;
}

const command = new Command("verify")
  .usage("[days...] [options]")
  .description(
    "Executes the notebooks, checks every claim they make, and refreshes the progress badge and tracker.\n" +
      "A notebook whose code, helpers and inputs are those of its last successful run is not run again.",
  )
  .argument("[days...]", "days (5), ranges (1-14), lists (1,3) or notebooks; without any: all thirty")
  .option("-j, --jobs <n>", "notebooks to run at once (default: one per core, as far as memory allows)", wholePositive)
  .option("-f, --force", "run also what has not changed since it passed", false)
  .option("--full", "train every seed of every experiment, instead of one and the records of the others", false)
  .option("--save", "write the outputs into the notebooks and accept the results", false)
  .option("--check", "run nothing; fail when outputs, results, badge or tracker are out of date", false)
  .option(
    "-t, --timeout <seconds>",
    `what a cell may take (default: ${CELL_TIMEOUT}, with --full ${CELL_TIMEOUT_FULL})`,
    positive,
  )
  .option(
    "--notebook-timeout <seconds>",
    "what a notebook may take (default: 4 × its time budget, at least 600)",
    positive,
  )
  .option("--memory <GiB>", "what a notebook may take (default: as much as there is)", positive)
  .option(
    "--keep-free <GiB>",
    "end the largest notebook when less memory than this is left (default: 5 % of the machine's, at most 1)",
    positive,
  )
  .option("-x, --fail-fast", "stop at the first failure", false)
  .option("--junit <file>", "also write the outcome as JUnit's XML")
  .option("--shard <i/n>", "run the i-th of n parts of the days, for one of n machines; leaves a report")
  .option("--report <file>", "where --shard leaves its report (default: .cache/shards/i-of-n.json)")
  .option("--merge <paths...>", "run nothing; put the reports of all shards together (files, or folders of them)")
  .option("--gateway-url <url>", "run the kernels on this Jupyter Kernel Gateway or Enterprise Gateway")
  .option("--gateway-root <folder>", "where the gateway's kernels see the collection (default: the same path as here)")
  .option("--root <folder>", "collection to verify (default: this checkout)")
  .option("-v, --verbose", "plain lines, one for every cell", false)
  .showHelpAfterError("(--help lists the options)")
  .addHelpText(
    "after",
    `
Examples:
  npm run verify                       all days that have changed
  npm run verify -- 5                  day 5
  npm run verify -- 1-7 9 --jobs 1     week 1 and day 9, one after the other
  npm run verify -- 5 --force          day 5 again, though nothing has changed
  npm run verify -- 5 --save           run day 5, write its outputs and results into the checkout
  npm run verify -- --full             train every seed afresh (about an hour)
  npm run verify -- --check            are all committed files up to date?
  npm run verify -- --shard 2/4        the second of four parts; see docs/scale.md
  npm run verify -- --merge reports/   what the four have found, and the badge

Without --save, notebooks and results stay as they are: executed copies go to .cache/runs/.
A second run of the same checkout waits for the first.

Exit code: 0 all is well, 1 something failed or is out of date, 2 wrong use, 130 interrupted.`,
  );

/** @throws UsageError for options that make no sense together */
function assertCompatible(flags: Flags): void {
  const given = (names: readonly (keyof Flags)[]) => names.filter((name) => Boolean(flags[name]));
  const together = (option: string, why: string, others: readonly (keyof Flags)[]): void => {
    const wrong = given(others).map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    if (wrong.length > 0) throw new UsageError(`${option} ${why}: it cannot be combined with ${wrong.join(" or ")}`);
  };
  if (flags.check) together("--check", "runs nothing", ["save", "full", "force", "shard", "merge", "junit"]);
  if (flags.merge) {
    together("--merge", "runs nothing", ["save", "full", "force", "shard", "gatewayUrl", "jobs", "failFast"]);
    if (command.args.length > 0)
      throw new UsageError(`--merge takes its days from the reports: leave out ${command.args.join(" ")}`);
  }
  if (flags.shard) {
    const why = "runs days apart from those whose results they read, and saving has to follow them in order";
    together("--shard", why, ["save"]);
  }
  if (flags.report && !flags.shard)
    throw new UsageError("--report says where --shard leaves its report: add --shard i/n");
}

async function main(): Promise<number> {
  command.exitOverride();
  try {
    command.parse();
  } catch (error) {
    return (error as { exitCode: number }).exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const flags = command.opts<Flags>();
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // The first asks for an orderly end; workers end by themselves when we are gone. Looking at files has no end
      // that could be disorderly.
      if (interruption.signal.aborted || flags.check) process.exit(EXIT.interrupted);
      interruption.abort();
    });
  }
  try {
    assertCompatible(flags);
    const collection = new Collection(flags.root);
    const { signal } = interruption;
    const { junit } = flags;
    if (flags.merge) return await merge({ collection, paths: flags.merge, junit, signal });
    const days = selectDays(command.args, collection);
    if (flags.check) return await check({ collection, days });
    return await verify({
      ...flags,
      collection,
      days,
      cellTimeout: flags.timeout ?? (flags.full ? CELL_TIMEOUT_FULL : CELL_TIMEOUT),
      shard: flags.shard === undefined ? undefined : parseShard(flags.shard),
      gateway: parseGateway(collection, flags.gatewayUrl, flags.gatewayRoot),
      signal,
    });
  } catch (error) {
    const message = error instanceof UsageError ? error.message : refusal(error);
    if (message === undefined) throw error;
    process.stderr.write(`verify: ${message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

process.exitCode = await main();
