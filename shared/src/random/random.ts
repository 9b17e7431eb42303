/** Arrays whose elements can be exchanged in place. */
export interface Shuffleable {
  readonly length: number;
  [index: number]: unknown;
}

/**
 * A random number generator that gives the same numbers for the same seed, on every machine.
 *
 * The algorithm is xoshiro128** (period 2¹²⁸ − 1), its state filled from the seed by splitmix32.
 *
 * Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021). splitmix32
 * counts in steps of the golden ratio and mixes each count with a 32-bit hash of low bias from C. Wellons' search
 * "hash-prospector".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Random } from "@nn30/shared";
 *
 * const random = new Random(1);
 * const again = new Random(1);
 * assert.equal(random.normal(), again.normal());
 * assert.ok(random.integer(6) < 6);
 * assert.deepEqual([...random.permutation(4)].sort(), [0, 1, 2, 3]);
 * ```
 */
export class Random {
  readonly #origin: Int32Array;
  readonly #state: Int32Array;
  #spare: number | undefined;

  /**
   * @param seed - A whole number in 0 … 2³² − 1.
   * @throws RangeError for any other number.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`Random: expected the seed to be a whole number in 0 … 4294967295 but got ${seed}`);
    }
    this.#origin = splitmix32(seed);
    this.#state = this.#origin.slice();
  }

  /** The next 32 random bits, as a whole number in 0 … 2³² − 1. */
  bits(): number {
    const s = this.#state;
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9);
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return scrambled >>> 0;
  }

  /** A number evenly distributed over [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const fraction = ((this.bits() >>> 5) * 0x4000000 + (this.bits() >>> 6)) / 0x20000000000000;
    return low + (high - low) * fraction;
  }

  /**
   * A normally distributed number.
   *
   * Source: G. Marsaglia's polar method, SIAM Review 6 (1964): a point drawn inside the unit circle gives two numbers.
   */
  normal(mean = 0, standardDeviation = 1): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return mean + standardDeviation * value;
    }
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const stretch = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * stretch;
      return mean + standardDeviation * (x * stretch);
    }
  }

  /**
   * A whole number in 0 … n − 1, each equally likely.
   *
   * @throws RangeError unless n is a whole number in 1 … 2³².
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new RangeError(`Random.integer: expected a whole number in 1 … 4294967296 but got ${n}`);
    }
    // The highest draws are thrown away where they would make the lowest results a little more likely.
    const limit = 0x100000000 - (0x100000000 % n);
    for (;;) {
      const draw = this.bits();
      if (draw < limit) return draw % n;
    }
  }

  /** Shuffles an array in place (Fisher–Yates) and returns it. */
  shuffle<A extends Shuffleable>(array: A): A {
    const elements: Shuffleable = array;
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = elements[i];
      elements[i] = elements[j];
      elements[j] = held;
    }
    return array;
  }

  /** The numbers 0 … n − 1 in random order. */
  permutation(n: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  }

  /**
   * An independent generator for one purpose. It depends on this generator's seed and the label only, not on how many
   * numbers were drawn before: adding a draw in one place does not change the numbers of another.
   *
   * @param label - What the numbers are for, such as `"weights"`.
   */
  fork(label: string | number): Random {
    const child = new Random(hash(String(label)));
    for (let i = 0; i < 4; i++) child.#origin[i] = finalize(child.#origin[i] ^ finalize(this.#origin[i] + i));
    if (child.#origin.every((word) => word === 0)) child.#origin[0] = 1; // the one state that xoshiro cannot leave
    child.#state.set(child.#origin);
    return child;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Mixes 32 bits so that every bit of the result depends on every bit of the word. */
function finalize(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return word ^ (word >>> 15);
}

/** Four words of state from a seed: a counter in golden-ratio steps, finalized. Never all zero. */
function splitmix32(seed: number): Int32Array {
  return Int32Array.from({ length: 4 }, (_, i) => finalize((seed + Math.imul(i + 1, 0x9e3779b9)) | 0));
}

/** FNV-1a of a text's UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
