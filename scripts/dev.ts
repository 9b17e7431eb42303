import path from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { roundMessage } from "./dev/message.js";
import { watchSolution } from "./dev/watch.js";
import { INSTALLATION } from "./runner/paths.js";

new Command("dev")
  .description(
    "Compiles the helper package and the scripts whenever a source changes, and says when a kernel has to be restarted " +
      "(Kernel › Restart Kernel in JupyterLab): a kernel keeps what it has imported. Ctrl-C ends it.",
  )
  .parse();

watchSolution(path.join(INSTALLATION, "tsconfig.json"), (round) => {
  const time = new Date().toLocaleTimeString("en-GB");
  const message = roundMessage(round);
  console.log(`${pc.dim(time)} ${round.errors.length > 0 ? message : pc.green(message)}`);
});
