/** An array read from an idx file: its axis lengths and its elements in row-major order. */
export interface IdxArray {
  /** Length of each axis, outermost first. */
  readonly shape: readonly number[];
  /** The elements; a view into the bytes that were parsed, not a copy. */
  readonly data: Uint8Array;
}

/** The element types that the format defines, by their code in the third byte. */
const elementTypes: Record<number, string> = {
  0x08: "uint8",
  0x09: "int8",
  0x0b: "int16",
  0x0c: "int32",
  0x0d: "float32",
  0x0e: "float64",
};

/**
 * Parses an idx file of unsigned bytes, the format in which MNIST and its relatives are distributed.
 *
 * A file opens with two zero bytes, a code for the element type and the number of axes; then follow the length of
 * each axis as a big-endian 32-bit integer, and the elements.
 *
 * @param bytes - The whole, uncompressed file.
 * @param rank - How many axes are expected: 3 for images, 1 for labels.
 * @param name - What to call the file in an error.
 * @throws RangeError when it is not an idx file, has another element type or rank, or is shorter or longer than its
 *   header says.
 *
 * Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits", section "File formats".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseIdx } from "@nn30/shared";
 *
 * const file = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4); // one axis of length 3
 * const labels = parseIdx(file, 1, "labels");
 * assert.deepEqual(labels.shape, [3]);
 * assert.deepEqual([...labels.data], [5, 0, 4]);
 * ```
 */
export function parseIdx(bytes: Uint8Array, rank: number, name: string): IdxArray {
  const headerLength = 4 + 4 * rank;
  if (bytes.length < 4) {
    throw new RangeError(`parseIdx: ${name} has ${bytes.length} bytes, too few for an idx header`);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new RangeError(`parseIdx: ${name} is compressed with gzip; decompress it first`);
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString("hex");
    throw new RangeError(`parseIdx: ${name} is not an idx file: expected it to begin with 0000 but got ${start}`);
  }
  if (bytes[2] !== 0x08) {
    const code = bytes[2].toString(16).padStart(2, "0");
    const type = elementTypes[bytes[2]] ?? "unknown";
    throw new RangeError(`parseIdx: expected ${name} to hold uint8 (code 08) but got ${type} (code ${code})`);
  }
  if (bytes[3] !== rank) {
    throw new RangeError(`parseIdx: expected ${name} to have ${rank} axes but got ${bytes[3]}`);
  }
  if (bytes.length < headerLength) {
    throw new RangeError(`parseIdx: ${name} ends within its header (${bytes.length} of ${headerLength} bytes)`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const shape = Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, length) => product * length, 1);
  const found = bytes.length - headerLength;
  if (found !== expected) {
    const problem = found < expected ? "is truncated" : "is too long";
    throw new RangeError(
      `parseIdx: ${name} ${problem}: shape [${shape.join(", ")}] needs ${expected} bytes after the header but got ${found}`,
    );
  }
  return { shape, data: bytes.subarray(headerLength) };
}
