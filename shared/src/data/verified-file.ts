import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A data file as it was published: where it lies in its folder, how long it is, and the hash of its content. */
export interface ExpectedFile {
  /** Path inside the folder, with forward slashes. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Where a set of files is looked for, who is asking, and what mends it. */
export interface DataSource {
  /** Name of the loader, which opens every error message. */
  readonly loader: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** The command that puts a missing or damaged file right, to be run in the project's folder. */
  readonly repair: string;
}

/**
 * The folder of an installed npm package, found as Node itself would find it from here.
 *
 * @throws Error when the package is not installed.
 */
export function packageFolder(loader: string, name: string, repair: string): string {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch (cause) {
    throw new Error(`${loader}: the npm package ${name} is not installed; run \`${repair}\``, { cause });
  }
}

/**
 * Reads a file and compares its size and hash with what was published, so that a damaged download can never
 * become a strange accuracy.
 *
 * @returns The content.
 * @throws Error that names the file, what was expected, what was found, and the command that repairs it.
 */
export function readVerified(source: DataSource, expected: ExpectedFile): Uint8Array {
  const file = join(source.folder, expected.path);
  const fail = (problem: string, cause?: unknown): never => {
    throw new Error(`${source.loader}: ${file} ${problem}; run \`${source.repair}\``, { cause });
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
  if (content.length !== expected.bytes) {
    fail(`should have ${expected.bytes} bytes but has ${content.length}`);
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (sha256 !== expected.sha256) {
    fail(`is damaged: its sha256 should be ${expected.sha256} but is ${sha256}`);
  }
  return content;
}
