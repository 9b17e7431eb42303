import { readPickle } from "./pickle.js";

/** One array of a checkpoint, in row-major order whatever its order in the file. */
export interface CheckpointTensor {
  /** Length of each axis, outermost first. */
  readonly shape: readonly number[];
  /** The elements; whole numbers of 64 bits are turned into numbers. */
  readonly values: Float32Array | Float64Array;
}

/** Memory that tensors are cut from. */
interface Storage {
  readonly type: string;
  readonly key: string;
}

/** How a tensor is cut from its storage: element (i, j, …) lies at offset + i · strides[0] + j · strides[1] + … */
interface View {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The number with which such a file begins. */
const MAGIC = 119547037146038801333356n;

/**
 * Reads the state dictionary of a PyTorch model from a checkpoint in the format that PyTorch wrote until version 1.5.
 *
 * The file is a sequence: three pickles (a magic number, the protocol's version 1001, sizes of the writer's types), a
 * pickle of the state dictionary, a pickle of the storages' keys, and then each storage in the order of those keys: the
 * number of its elements in 8 bytes, and the elements. All numbers are little-endian. A tensor is a view on a storage
 * with an offset and a stride for each axis; a convolution's weights, for example, may lie with their channels
 * innermost although the shape names them first. Here every tensor is copied into row-major order.
 *
 * Source: PyTorch's `torch/serialization.py`, `_legacy_load`.
 *
 * @param bytes - The whole file.
 * @param name - What to call the file in an error.
 * @returns The tensors by name, in the order of the file.
 * @throws RangeError when the file is no such checkpoint, is cut short, or holds a type other than float32, float64 or
 *   int64.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readTorchCheckpoint } from "@nn30/shared";
 *
 * // The format of PyTorch 1.6 and later is a zip file, which this is not for.
 * const zip = Uint8Array.of(0x50, 0x4b, 3, 4);
 * assert.throws(() => readTorchCheckpoint(zip, "model.pth"), /expected model\.pth to be a PyTorch checkpoint/);
 * ```
 */
export function readTorchCheckpoint(bytes: Uint8Array, name: string): Map<string, CheckpointTensor> {
  const refuse = (what: string) => (): never => {
    throw new RangeError(`readTorchCheckpoint: expected ${name} to hold tensors only but got ${what}`);
  };
  const plain = { construct: refuse("an object"), persistent: refuse("a storage in its header") };
  if (!(bytes[0] === 0x80 && bytes[1] === 2)) throw notACheckpoint(name, "no pickle of protocol 2 at its start");
  const magic = readPickle(bytes, 0, plain);
  if (magic.value !== MAGIC) throw notACheckpoint(name, `the magic number ${String(magic.value)}`);
  const version = readPickle(bytes, magic.end, plain);
  const sizes = readPickle(bytes, version.end, plain);
  const state = readPickle(bytes, sizes.end, {
    persistent: (id) => {
      const [, type, key] = id as [string, { name: string }, string];
      return { type: type.name, key } satisfies Storage;
    },
    construct: (callee, args) => {
      if (callee !== "torch._utils._rebuild_tensor_v2") return refuse(callee)();
      const [storage, offset, shape, strides] = args as [Storage, number, number[], number[]];
      return { storage, offset, shape, strides } satisfies View;
    },
  });
  const views = state.value as Map<string, View>;
  const keys = readPickle(bytes, state.end, plain);
  const types = new Map([...views.values()].map(({ storage }) => [storage.key, storage.type]));
  const storages = readStorages(bytes, keys.end, keys.value as string[], types, name);
  return new Map([...views].map(([key, view]) => [key, copyRowMajor(view, storages.get(view.storage.key) ?? [])]));
}

function readStorages(
  bytes: Uint8Array,
  start: number,
  keys: readonly string[],
  types: ReadonlyMap<string, string>,
  name: string,
): Map<string, ArrayLike<number | bigint>> {
  const arrays = new Map<string, ArrayLike<number | bigint>>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys) {
    const type = types.get(key);
    const array = type === undefined ? undefined : arrayTypes[type];
    if (array === undefined) {
      throw new RangeError(`readTorchCheckpoint: expected ${name} to hold float32, float64 or int64 but got ${type}`);
    }
    const count = at + 8 <= bytes.length ? Number(view.getBigUint64(at, true)) : Infinity;
    const end = at + 8 + count * array.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new RangeError(`readTorchCheckpoint: ${name} is cut short within storage ${key}`);
    // Copied, because a typed array has to begin at a multiple of its elements' size.
    const content = bytes.slice(at + 8, end);
    arrays.set(key, new array(content.buffer));
    at = end;
  }
  return arrays;
}

const arrayTypes: Record<
  string,
  (new (buffer: ArrayBuffer) => ArrayLike<number | bigint>) & { BYTES_PER_ELEMENT: number }
> = {
  "torch.FloatStorage": Float32Array,
  "torch.DoubleStorage": Float64Array,
  "torch.LongStorage": BigInt64Array,
};

function copyRowMajor({ offset, shape, strides }: View, storage: ArrayLike<number | bigint>): CheckpointTensor {
  const count = shape.reduce((product, length) => product * length, 1);
  const values = storage instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    values[i] = Number(storage[from]);
    // The next element in row-major order: like an odometer, the last axis turns fastest.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return { shape, values };
}

function notACheckpoint(name: string, found: string): RangeError {
  return new RangeError(
    `readTorchCheckpoint: expected ${name} to be a PyTorch checkpoint in the format of versions before 1.6 but got ${found}`,
  );
}
