// A step's stamp says for which input the step was last completed.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @typedef {object} Stamp
 * @property {string} key hash of everything the step depends on
 * @property {Record<string, unknown>} [facts] what the step wants to find again (sizes, versions)
 */

/**
 * Hash of a step's inputs. Order matters; strings are kept apart from each other.
 *
 * @param {unknown[]} inputs anything JSON can say
 * @returns {string} 64 hexadecimal digits
 */
export function inputKey(...inputs) {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}

/**
 * Text of a file, or undefined when there is none.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
export function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Writes a file whole or not at all: a sibling is written first, then renamed.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true }); // Still there on a disk that is full.
  }
}

/** The stamps of one checkout, a JSON file each. */
export class Stamps {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /**
   * @param {string} step
   * @returns {Stamp | undefined} undefined as well when the file is broken
   */
  read(step) {
    try {
      const stamp = JSON.parse(readText(join(this.folder, `${step}.json`)) ?? "null");
      return typeof stamp?.key === "string" ? stamp : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * @param {string} step
   * @param {string} key
   * @returns {boolean} whether the step was completed for exactly this input
   */
  matches(step, key) {
    return this.read(step)?.key === key;
  }

  /**
   * @param {string} step
   * @param {Stamp} stamp
   */
  write(step, stamp) {
    writeWhole(join(this.folder, `${step}.json`), `${JSON.stringify(stamp, undefined, 2)}\n`);
  }

  /** @param {string} step */
  remove(step) {
    rmSync(join(this.folder, `${step}.json`), { force: true });
  }
}
