import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeWholeFile } from "../data/whole-file.js";

/** The vector of a text, wherever it comes from. */
interface Encoder {
  readonly key: string;
  readonly dimensions: number;
  embed(text: string): Promise<Float32Array>;
}

const KEY_BYTES = 8;

/**
 * Vectors of texts in a file: computed once, read afterwards. A vector is found by the content of its text, and the whole
 * file belongs to one encoder: another model, pooling or length of window finds nothing in it. So the cache can be late,
 * but not wrong.
 *
 * A number takes one byte: vectors are rounded to 127 steps of their largest component and brought back to length 1, which
 * turns them by less than a degree. The file is a line of JSON, then for every text 8 bytes of its SHA-256 and its vector.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EmbeddingCache } from "@nn30/shared";
 *
 * const encoder = { key: "letters", dimensions: 2, embed: async (text: string) => Float32Array.of(0.6, text.length) };
 * const cache = new EmbeddingCache(encoder);
 * cache.fill(["ab"]).then(({ computed }) => {
 *   assert.equal(computed, 1);
 *   const [x, y] = cache.get("ab")!;
 *   assert.ok(Math.abs(x / y - 0.3) < 0.01 && Math.abs(x * x + y * y - 1) < 1e-6);
 * });
 * ```
 */
export class EmbeddingCache {
  private readonly vectors = new Map<string, Int8Array>();

  /**
   * @param encoder - Whose vectors these are.
   * @param file - Where they are kept. Default: nowhere. What it holds of another encoder is not read.
   * @throws RangeError for a file that is no such cache.
   */
  constructor(
    private readonly encoder: Encoder,
    private readonly file?: string,
  ) {
    if (file !== undefined && existsSync(file)) this.read(file);
  }

  /** How many texts have a vector. */
  get size(): number {
    return this.vectors.size;
  }

  /** The vector of a text, of length 1; undefined where it was not computed yet. */
  get(text: string): Float32Array | undefined {
    const steps = this.vectors.get(keyOf(text));
    if (!steps) return undefined;
    const length = Math.hypot(...steps);
    return Float32Array.from(steps, (step) => step / length);
  }

  /**
   * Computes what is missing, and writes the file after every hundred texts and at the end.
   *
   * @param texts - Those that need a vector.
   * @param options - `limit`: how many to compute at most; default: all. `progress`: called after every hundred.
   * @returns How many were computed, and how many are still missing.
   */
  async fill(
    texts: readonly string[],
    options: { limit?: number; progress?: (done: number, of: number) => void } = {},
  ): Promise<{ computed: number; missing: number }> {
    const missing = [...new Set(texts)].filter((text) => !this.vectors.has(keyOf(text)));
    const now = missing.slice(0, options.limit ?? missing.length);
    for (const [i, text] of now.entries()) {
      this.vectors.set(keyOf(text), toSteps(await this.encoder.embed(text)));
      if (i % 100 !== 99) continue;
      this.write();
      options.progress?.(i + 1, now.length);
    }
    if (now.length > 0) this.write();
    return { computed: now.length, missing: missing.length - now.length };
  }

  /** Forgets all texts but these, in the cache and in the file. */
  keep(texts: readonly string[]): void {
    const wanted = new Set(texts.map(keyOf));
    for (const key of this.vectors.keys()) if (!wanted.has(key)) this.vectors.delete(key);
    this.write();
  }

  private write(): void {
    if (this.file === undefined) return;
    const { key: encoder, dimensions } = this.encoder;
    const header = `${JSON.stringify({ format: 1, encoder, dimensions, count: this.size })}\n`;
    const rows = [...this.vectors].sort(([a], [b]) => (a < b ? -1 : 1)); // the same file for the same content
    writeWholeFile(
      this.file,
      Buffer.concat([
        Buffer.from(header),
        ...rows.flatMap(([key, steps]) => [Buffer.from(key, "hex"), bytesOf(steps)]),
      ]),
    );
  }

  private read(file: string): void {
    const bytes = readFileSync(file);
    const start = bytes.indexOf("\n") + 1;
    const refuse = (problem: string) =>
      new RangeError(`EmbeddingCache: ${file} ${problem}; delete it to compute it anew`);
    let header: { format?: number; encoder?: string; dimensions?: number; count?: number };
    try {
      header = JSON.parse(bytes.subarray(0, start).toString()) as typeof header;
    } catch {
      throw refuse("is no cache of vectors");
    }
    const { format, encoder, dimensions, count } = header;
    if (format !== 1 || typeof count !== "number") throw refuse("is no cache of vectors");
    if (encoder !== this.encoder.key || dimensions !== this.encoder.dimensions) return;
    const size = KEY_BYTES + dimensions;
    if (bytes.length !== start + count * size) {
      throw refuse(`should have ${start + count * size} bytes but has ${bytes.length}`);
    }
    for (let at = start; at < bytes.length; at += size) {
      const vector = Int8Array.from(bytes.subarray(at + KEY_BYTES, at + size), (byte) => (byte << 24) >> 24);
      this.vectors.set(bytes.toString("hex", at, at + KEY_BYTES), vector);
    }
  }
}

function keyOf(text: string): string {
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, 2 * KEY_BYTES);
}

function toSteps(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => Math.round((127 * value) / (largest || 1)));
}

function bytesOf(steps: Int8Array): Uint8Array {
  return new Uint8Array(steps.buffer, steps.byteOffset, steps.length);
}
