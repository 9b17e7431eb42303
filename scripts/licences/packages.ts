import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { licenceName } from "./licence-name.js";

/** A package and what it says of its licence. */
export interface LicensedPackage {
  name: string;
  version: string;
  licence: string;
  /** Asked for by us, and not only by another package. */
  direct: boolean;
  /** Installed for tests and tools only. */
  development: boolean;
}

const lockedSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      devDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** Stated in the package's LICENSE file only, which we have read. */
const READ_BY_HAND: Readonly<Record<string, string>> = { "color-convert@0.5.3": "MIT", "typed-function@2.1.0": "MIT" };

/** All npm packages of the lockfile, for all platforms, each version once. */
export function npmPackages(root: string): LicensedPackage[] {
  const lockfile = lockedSchema.parse(JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")));
  const asked = new Set(
    ["", "shared"].flatMap((key) => {
      const { dependencies, devDependencies } = lockfile.packages[key];
      return Object.keys({ ...dependencies, ...devDependencies });
    }),
  );
  const found = new Map<string, LicensedPackage>();
  for (const [key, { version, license, dev = false, link }] of Object.entries(lockfile.packages)) {
    if (!key.includes("node_modules/") || link || version === undefined) continue;
    const name = key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length);
    const stated = license ?? READ_BY_HAND[`${name}@${version}`];
    const direct = key === `node_modules/${name}` && asked.has(name);
    const before = found.get(`${name}@${version}`);
    found.set(`${name}@${version}`, {
      name,
      version,
      licence: licenceName(stated),
      direct: direct || (before?.direct ?? false),
      development: dev && (before?.development ?? true),
    });
  }
  return [...found.values()].sort(byName);
}

/** Licences of Python packages by name, as their metadata states them: pip's lists do not hold them. */
export type PythonLicences = Readonly<Record<string, string>>;

/** All Python packages of requirements.txt, for all platforms and versions of Python, each version once. */
export function pythonPackages(root: string, licences: PythonLicences): LicensedPackage[] {
  const asked = new Set(pinned(path.join(root, "requirements.in")).map(({ name }) => name));
  return pinned(path.join(root, "requirements.txt"))
    .map(({ name, version }) => ({
      name,
      version,
      licence: licenceName(licences[name]),
      direct: asked.has(name),
      development: false,
    }))
    .sort(byName);
}

/** Names and versions in a file of requirements; the version is empty where the file leaves it open. */
export function pinned(file: string): { name: string; version: string }[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^([A-Za-z0-9][\w.-]*)(?:==([^\s;\\]+))?\s*(?:[;\\].*)?$/gm)].map(
    ([, name, version = ""]) => ({ name: normal(name), version }),
  );
}

/** A Python package's name as the index writes it. */
export function normal(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

function byName(a: LicensedPackage, b: LicensedPackage): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1;
}
