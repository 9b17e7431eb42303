// Loaded into a command of ours by NODE_OPTIONS: stops it at the moment when a file takes its place, and says so.
// HOLD_RENAME is the end of that file's path. The command goes on when it gets a signal.

import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { clearInterval, setInterval } from "node:timers";

const { rename } = promises;
let held = false;
promises.rename = async (from, to) => {
  if (!held && String(to).endsWith(process.env.HOLD_RENAME ?? "\0")) {
    held = true;
    process.stdout.write(`held before ${to}\n`);
    const alive = setInterval(() => undefined, 1000);
    await new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
    });
    clearInterval(alive);
  }
  return rename(from, to);
};
syncBuiltinESMExports();
