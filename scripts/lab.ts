import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import pc from "picocolors";
import { labServer } from "./lab/server.js";
import { refusal } from "./runner/errors.js";
import { INSTALLATION } from "./runner/paths.js";

const command = new Command("lab")
  .description("Opens JupyterLab on the collection, on this machine only, with the TypeScript kernel selected.")
  .argument("[options...]", "options of JupyterLab, for instance: --no-browser --port 8899")
  .allowUnknownOption()
  .addHelpText(
    "after",
    "\nSettings and runtime files are kept in .cache/jupyter; set JUPYTER_CONFIG_DIR to use your own settings.\n" +
      "NN30_FULL=1 trains every seed of every experiment. Ctrl-C stops JupyterLab and its kernels.",
  )
  .parse();

const { python, args, env } = labServer(INSTALLATION, command.args, process.env);
if (!existsSync(python)) {
  console.error(pc.red("JupyterLab is not installed in this folder yet: run `npm run setup`."));
  process.exit(2);
}
try {
  prepare();
} catch (error) {
  const message = refusal(error);
  if (message === undefined) throw error;
  console.error(pc.red(message));
  process.exit(1);
}
const server = execa(python, args, {
  cwd: INSTALLATION,
  env,
  extendEnv: false,
  stdio: "inherit",
  reject: false,
  cleanup: false,
});
// A terminal sends Ctrl-C to JupyterLab as well, and a second one would cut its shutting down short.
process.on("SIGINT", () => {
  if (!process.stdin.isTTY) server.kill("SIGINT");
});
process.on("SIGTERM", () => server.kill("SIGTERM"));
process.on("SIGHUP", () => server.kill("SIGTERM"));
const { exitCode } = await server;
process.exitCode = exitCode ?? 0;

/** Writes what JupyterLab needs and finds nowhere else. */
function prepare(): void {
  // JupyterLab runs a CommonJS script of its own in .venv, where the project's "type": "module" would otherwise reach.
  writeFileSync(path.join(INSTALLATION, ".venv", "package.json"), '{ "type": "commonjs" }\n');
  // JupyterLab reads its style sheet from the settings folder; a person's own folder is left alone.
  if (process.env.JUPYTER_CONFIG_DIR === undefined) {
    const styles = path.join("custom", "custom.css");
    const target = path.join(INSTALLATION, ".cache", "jupyter", "config", styles);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(path.join(INSTALLATION, "scripts", "lab", "defaults", styles), target);
  }
}
