import { ENTRY_BYTES, Entry, gather } from "./gather";
import { BLOCK, Layer, sumOfFour } from "./layer";

/**
 * One step of gradient descent on a layer, for the first `examples` examples: w ← κ w − (η/m) Σ δ xᵀ and
 * b ← b − (η/m) Σ δ. `rate` is η/m, and `keep` is κ, the share of every weight that weight decay leaves.
 *
 * With momentum μ, those changes are added to velocities that keep the share μ from one step to the next:
 * v ← μ v − (1 − κ) w − (η/m) Σ δ xᵀ, then w ← w + v.
 *
 * The weights of an input that is zero in the whole mini-batch (a blank margin of pixels) are not touched, unless they
 * decay or still move.
 */
export function descend(layer: Layer, examples: usize, rate: f64, keep: f64, momentum: f64): void {
  gather(layer, examples, rate);
  const rowBytes = layer.rowBytes;
  const entryRow = layer.capacity * ENTRY_BYTES;
  const moving = momentum > 0;
  const touchAll = moving || keep != 1;
  for (let k: usize = 0; k < layer.inputs; k++) {
    const counter = layer.gathered + (k << 2);
    const count: usize = load<u32>(counter);
    if (count == 0 && !touchAll) continue;
    store<u32>(counter, 0);
    const first = layer.entries + k * entryRow;
    const end = first + count * ENTRY_BYTES;
    const w = layer.kernel + k * rowBytes;
    if (moving) {
      const v = layer.kernelVelocity + k * rowBytes;
      for (let block: usize = 0; block < rowBytes; block += BLOCK) {
        slowDown(v + block, w + block, momentum, 1 - keep);
        subtractGradient(v + block, 1, first, end, block);
        move(w + block, v + block);
      }
    } else {
      for (let block: usize = 0; block < rowBytes; block += BLOCK) subtractGradient(w + block, keep, first, end, block);
    }
  }
  descendBiases(layer, examples, rate, momentum);
}

/** t ← κ t − Σ x δ over the entries from `first` up to `end`, for the block of numbers at `target`. */
function subtractGradient(target: usize, keep: f64, first: usize, end: usize, block: usize): void {
  const share = f64x2.splat(keep);
  let t0 = f64x2.mul(v128.load(target), share);
  let t1 = f64x2.mul(v128.load(target, 16), share);
  let t2 = f64x2.mul(v128.load(target, 32), share);
  let t3 = f64x2.mul(v128.load(target, 48), share);
  let at = first;
  // Four, two, one: the order of additions that records are made with.
  for (; at + 3 * ENTRY_BYTES < end; at += 4 * ENTRY_BYTES) {
    const x0 = v128.load64_splat(at);
    const x1 = v128.load64_splat(at + ENTRY_BYTES);
    const x2 = v128.load64_splat(at + 2 * ENTRY_BYTES);
    const x3 = v128.load64_splat(at + 3 * ENTRY_BYTES);
    const e0 = errorsAt(at) + block;
    const e1 = errorsAt(at + ENTRY_BYTES) + block;
    const e2 = errorsAt(at + 2 * ENTRY_BYTES) + block;
    const e3 = errorsAt(at + 3 * ENTRY_BYTES) + block;
    t0 = f64x2.sub(t0, sumOfFour(x0, e0, x1, e1, x2, e2, x3, e3));
    t1 = f64x2.sub(t1, sumOfFour(x0, e0 + 16, x1, e1 + 16, x2, e2 + 16, x3, e3 + 16));
    t2 = f64x2.sub(t2, sumOfFour(x0, e0 + 32, x1, e1 + 32, x2, e2 + 32, x3, e3 + 32));
    t3 = f64x2.sub(t3, sumOfFour(x0, e0 + 48, x1, e1 + 48, x2, e2 + 48, x3, e3 + 48));
  }
  if (at + ENTRY_BYTES < end) {
    const x0 = v128.load64_splat(at);
    const x1 = v128.load64_splat(at + ENTRY_BYTES);
    const e0 = errorsAt(at) + block;
    const e1 = errorsAt(at + ENTRY_BYTES) + block;
    t0 = f64x2.sub(t0, f64x2.add(f64x2.mul(x0, v128.load(e0)), f64x2.mul(x1, v128.load(e1))));
    t1 = f64x2.sub(t1, f64x2.add(f64x2.mul(x0, v128.load(e0, 16)), f64x2.mul(x1, v128.load(e1, 16))));
    t2 = f64x2.sub(t2, f64x2.add(f64x2.mul(x0, v128.load(e0, 32)), f64x2.mul(x1, v128.load(e1, 32))));
    t3 = f64x2.sub(t3, f64x2.add(f64x2.mul(x0, v128.load(e0, 48)), f64x2.mul(x1, v128.load(e1, 48))));
    at += 2 * ENTRY_BYTES;
  }
  if (at < end) {
    const x = v128.load64_splat(at);
    const e = errorsAt(at) + block;
    t0 = f64x2.sub(t0, f64x2.mul(x, v128.load(e)));
    t1 = f64x2.sub(t1, f64x2.mul(x, v128.load(e, 16)));
    t2 = f64x2.sub(t2, f64x2.mul(x, v128.load(e, 32)));
    t3 = f64x2.sub(t3, f64x2.mul(x, v128.load(e, 48)));
  }
  v128.store(target, t0);
  v128.store(target, t1, 16);
  v128.store(target, t2, 32);
  v128.store(target, t3, 48);
}

function errorsAt(entry: usize): usize {
  return changetype<Entry>(entry).errors;
}

/** v ← μ v − (1 − κ) w for a block. */
function slowDown(v: usize, w: usize, momentum: f64, lost: f64): void {
  const share = f64x2.splat(momentum);
  const decay = f64x2.splat(lost);
  for (let i: usize = 0; i < BLOCK; i += 16) {
    v128.store(v + i, f64x2.sub(f64x2.mul(share, v128.load(v + i)), f64x2.mul(decay, v128.load(w + i))));
  }
}

/** w ← w + v for a block. */
function move(w: usize, v: usize): void {
  for (let i: usize = 0; i < BLOCK; i += 16) v128.store(w + i, f64x2.add(v128.load(w + i), v128.load(v + i)));
}

/** The same step for biases, which do not decay. */
function descendBiases(layer: Layer, examples: usize, rate: f64, momentum: f64): void {
  const rowBytes = layer.rowBytes;
  const moving = momentum > 0;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const b = layer.biases + at;
    const v = layer.biasVelocity + at;
    let t = moving ? f64x2.mul(v128.load(v), f64x2.splat(momentum)) : v128.load(b);
    for (let example: usize = 0; example < examples; example++) {
      t = f64x2.sub(t, f64x2.mul(f64x2.splat(rate), v128.load(layer.errors + example * rowBytes + at)));
    }
    if (moving) {
      v128.store(v, t);
      t = f64x2.add(v128.load(b), t);
    }
    v128.store(b, t);
  }
}
