import type * as TensorFlow from "@tensorflow/tfjs-node";
import type { Tensor } from "@tensorflow/tfjs-node";

/** Named arguments of a layer's call. */
export type Kwargs = Record<string, unknown>;

/** What every layer of tfjs-layers has, beyond what its public type tells. */
export interface LayerInternals {
  call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor;
  invokeCallHook(inputs: Tensor | Tensor[], kwargs: Kwargs): void;
}

/**
 * The prototype of a layer class of tfjs-layers, which exports only functions that make layers. Making one for it would
 * use up a name: the reader's first convolution would be the second.
 */
export function layerPrototype<L extends LayerInternals>(tf: typeof TensorFlow, className: string): L {
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  return (classes[className][0] as unknown as { prototype: L }).prototype;
}
