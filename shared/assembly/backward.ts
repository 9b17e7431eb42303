import { Layer } from "./layer";

/**
 * Σ_j w_jk δ_j for every input k of the first `examples` examples: what the errors of this layer's neurons say about those
 * of the layer before, where the sums are written.
 *
 * A sum runs over the neurons in order, so vectors hold two sums at a time and not two terms of one. Inputs are taken four
 * at a time; `planMemory` leaves room for that after the last.
 */
export function propagateBack(layer: Layer, examples: usize): void {
  const rowBytes = layer.rowBytes;
  const bytes = layer.outputs << 3;
  const even = bytes & ~15;
  for (let example: usize = 0; example < examples; example++) {
    const error = layer.errors + example * rowBytes;
    let result = layer.errorsBefore + example * layer.rowBytesBefore;
    let w0 = layer.kernel;
    for (let k: usize = 0; k < layer.inputs; k += 4) {
      const w1 = w0 + rowBytes;
      const w2 = w1 + rowBytes;
      const w3 = w2 + rowBytes;
      let sum01 = f64x2.splat(0);
      let sum23 = f64x2.splat(0);
      let j: usize = 0;
      for (; j < even; j += 16) {
        const a = v128.load(w0 + j);
        const b = v128.load(w1 + j);
        const c = v128.load(w2 + j);
        const d = v128.load(w3 + j);
        const first = v128.load64_splat(error + j);
        const second = v128.load64_splat(error + j, 8);
        sum01 = f64x2.add(sum01, f64x2.mul(v128.shuffle<f64>(a, b, 0, 2), first));
        sum23 = f64x2.add(sum23, f64x2.mul(v128.shuffle<f64>(c, d, 0, 2), first));
        sum01 = f64x2.add(sum01, f64x2.mul(v128.shuffle<f64>(a, b, 1, 3), second));
        sum23 = f64x2.add(sum23, f64x2.mul(v128.shuffle<f64>(c, d, 1, 3), second));
      }
      if (j < bytes) {
        const last = v128.load64_splat(error + j);
        const ab = v128.shuffle<f64>(v128.load(w0 + j), v128.load(w1 + j), 0, 2);
        const cd = v128.shuffle<f64>(v128.load(w2 + j), v128.load(w3 + j), 0, 2);
        sum01 = f64x2.add(sum01, f64x2.mul(ab, last));
        sum23 = f64x2.add(sum23, f64x2.mul(cd, last));
      }
      v128.store(result, sum01);
      v128.store(result, sum23, 16);
      result += 32;
      w0 = w3 + rowBytes;
    }
  }
}
