import type { Tensor } from "@tensorflow/tfjs-node";
import { type Kwargs, type LayerInternals, layerPrototype } from "./layer-internals.js";
import type { KernelInputs, Patches } from "./patches.js";

/** What a `tf.layers.dropout` holds. */
interface DropoutLayer extends LayerInternals {
  readonly rate: number;
  readonly noiseShape?: number[];
  readonly seed?: number;
}

/** Below it, starting TensorFlow's operations takes as long as drawing the numbers in JavaScript. */
const leastSize = 65_536;

const kernelName = "DropoutTraining";

/**
 * The layer `tf.layers.dropout` on large inputs, with the random numbers drawn by TensorFlow instead of one at a time in JavaScript.
 * They are other numbers than before, from a seed that `Math.random` gives, so `seedEverything` makes them repeatable
 * as it did. A layer with a seed or a noise shape of its own keeps the numbers that it had.
 */
export function patchDropout(patches: Patches): void {
  const { native } = patches;
  const { tf } = native;
  patches.kernel(kernelName, () => ({ inputs, attrs }) => {
    const { x } = inputs as KernelInputs;
    const { rate, seed } = attrs as unknown as { rate: number; seed: [number, number] };
    return tf.tidy(() => {
      const uniform = native.run(
        "StatelessRandomUniform",
        [native.type("dtype", "TF_FLOAT"), native.type("T", "TF_INT32"), native.type("Tseed", "TF_INT32")],
        [tf.tensor1d(x.shape, "int32"), tf.tensor1d(seed, "int32")],
      );
      const kept = native.run("GreaterEqual", [native.float32], [uniform, tf.scalar(rate)]);
      const mask = native.run("Cast", [native.type("SrcT", "TF_BOOL"), native.type("DstT", "TF_FLOAT")], [kept]);
      const scaled = native.run("Mul", [native.float32], [mask, tf.scalar(1 / (1 - rate))]);
      return [native.run("Mul", [native.float32], [x, scaled]), scaled];
    });
  });
  patches.gradient({
    kernelName,
    outputsToSave: [false, true],
    gradFunc: (dy, [scaled]) => ({ x: () => (dy as Tensor[])[0].mul(scaled) }),
  });
  patches.method(
    layerPrototype<DropoutLayer>(tf, "Dropout"),
    "call",
    (stock) =>
      function (this: DropoutLayer, inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const isCovered =
          kwargs.training === true &&
          this.rate > 0 &&
          this.rate < 1 &&
          // Absent, not zero: a seed of 0 is a seed.
          (this.noiseShape ?? null) === null &&
          (this.seed ?? null) === null &&
          x.size >= leastSize &&
          x.dtype === "float32";
        if (!isCovered) return stock.call(this, inputs, kwargs);
        return tf.tidy(() => {
          this.invokeCallHook(inputs, kwargs);
          const seed = [randomInt32(), randomInt32()];
          return tf.engine().runKernel<Tensor[]>(kernelName, { x }, { rate: this.rate, seed })[0];
        });
      },
  );
  patches.replacements.push({
    what: "tf.layers.dropout in training, from 65,536 values",
    stock: "random numbers from JavaScript",
    native: "StatelessRandomUniform",
  });
}

function randomInt32(): number {
  return Math.floor(Math.random() * 0x100000000) | 0;
}
