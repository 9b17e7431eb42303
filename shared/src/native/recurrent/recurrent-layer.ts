import type { layers, Tensor } from "@tensorflow/tfjs-node";

/** A weight of a layer. */
interface LayerWeight {
  read(): Tensor;
}

/** The weights of a recurrent layer as tensors, in the order in which `getWeights` lists them. */
export interface RecurrentWeights {
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | null;
}

/** What the recurrent layers of TensorFlow.js have and their declarations partly hide. */
export interface RecurrentLayer extends layers.Layer {
  readonly cell: {
    readonly units: number;
    readonly dropout: number;
    readonly stateSize: number | number[];
    readonly kernel: LayerWeight;
    readonly recurrentKernel: LayerWeight;
    readonly bias: LayerWeight | null;
  };
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly states: Tensor[];
  resetStates(states?: Tensor[], training?: boolean): void;
}

/** Arguments of a layer's call beside the input. */
export interface CallOptions {
  readonly mask?: Tensor | (Tensor | null)[] | null;
  readonly training?: boolean;
  readonly initialState?: Tensor[] | null;
}

/** One kind of recurrent layer: what it is called, what it stands in for, and how it runs a sequence. */
export interface RecurrentKind {
  /** Name of the function that makes one, for messages. */
  readonly caller: string;
  /** The function of TensorFlow.js that makes its counterpart, for messages. */
  readonly counterpart: string;
  /** Any layer of the counterpart's class, which TensorFlow.js does not export. */
  readonly example: () => layers.Layer;
  /**
   * Runs the net over a sequence `[time, batch, features]` from the given states, each `[batch, units]`.
   *
   * Gives the states after each step, each `[time, batch, units]`, outputs first; the others may be left out unless
   * `everyState`.
   */
  readonly run: (
    x: Tensor,
    weights: RecurrentWeights,
    states: readonly Tensor[],
    everyState: boolean,
  ) => readonly Tensor[];
}
