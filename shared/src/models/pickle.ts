/** What a pickle refers to outside of itself. */
export interface PickleOutside {
  /** The function or class that a pickle names: called with the arguments that the pickle gives it. */
  readonly construct: (name: string, args: readonly unknown[]) => unknown;
  /** What stands for a persistent id. */
  readonly persistent: (id: unknown) => unknown;
}

/** Stands for a function or class until the pickle calls it. */
class Global {
  constructor(readonly name: string) {}
}

/** Marks the start of a group of values on the stack. */
const MARK = Symbol("mark");

/**
 * Reads one of Python's pickles: a small program for a machine with a stack and a memo.
 *
 * Only the instructions of protocol 2 that plain data need are obeyed: numbers, texts, tuples, lists, dictionaries, and
 * calls that `construct` allows. Nothing of the file's own choosing is run, which a pickle can ask for in Python.
 * Dictionaries become Maps, tuples and lists arrays.
 *
 * Source: Python's documentation of `pickletools`, which lists every instruction.
 *
 * @param bytes - The file.
 * @param start - Where the pickle begins.
 * @returns The value, and where the next pickle begins.
 * @throws RangeError when the file ends within the pickle or holds an instruction that is not in the list above.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readPickle } from "@nn30/shared";
 *
 * // Python: pickle.dumps((1, "a"), protocol=2)
 * const bytes = Uint8Array.from([0x80, 2, 0x4b, 1, 0x58, 1, 0, 0, 0, 0x61, 0x86, 0x71, 0, 0x2e]);
 * const refuse = () => assert.fail();
 * assert.deepEqual(readPickle(bytes, 0, { construct: refuse, persistent: refuse }), { value: [1, "a"], end: 14 });
 * ```
 */
export function readPickle(bytes: Uint8Array, start: number, outside: PickleOutside): { value: unknown; end: number } {
  const reader = new PickleReader(bytes, start, outside);
  return { value: reader.run(), end: reader.at };
}

class PickleReader {
  at: number;
  readonly #view: DataView;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(
    readonly bytes: Uint8Array,
    start: number,
    readonly outside: PickleOutside,
  ) {
    this.at = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): unknown {
    for (;;) {
      const position = this.at;
      const instruction = String.fromCharCode(this.#byte());
      if (instruction === ".") return this.#stack.pop(); // STOP
      if (!this.#obey(instruction)) {
        const code = instruction.charCodeAt(0).toString(16).padStart(2, "0");
        throw new RangeError(`readPickle: expected an instruction of plain data at byte ${position} but got 0x${code}`);
      }
    }
  }

  #obey(instruction: string): boolean {
    const stack = this.#stack;
    switch (instruction) {
      case "\x80": // PROTO
        this.at += 1;
        return true;
      case "N": // NONE
        return this.#push(undefined);
      case "\x88": // NEWTRUE
        return this.#push(true);
      case "\x89": // NEWFALSE
        return this.#push(false);
      case "K": // BININT1
        return this.#push(this.#byte());
      case "M": // BININT2
        return this.#push(this.#byte() + 256 * this.#byte());
      case "J": // BININT
        return this.#push(this.#view.getInt32(this.#skip(4), true));
      case "\x8a": // LONG1
        return this.#push(this.#long(this.#byte()));
      case "X": // BINUNICODE
        return this.#push(this.#text(this.#view.getUint32(this.#skip(4), true)));
      case "(": // MARK
        return this.#push(MARK);
      case ")": // EMPTY_TUPLE
      case "]": // EMPTY_LIST
        return this.#push([]);
      case "}": // EMPTY_DICT
        return this.#push(new Map());
      case "t": // TUPLE
        return this.#push(this.#group());
      case "\x85": // TUPLE1
        return this.#push(stack.splice(-1));
      case "\x86": // TUPLE2
        return this.#push(stack.splice(-2));
      case "\x87": // TUPLE3
        return this.#push(stack.splice(-3));
      case "e": // APPENDS
        return this.#append(this.#group());
      case "s": // SETITEM
        return this.#set(stack.splice(-2));
      case "u": // SETITEMS
        return this.#set(this.#group());
      case "q": // BINPUT
        this.#memo.set(this.#byte(), stack[stack.length - 1]);
        return true;
      case "r": // LONG_BINPUT
        this.#memo.set(this.#view.getUint32(this.#skip(4), true), stack[stack.length - 1]);
        return true;
      case "h": // BINGET
        return this.#push(this.#memo.get(this.#byte()));
      case "j": // LONG_BINGET
        return this.#push(this.#memo.get(this.#view.getUint32(this.#skip(4), true)));
      case "c": // GLOBAL
        return this.#push(new Global(`${this.#line()}.${this.#line()}`));
      case "R": // REDUCE
        return this.#call(stack.splice(-2));
      case "Q": // BINPERSID
        return this.#push(this.outside.persistent(stack.pop()));
      case "b": // BUILD: attributes of an object, such as the version numbers of a state dictionary
        stack.pop();
        return true;
      default:
        return false;
    }
  }

  #push(value: unknown): true {
    this.#stack.push(value);
    return true;
  }

  #group(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    const values = this.#stack.splice(mark).slice(1);
    return values;
  }

  #append(values: unknown[]): true {
    (this.#stack[this.#stack.length - 1] as unknown[]).push(...values);
    return true;
  }

  #set(pairs: unknown[]): true {
    const map = this.#stack[this.#stack.length - 1] as Map<unknown, unknown>;
    for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1]);
    return true;
  }

  #call([callee, args]: unknown[]): true {
    const { name } = callee as Global;
    return this.#push(
      name === "collections.OrderedDict" ? new Map() : this.outside.construct(name, args as readonly unknown[]),
    );
  }

  #skip(count: number): number {
    const from = this.at;
    this.at += count;
    if (this.at > this.bytes.length)
      throw new RangeError(`readPickle: the file ends within the pickle, at byte ${from}`);
    return from;
  }

  #byte(): number {
    return this.bytes[this.#skip(1)];
  }

  #text(length: number): string {
    const from = this.#skip(length);
    return Buffer.from(this.bytes.subarray(from, from + length)).toString("utf8");
  }

  /** A whole number of any size, lowest byte first, as a bigint. */
  #long(length: number): bigint {
    let value = 0n;
    const from = this.#skip(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) + BigInt(this.bytes[from + i]);
    return BigInt.asIntN(8 * length, value);
  }

  #line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new RangeError(`readPickle: the file ends within the pickle, at byte ${this.at}`);
    const text = this.#text(end - this.at);
    this.at += 1;
    return text;
  }
}
