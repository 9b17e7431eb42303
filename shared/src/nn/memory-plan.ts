import type { Layer } from "./layer.js";

/** The fields of `Layer` in shared/assembly/layer.ts, in that order; there it says what they are. */
export const LAYER_FIELDS = [
  "inputs",
  "outputs",
  "capacity",
  "rowBytes",
  "kernel",
  "biases",
  "kernelVelocity",
  "biasVelocity",
  "starts",
  "ends",
  "columns",
  "values",
  "activations",
  "errors",
  "errorsBefore",
  "rowBytesBefore",
  "gathered",
  "entries",
] as const;

/** Sizes in numbers or bytes, and addresses, which are 0 for what is not needed. */
export type LayerFields = Readonly<Record<(typeof LAYER_FIELDS)[number], number>>;

/** What there has to be room for. */
export interface MemoryNeeds {
  /** Most examples of a mini-batch. */
  readonly capacity: number;
  /** Whether weights are to be changed, and not only used. */
  readonly training: boolean;
  /** Whether they have velocities. */
  readonly momentum: boolean;
}

/** Where the layers of a network lie in the kernels' memory. */
export interface MemoryPlan {
  readonly bytes: number;
  readonly layers: readonly PlannedLayer[];
}

/** Where a layer lies: its fields, and their own address. */
export interface PlannedLayer {
  readonly address: number;
  readonly fields: LayerFields;
}

/** The kernels work on blocks of eight neurons, and on four inputs: rows, and their number, are rounded up. */
const BLOCK = 8;
const ROWS = 4;
/** The compiler folds small offsets into addresses, and relies on all addresses being larger. */
const FIRST_ADDRESS = 1024;
/** A line of the processor's cache. */
const ALIGNMENT = 64;

/** Gives every array of every layer its place. */
export function planMemory(layers: readonly Layer[], needs: MemoryNeeds): MemoryPlan {
  const { capacity, training, momentum } = needs;
  let bytes = FIRST_ADDRESS;
  const place = (size: number): number => {
    const address = bytes;
    bytes += roundUp(size, ALIGNMENT);
    return address;
  };
  const planned: PlannedLayer[] = [];
  for (const { inputs, outputs } of layers) {
    const before = planned.at(-1)?.fields;
    const rowBytes = 8 * roundUp(outputs, BLOCK);
    const inputRow = before === undefined ? inputs : before.rowBytes / 8;
    const fields: LayerFields = {
      inputs,
      outputs,
      capacity,
      rowBytes,
      kernel: place(roundUp(inputs, ROWS) * rowBytes),
      biases: place(rowBytes),
      kernelVelocity: momentum ? place(inputs * rowBytes) : 0,
      biasVelocity: momentum ? place(rowBytes) : 0,
      starts: place(capacity * 4),
      ends: place(capacity * 4),
      columns: place(capacity * inputRow * 2),
      // The activations of one layer are the inputs of the next, where they are.
      values: before?.activations ?? place(capacity * inputRow * 8),
      activations: place(capacity * rowBytes),
      errors: training ? place(capacity * rowBytes) : 0,
      errorsBefore: before?.errors ?? 0,
      rowBytesBefore: before?.rowBytes ?? 0,
      gathered: training ? place(inputs * 4) : 0,
      entries: training ? place(inputs * capacity * 16) : 0,
    };
    planned.push({ address: place(LAYER_FIELDS.length * 4), fields });
  }
  return { bytes, layers: planned };
}

function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
