import type { layers, serialization, Tensor } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "../../data/lazy-tensorflow.js";
import { checkedOptions, nativeImplementation, type Options } from "./options.js";
import type { CallOptions, RecurrentKind, RecurrentLayer, RecurrentWeights } from "./recurrent-layer.js";
import { isTensorflowBackend, requireTensorflow } from "../tensorflow-backend.js";
import { runLayer } from "./run-layer.js";

type LayerConstructor = new (options: Options) => RecurrentLayer;

/** A class of layers as the register of TensorFlow.js knows it. */
interface SerializableLayer extends LayerConstructor {
  readonly className: string;
  fromConfig(cls: LayerConstructor, config: Options): RecurrentLayer;
}

const classes = new Map<RecurrentKind, LayerConstructor>();

/**
 * The class of native layers of one kind, made and registered at the first call.
 *
 * It extends the class of TensorFlow.js, from which it has its weights, states and options, and replaces what runs the
 * sequence. It also keeps that class's name, so that a saved model loads in TensorFlow.js alone, as the counterpart.
 * Where this class is registered, a saved layer that is marked as native becomes native again; any other of that name
 * stays what it was.
 */
export function recurrentClass(kind: RecurrentKind): LayerConstructor {
  const known = classes.get(kind);
  if (known !== undefined) return known;

  const Stock = kind.example().constructor as SerializableLayer;

  class NativeRecurrent extends Stock {
    static override readonly className = Stock.className;

    static override fromConfig(this: void, _cls: LayerConstructor, config: Options): RecurrentLayer {
      // On another backend a saved layer is loaded as its counterpart, which computes the same there.
      return config.implementation === nativeImplementation && isTensorflowBackend()
        ? new NativeRecurrent(config)
        : Stock.fromConfig(Stock, config);
    }

    constructor(options: Options) {
      requireTensorflow(kind.caller, kind.counterpart);
      super(checkedOptions(kind.caller, kind.counterpart, options));
    }

    override call(inputs: Tensor | Tensor[], options: CallOptions = {}): Tensor | Tensor[] {
      const tf = requireTensorflow(kind.caller, kind.counterpart);
      const weights: RecurrentWeights = {
        kernel: this.cell.kernel.read(),
        recurrentKernel: this.cell.recurrentKernel.read(),
        bias: this.cell.bias?.read() ?? null,
      };
      return tf.tidy(() => runLayer(kind, this, weights, Array.isArray(inputs) ? inputs[0] : inputs, options));
    }
  }

  const tf = lazyTensorflow();
  tf.serialization.registerClass(NativeRecurrent as unknown as serialization.SerializableConstructor<layers.Layer>);
  classes.set(kind, NativeRecurrent);
  return NativeRecurrent;
}
