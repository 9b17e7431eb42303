/** How one output is shared out among what went into it. */
export interface Explanation {
  /** φ: the share of each player (feature, pixel, group of them), in the unit of the output. */
  readonly values: Float64Array;
  /** What the shares start from: the output when no player takes part. */
  readonly base: number;
  /** The output that is explained. */
  readonly output: number;
  /**
   * `output` − `base` − Σφ. It is rounding where the method shares out everything (Shapley values, Kernel SHAP) and the
   * error of the integral where it is computed in steps (integrated gradients).
   */
  readonly residual: number;
}

/** An explanation out of its parts, with what is left over. */
export function explanation(values: Float64Array, base: number, output: number): Explanation {
  return { values, base, output, residual: values.reduce((rest, value) => rest - value, output - base) };
}
