import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A data file as it was published: where it lies in its folder, how long it is, and the hash of its content. */
export interface ExpectedFile {
  /** Path inside the folder, with forward slashes. */
  readonly file: string;
  /** Size in bytes. */
  readonly size: number;
  /** SHA-256 of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Where a set of files is looked for, what they should be, and who is asking. */
export interface DataSource {
  /** Name of the loader, which opens every error message. */
  readonly loader: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** The files that are known to lie there. */
  readonly files: readonly ExpectedFile[];
}

/** The command that puts a missing or damaged file right, to be run in the project's folder. */
const REPAIR = "npm run setup -- --verify";

/**
 * The folder of an installed npm package, found as Node itself would find it from here. A package need not allow its
 * own files to be required.
 *
 * @throws Error when the package is not installed.
 */
export function packageFolder(loader: string, name: string): string {
  const folders = (require.resolve.paths(name) ?? []).map((modules) => join(modules, name));
  const found = folders.find((folder) => existsSync(join(folder, "package.json")));
  if (found !== undefined) return found;
  throw new Error(`${loader}: the npm package ${name} is not installed; run \`${REPAIR}\``);
}

/**
 * Reads a file and compares its size and hash with what was published, so that a damaged download can never
 * become a strange accuracy.
 *
 * @param path - One of the source's files.
 * @returns The content.
 * @throws RangeError when the source knows no such file.
 * @throws Error that names the file, what was expected, what was found, and the command that repairs it.
 */
export function readVerified(source: DataSource, path: string): Uint8Array {
  const expected = source.files.find(({ file }) => file === path);
  if (expected === undefined) {
    const known = source.files.map(({ file }) => file).join(", ");
    throw new RangeError(`${source.loader}: expected one of the files ${known} but got ${path}`);
  }
  const file = join(source.folder, path);
  const fail = (problem: string, cause?: unknown): never => {
    throw new Error(`${source.loader}: ${file} ${problem}; run \`${REPAIR}\``, { cause });
  };
  let content: Uint8Array;
  try {
    // A plain Uint8Array on the same bytes: a Buffer's own `slice` makes views where every other typed array copies.
    const { buffer, byteOffset, length } = readFileSync(file);
    content = new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return fail(code === "ENOENT" ? "is missing" : `cannot be read (${code ?? String(cause)})`, cause);
  }
  if (content.length !== expected.size) {
    fail(`should have ${expected.size} bytes but has ${content.length}`);
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (sha256 !== expected.sha256) {
    fail(`is damaged: its sha256 should be ${expected.sha256} but is ${sha256}`);
  }
  return content;
}
