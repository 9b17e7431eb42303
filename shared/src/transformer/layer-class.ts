import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { layers, serialization, SymbolicTensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../data/lazy-tensorflow.js";

/** A class of layers that a saved model can name. */
export interface LayerClass<Options, Instance extends layers.Layer> {
  new (options: Options): Instance;
  /** The name under which saved models ask for it. */
  readonly className: string;
}

/**
 * A class of layers that is made, and made known to TensorFlow.js, at the first call: a class that extends one of
 * TensorFlow.js cannot be written without loading it.
 */
export function layerClass<Options, Instance extends layers.Layer>(
  make: (tf: typeof TensorFlow) => LayerClass<Options, Instance>,
): () => LayerClass<Options, Instance> {
  let made: LayerClass<Options, Instance> | undefined;
  return () => {
    if (!made) {
      const tf = lazyTensorflow();
      made = make(tf);
      tf.serialization.registerClass(made as unknown as serialization.SerializableConstructor<layers.Layer>);
    }
    return made;
  };
}

/** A layer's one input. */
export function onlyInput<T>(inputs: T | T[]): T {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

/** A layer on one symbolic tensor. */
export function apply(layer: layers.Layer, x: SymbolicTensor): SymbolicTensor {
  return layer.apply(x) as SymbolicTensor;
}
