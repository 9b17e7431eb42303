import { readFileSync } from "node:fs";
import path from "node:path";
import { DAYS } from "../curriculum.js";
import { readIfPresent } from "../runner/files.js";
import { parseNotebook } from "../runner/notebook.js";
import { Collection } from "../runner/paths.js";
import { DATA_SOURCES, type DataSource } from "./data-sources.js";
import { needsALook } from "./licence-name.js";
import { type LicensedPackage, npmPackages, pinned, pythonPackages, type PythonLicences } from "./packages.js";
import { FETCHED, PURPOSES } from "./purposes.js";

/** Where the licences of Python packages are kept, relative to the checkout. */
export const PYTHON_LICENCES = "scripts/licences/python-licences.json";

/** THIRD_PARTY.md: a function of committed files alone, so that it is the same wherever it is made. */
export function thirdParty(root: string): string {
  const licences = JSON.parse(readFileSync(path.join(root, PYTHON_LICENCES), "utf8")) as PythonLicences;
  const npm = npmPackages(root);
  const python = pythonPackages(root, licences);
  return [
    "# What comes from others",
    "",
    "Written by `npm run licences` from the lockfiles, the packages' own metadata and the notebooks. None of it lies in this",
    "repository, which is under the [MIT licence](LICENSE): set-up fetches it, each file pinned by its hash. A warning sign (⚠)",
    "stands where a licence asks for more than a notice, or where we found none: look there before you pass a copy on. This is",
    "what is stated, and no legal advice.",
    "",
    "## Data, models, fonts",
    "",
    ...table(
      ["", "from", "licence", "carried by", "days"],
      DATA_SOURCES.map((source) => [
        `[${source.name}](${source.url})`,
        source.citation,
        licenceCell(source),
        source.carrier === undefined ? (source.via ?? "") : carrier(source.carrier),
        days(root, source),
      ]),
    ),
    "",
    "Day 4 also has 24 distances and velocities of nebulae, typed from E. Hubble's",
    "[paper of 1929](https://doi.org/10.1073/pnas.15.3.168).",
    "",
    "## npm packages",
    "",
    ...directTable(npm, "npm"),
    "",
    ...census(npm, "npm packages of all platforms, with those that these need"),
    "",
    "## Python packages",
    "",
    ...directTable(python, "python"),
    "",
    ...census(python, "Python packages of all platforms and versions of Python, with those that these need"),
    "",
    "Fetched for one purpose, and not part of that environment:",
    "",
    ...table(
      ["package", "version", "licence", "for"],
      FETCHED.map(({ name, source, licence, purpose, pins }) => [
        linked(name, source),
        versionIn(path.join(root, pins), name),
        marked(licence),
        purpose,
      ]),
    ),
    "",
  ].join("\n");
}

function licenceCell({ licence, caution }: DataSource): string {
  const stated = licence === undefined ? "⚠ none found." : `${licence}${caution === undefined ? "" : "."}`;
  return caution === undefined ? stated : `${stated} ${caution}`;
}

function carrier(name: string): string {
  return `${name} (${Object.hasOwn(PURPOSES.npm, name) ? "npm" : "PyPI"})`;
}

/** The days whose code says that it uses a source. */
function days(root: string, { usedAs }: DataSource): string {
  const collection = new Collection(root);
  const using = DAYS.filter(({ day }) => {
    const json = readIfPresent(collection.notebook(day));
    if (json === undefined) return false;
    const { cells } = parseNotebook(json, collection.relative(collection.notebook(day)), day);
    return cells.some(
      ({ cell_type: type, source }) => type === "code" && usedAs.some((text) => usesWord(source, text)),
    );
  });
  return using.map(({ day }) => day).join(", ");
}

/** Whether code says a word that is not the end of a longer one. */
function usesWord(code: string, word: string): boolean {
  return new RegExp(`(?<![\\w$.])${word.replaceAll(/[.(]/g, "\\$&")}`).test(code);
}

function directTable(packages: readonly LicensedPackage[], kind: "npm" | "python"): string[] {
  return table(
    ["package", "version", "licence", "for"],
    packages
      .filter(({ direct }) => direct)
      .map(({ name, version, licence }) => {
        if (!Object.hasOwn(PURPOSES[kind], name)) {
          throw new Error(`${name} is new: say in scripts/licences/purposes.ts what it is for`);
        }
        const { source, purpose } = PURPOSES[kind][name];
        return [linked(name, source), version, marked(licence), purpose];
      }),
  );
}

/** How many packages are under which licence, and who asks for more than a notice. */
function census(packages: readonly LicensedPackage[], what: string): string[] {
  const byLicence = new Map<string, LicensedPackage[]>();
  for (const each of packages) byLicence.set(each.licence, [...(byLicence.get(each.licence) ?? []), each]);
  const rows = [...byLicence].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return [
    `All ${packages.length} ${what}:`,
    "",
    ...table(
      ["licence", "packages", ""],
      rows.map(([licence, list]) => [marked(licence), String(list.length), needsALook(licence) ? families(list) : ""]),
    ),
  ];
}

function linked(name: string, source: string | undefined): string {
  return source === undefined ? name : `[${name}](https://github.com/${source})`;
}

/** Packages under a name of their own for each platform, as one. */
function families(packages: readonly LicensedPackage[]): string {
  const names = packages.map(({ name }) =>
    name.replace(/-(android|darwin|freebsd|linux|linuxmusl|wasm32|win32)\b.*$/, "-…"),
  );
  return [...new Set(names)].map((name) => `\`${name}\``).join(", ");
}

function marked(licence: string): string {
  return needsALook(licence) ? `⚠ ${licence}` : licence;
}

function versionIn(file: string, name: string): string {
  const found = pinned(file).find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`${name} is not pinned in ${file}: correct scripts/licences/purposes.ts`);
  return found.version;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)];
}
