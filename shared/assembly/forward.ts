import { BLOCK, Layer, sumOfFour } from "./layer";

/** Weighted inputs z = w x + b of the first `examples` examples. */
export function weightedInputs(layer: Layer, examples: usize): void {
  const kernel = layer.kernel;
  const biases = layer.biases;
  const rowBytes = layer.rowBytes;
  const columns = layer.columns;
  const values = layer.values;
  for (let example: usize = 0; example < examples; example++) {
    const start: usize = load<u32>(layer.starts + (example << 2));
    const end: usize = load<u32>(layer.ends + (example << 2));
    const row = layer.activations + example * rowBytes;
    for (let block: usize = 0; block < rowBytes; block += BLOCK) {
      const w = kernel + block;
      let z0 = v128.load(biases + block);
      let z1 = v128.load(biases + block, 16);
      let z2 = v128.load(biases + block, 32);
      let z3 = v128.load(biases + block, 48);
      let i = start;
      // Four inputs at a time, because `Layer.weightedInputs` adds their products to each other before it adds them to z.
      for (; i + 3 < end; i += 4) {
        const column = columns + (i << 1);
        const value = values + (i << 3);
        const x0 = v128.load64_splat(value);
        const x1 = v128.load64_splat(value, 8);
        const x2 = v128.load64_splat(value, 16);
        const x3 = v128.load64_splat(value, 24);
        const w0 = w + <usize>load<u16>(column) * rowBytes;
        const w1 = w + <usize>load<u16>(column, 2) * rowBytes;
        const w2 = w + <usize>load<u16>(column, 4) * rowBytes;
        const w3 = w + <usize>load<u16>(column, 6) * rowBytes;
        z0 = f64x2.add(z0, sumOfFour(x0, w0, x1, w1, x2, w2, x3, w3));
        z1 = f64x2.add(z1, sumOfFour(x0, w0 + 16, x1, w1 + 16, x2, w2 + 16, x3, w3 + 16));
        z2 = f64x2.add(z2, sumOfFour(x0, w0 + 32, x1, w1 + 32, x2, w2 + 32, x3, w3 + 32));
        z3 = f64x2.add(z3, sumOfFour(x0, w0 + 48, x1, w1 + 48, x2, w2 + 48, x3, w3 + 48));
      }
      for (; i < end; i++) {
        const x = v128.load64_splat(values + (i << 3));
        const w0 = w + <usize>load<u16>(columns + (i << 1)) * rowBytes;
        z0 = f64x2.add(z0, f64x2.mul(x, v128.load(w0)));
        z1 = f64x2.add(z1, f64x2.mul(x, v128.load(w0, 16)));
        z2 = f64x2.add(z2, f64x2.mul(x, v128.load(w0, 32)));
        z3 = f64x2.add(z3, f64x2.mul(x, v128.load(w0, 48)));
      }
      v128.store(row + block, z0);
      v128.store(row + block, z1, 16);
      v128.store(row + block, z2, 32);
      v128.store(row + block, z3, 48);
    }
  }
}
