import { Layer } from "./layer";

/** An example that has a certain input. */
@unmanaged
export class Entry {
  /** (η/m) times the value of the input. */
  x!: f64;
  /** Address of the example's errors. */
  errors!: usize;
  unused!: u32;
}

export const ENTRY_BYTES: usize = 16;

/**
 * Collects, for every input, the examples in which it is not zero. The sum of outer products δ xᵀ over a mini-batch is then
 * never formed: the weights of an input are read and written once, for all of its examples.
 */
export function gather(layer: Layer, examples: usize, rate: f64): void {
  const gathered = layer.gathered;
  const entries = layer.entries;
  const columns = layer.columns;
  const values = layer.values;
  const entryRow = layer.capacity * ENTRY_BYTES;
  for (let example: usize = 0; example < examples; example++) {
    const errors = layer.errors + example * layer.rowBytes;
    const end: usize = load<u32>(layer.ends + (example << 2));
    for (let i: usize = load<u32>(layer.starts + (example << 2)); i < end; i++) {
      const k: usize = load<u16>(columns + (i << 1));
      const counter = gathered + (k << 2);
      const before: usize = load<u32>(counter);
      store<u32>(counter, <u32>before + 1);
      const entry = changetype<Entry>(entries + k * entryRow + before * ENTRY_BYTES);
      entry.x = rate * load<f64>(values + (i << 3));
      entry.errors = errors;
    }
  }
}
