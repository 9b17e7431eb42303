import { Command, Option } from "commander";
import pc from "picocolors";
import { createDay } from "./new/create.js";
import { Collection, INSTALLATION } from "./runner/paths.js";

const command = new Command("new")
  .description("Starts a day: a notebook with the nine parts of a lesson, which runs up to the claim to be written.")
  .argument("<day>", "1 to 30")
  .argument("[file_name]", "the day's name in scripts/curriculum.ts, to be sure")
  .addOption(new Option("--root <folder>", "root of the collection").default(INSTALLATION, "this checkout"))
  .addHelpText("after", "\nAn existing notebook is never overwritten. Exit codes: 0 written, 2 not written.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const [day, fileName] = command.args;
const collection = new Collection(command.opts<{ root: string }>().root);
try {
  const file = collection.relative(createDay(day, fileName, collection));
  console.log(`${pc.green(file)} is ready. Open it with \`npm run lab\`, verify it with \`npm run verify -- ${day}\`.`);
} catch (error) {
  console.error(pc.red((error as Error).message));
  process.exitCode = 2;
}
