import { readFileSync } from "node:fs";
import path from "node:path";
import { installedLicences } from "./licences/installed.js";
import { pinned, type PythonLicences } from "./licences/packages.js";
import { PYTHON_LICENCES, thirdParty } from "./licences/page.js";
import { writeIfChanged } from "./runner/files.js";
import { INSTALLATION } from "./runner/paths.js";

/** `npm run licences`: reads what the installed packages say of their licences, and writes THIRD_PARTY.md. */
async function main(): Promise<void> {
  const file = path.join(INSTALLATION, PYTHON_LICENCES);
  const before = JSON.parse(readFileSync(file, "utf8")) as PythonLicences;
  const known = { ...before, ...installedLicences() };
  const wanted = new Set(pinned(path.join(INSTALLATION, "requirements.txt")).map(({ name }) => name));
  const missing = [...wanted].filter((name) => known[name] === undefined);
  if (missing.length > 0) {
    // They are for another platform or Python.
    console.error(
      `licences: not installed here: ${missing.join(", ")}; add their licences to ${PYTHON_LICENCES} by hand`,
    );
    process.exitCode = 1;
    return;
  }
  const kept = Object.fromEntries([...wanted].sort().map((name) => [name, known[name]]));
  await writeIfChanged(file, `${JSON.stringify(kept, undefined, 2)}\n`);
  await writeIfChanged(path.join(INSTALLATION, "THIRD_PARTY.md"), thirdParty(INSTALLATION));
}

await main();
