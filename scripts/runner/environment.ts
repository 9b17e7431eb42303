import path from "node:path";

export interface KernelEnvironment {
  /** File to which the lesson writes its results. */
  results: string;
  /** Train every seed. */
  full: boolean;
  /** Threads that TensorFlow may use. */
  threads: number;
  /** Folder for what Jupyter writes. */
  jupyter: string;
}

/**
 * Environment of a worker and, through it, of its kernel.
 *
 * A user's own Jupyter configuration, kernels and Python paths must not change what is verified, nor may anything be
 * written outside the checkout. Time zone and locale are fixed because dates and numbers are printed in them.
 */
export function workerEnvironment(
  options: KernelEnvironment,
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const foreign = /^(JUPYTER|JPY|IPYTHON|NN30_|PYTHON|TF_NUM_|FORCE_COLOR$|LC_|LANG$|LANGUAGE$)/;
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => !foreign.test(name)));
  const threads = String(options.threads);
  return {
    ...kept,
    NN30_RESULTS: options.results,
    ...(options.full ? { NN30_FULL: "1" } : {}),
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    OMP_NUM_THREADS: threads,
    JUPYTER_CONFIG_DIR: path.join(options.jupyter, "config"),
    JUPYTER_DATA_DIR: path.join(options.jupyter, "data"),
    JUPYTER_RUNTIME_DIR: path.join(options.jupyter, "runtime"),
    JUPYTER_NO_CONFIG: "1",
    JUPYTER_PLATFORM_DIRS: "1",
    IPYTHONDIR: path.join(options.jupyter, "ipython"),
    PYTHONUTF8: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
    LC_ALL: "en_US.UTF-8",
    TZ: "UTC",
    NO_COLOR: "1",
  };
}
