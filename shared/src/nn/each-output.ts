import { Backpropagation } from "./backpropagation.js";
import { BatchPass } from "./batch-pass.js";
import type { Examples } from "./examples.js";
import type { Network } from "./network.js";
import { SparseRows } from "./sparse-rows.js";

/** Rows that are made sparse at a time, to bound the memory. */
const BLOCK = 1000;
/** Examples that kernels feed forward at a time. */
const BATCH = 50;
/** For fewer examples the copy of the weights that kernels need would cost more than they save. */
const FEW = 16;

/** Feeds `count` inputs forward and calls back with the outputs of each in turn; the array is reused. */
export function forEachOutput(
  network: Network,
  examples: Pick<Examples, "inputs" | "scale">,
  count: number,
  use: (outputs: Float64Array, index: number) => void,
): void {
  const { layers, hiddenActivation, inputSize } = network;
  const rowsFrom = (first: number) =>
    SparseRows.from(examples.inputs, inputSize, examples.scale, first, Math.min(count, first + BLOCK));
  if (count < FEW) {
    const pass = new Backpropagation(layers, 1, hiddenActivation);
    const rows = rowsFrom(0);
    for (let row = 0; row < count; row++) {
      pass.forward(rows, row, 0);
      use(pass.outputs, row);
    }
    return;
  }
  const order = Uint32Array.from({ length: BLOCK }, (_, row) => row);
  BatchPass.lend(layers, hiddenActivation, { capacity: BATCH, training: false }, (pass) => {
    for (let block = 0; block < count; block += BLOCK) {
      const rows = rowsFrom(block);
      for (let first = 0; first < rows.count; first += BATCH) {
        const size = Math.min(BATCH, rows.count - first);
        pass.forward(rows, order, first, size);
        for (let i = 0; i < size; i++) use(pass.outputs(i), block + first + i);
      }
    }
  });
}
