import path from "node:path";
import { gatewayEnvironment, type Gateway } from "./gateway.js";

export interface KernelEnvironment {
  /** File to which the lesson writes its results. */
  results: string;
  /** Train every seed. */
  full: boolean;
  /** Threads that TensorFlow may use. */
  threads: number;
  /** Folder for what Jupyter writes. */
  jupyter: string;
  /** Where the kernels run, if not on this machine. */
  gateway?: Gateway;
}

/**
 * What a kernel has to be told wherever it runs; dates are printed in its time zone.
 *
 * @param threads for TensorFlow; without them, its machine decides
 */
export function kernelEnvironment(full: boolean, threads?: number): Record<string, string> {
  const count = String(threads);
  return {
    ...(full ? { NN30_FULL: "1" } : {}),
    ...(threads === undefined
      ? {}
      : { TF_NUM_INTRAOP_THREADS: count, TF_NUM_INTEROP_THREADS: count, OMP_NUM_THREADS: count }),
    TZ: "UTC",
    NO_COLOR: "1",
  };
}

/**
 * Environment of our Python programs. A user's own settings of Jupyter, Python and Node (kernels, templates, modules,
 * options) must not change what is verified and exported, nor may anything be written outside the checkout.
 *
 * @param jupyter folder for what Jupyter writes
 */
export function pythonEnvironment(jupyter: string, inherited: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const foreign =
    /^(JUPYTER|JPY|KERNEL_NN30_|IPYTHON|NN30_|PYTHON|NODE_(OPTIONS|PATH|ENV)$|TF_NUM_|FORCE_COLOR$|LC_|LANG$|LANGUAGE$)/;
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !foreign.test(name))),
    // The one option that a notebook may need on a machine with more memory than V8 takes by itself.
    NODE_OPTIONS: /--max-old-space-size=\d+/.exec(inherited.NODE_OPTIONS ?? "")?.[0],
    JUPYTER_CONFIG_DIR: path.join(jupyter, "config"),
    JUPYTER_DATA_DIR: path.join(jupyter, "data"),
    JUPYTER_RUNTIME_DIR: path.join(jupyter, "runtime"),
    JUPYTER_NO_CONFIG: "1",
    JUPYTER_PLATFORM_DIRS: "1",
    IPYTHONDIR: path.join(jupyter, "ipython"),
    PYTHONUTF8: "1",
    PYTHONNOUSERSITE: "1",
  };
}

/**
 * Environment of a worker and, through it, of its kernel. Locale and time zone are fixed because numbers and dates are
 * printed in them.
 */
export function workerEnvironment(
  options: KernelEnvironment,
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...pythonEnvironment(options.jupyter, inherited),
    ...kernelEnvironment(options.full, options.threads),
    ...(options.gateway ? gatewayEnvironment(options.gateway, inherited) : {}),
    NN30_RESULTS: options.results,
    LC_ALL: "en_US.UTF-8",
  };
}
