import type { Optimizer, Tensor, Variable } from "@tensorflow/tfjs-node";
import type { NativeBackend } from "../tensorflow-backend.js";
import { ResourceVariable } from "./resource-variable.js";

/** tfjs's record of one accumulator of one variable. */
export interface OptimizerVariable {
  originalName: string;
  variable: Variable;
}

/** Gradients as `minimize` hands them over. */
export type Gradients = { name: string; tensor: Tensor | null }[] | Record<string, Tensor | null>;

/** An optimizer's state, as tfjs saves it. */
export type OptimizerWeights = Awaited<ReturnType<Optimizer["getWeights"]>>;

/** One kind of accumulator, such as Adam's first moments. */
export interface Accumulators {
  /** What tfjs puts behind a variable's name for it. */
  readonly suffix: string;
  /** tfjs's own list, in the order of the variables; entries that are present are first values. */
  readonly list: OptimizerVariable[];
}

/** One trained variable: its twin in TensorFlow and the accumulators that belong to it. */
interface Trained {
  readonly value: ResourceVariable;
  readonly accumulators: readonly ResourceVariable[];
  /** The data that the variable had after the last step: other data mean that somebody has assigned to it since. */
  data: object;
}

/**
 * The variables that an optimizer trains and their accumulators, as TensorFlow's resource variables, which one operation
 * changes in place.
 *
 * The weights of a model stay ordinary `tf.Variable`s: after each step they share the memory of their twins.
 */
export class OptimizerSlots {
  readonly #native: NativeBackend;
  readonly #kinds: () => readonly Accumulators[];
  readonly #trained = new Map<string, Trained>();

  /** @param kinds - tfjs's lists as they are now, in the order in which the operation takes the accumulators. */
  constructor(native: NativeBackend, kinds: () => readonly Accumulators[]) {
    this.#native = native;
    this.#kinds = kinds;
  }

  /**
   * Takes a step for each variable that has a gradient.
   *
   * @param apply - Runs the operation on the handles of the variable and of its accumulators, and the gradient.
   */
  step(gradients: Gradients, apply: (handles: Tensor[], gradient: Tensor) => void): void {
    const { tf } = this.#native;
    const variables = tf.engine().registeredVariables as Record<string, Variable>;
    const entries: [string, Tensor | null][] = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients);
    tf.tidy(() => {
      for (const [name, gradient] of entries) {
        const variable = variables[name];
        const trained = this.#trained.get(name) ?? this.#add(variable);
        if (!gradient) continue;
        if (trained.data !== variable.dataId) trained.value.assign(variable);
        apply([trained.value.handle, ...trained.accumulators.map(({ handle }) => handle)], gradient);
        variable.assign(trained.value.read());
        trained.data = variable.dataId;
      }
    });
  }

  /** Writes the accumulators' values into tfjs's lists, from which its `getWeights` reads. */
  writeBack(): void {
    const { tf } = this.#native;
    const kinds = this.#kinds();
    [...this.#trained].forEach(([name, { accumulators }], i) => {
      kinds.forEach(({ suffix, list }, kind) => {
        tf.tidy(() => {
          const value = accumulators[kind].read();
          if (i < list.length) list[i].variable.assign(value);
          else list.push({ originalName: `${name}/${suffix}`, variable: tf.variable(value, false) });
        });
      });
    });
  }

  /** Has tfjs's lists replaced, as its `setWeights` does: frees what was in them, which tfjs forgets, and starts anew. */
  async replace(setWeights: () => Promise<void>): Promise<void> {
    const replaced = this.#kinds().flatMap(({ list }) => list.map(({ variable }) => variable));
    await setWeights();
    this.#native.tf.dispose(replaced);
    this.dispose();
  }

  /** Frees TensorFlow's variables; the next step starts from tfjs's lists again. */
  dispose(): void {
    for (const { value, accumulators } of this.#trained.values()) {
      for (const variable of [value, ...accumulators]) variable.dispose();
    }
    this.#trained.clear();
  }

  #add(variable: Variable): Trained {
    const { tf } = this.#native;
    const i = this.#trained.size;
    const accumulators = this.#kinds().map(
      ({ list }) => new ResourceVariable(this.#native, i < list.length ? list[i].variable : tf.zerosLike(variable)),
    );
    const trained = { value: new ResourceVariable(this.#native, variable), accumulators, data: variable.dataId };
    this.#trained.set(variable.name, trained);
    return trained;
  }
}
