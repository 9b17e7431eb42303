/** The options of a layer, before anything is known of them. */
export type Options = Readonly<Record<string, unknown>>;

/** Marks, in a saved model, a layer that runs on TensorFlow's own kernel. Other libraries ignore it. */
export const nativeImplementation = "native";

/** Options that `tf.layers.lstm` and `tf.layers.gru` take and, in TensorFlow.js 4.22, never apply. */
const ignoredByTfjs = [
  "kernelRegularizer",
  "recurrentRegularizer",
  "biasRegularizer",
  "kernelConstraint",
  "recurrentConstraint",
  "biasConstraint",
];

/** How a value stands in a message. */
function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/**
 * The options of a recurrent layer with what TensorFlow's kernels prescribe filled in.
 *
 * @param caller - `"nativeLstm"` or `"nativeGru"`, for the messages.
 * @param counterpart - The layer of TensorFlow.js that takes what this one refuses.
 * @throws TypeError or RangeError for what the kernel cannot do, with the option, its value and what to do.
 */
export function checkedOptions(caller: string, counterpart: string, options: Options): Options {
  const refuse = (option: string, expected: string, advice: string): never => {
    throw new TypeError(`${caller}: expected ${option} ${expected} but got ${shown(options[option])}; ${advice}`);
  };
  const { units, dropout = 0 } = options;
  if (typeof units !== "number" || !Number.isInteger(units) || units < 1) {
    throw new RangeError(`${caller}: expected units to be a whole number from 1 but got ${shown(units)}`);
  }
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1)) {
    throw new RangeError(`${caller}: expected dropout in [0, 1) but got ${shown(dropout)}`);
  }
  for (const [option, only] of [
    ["activation", "tanh"],
    ["recurrentActivation", "sigmoid"],
  ]) {
    if ((options[option] ?? only) !== only) {
      refuse(option, `"${only}"`, `TensorFlow's kernel has no other: leave the option out, or use ${counterpart}`);
    }
  }
  if ((options.recurrentDropout ?? 0) !== 0) {
    refuse(
      "recurrentDropout",
      "0",
      `TensorFlow's kernel has none inside the sequence: use dropout, which acts on the inputs, or ${counterpart}`,
    );
  }
  for (const option of ignoredByTfjs) {
    if (options[option] != null) {
      refuse(option, "to be left out", `${counterpart} takes it and never applies it: add the penalty to the loss`);
    }
  }
  if (options.activityRegularizer != null) {
    refuse("activityRegularizer", "to be left out", "TensorFlow.js has none: add the penalty to the loss");
  }
  if (options.unroll === true) refuse("unroll", "false", "the sequence is one kernel: leave the option out");
  if (options.resetAfter === true) {
    refuse("resetAfter", "false", `neither TensorFlow's kernel nor ${counterpart} has the other variant`);
  }
  if (options.cell != null) refuse("cell", "to be left out", "use tf.layers.rnn for a cell of one's own");
  if ((options.implementation ?? nativeImplementation) !== nativeImplementation) {
    refuse("implementation", "to be left out", "there is one only");
  }
  return {
    ...options,
    activation: "tanh",
    recurrentActivation: "sigmoid",
    implementation: nativeImplementation,
  };
}
