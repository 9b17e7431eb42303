import path from "node:path";

/** How JupyterLab is started. */
export interface LabServer {
  /** The interpreter of the project's own Python environment. */
  python: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/**
 * JupyterLab on the collection: reachable from this machine only, with a token, and with the TypeScript kernel as the
 * one that new notebooks get.
 *
 * Settings, runtime files and everything else that JupyterLab writes stay inside the checkout. A person's own Jupyter
 * configuration is neither read nor changed: it may name other ports, passwords and kernels, with which nobody has
 * tested the notebooks. Whoever wants it states `JUPYTER_CONFIG_DIR`.
 *
 * @param root - the collection's root
 * @param args - more options for JupyterLab; they win over ours
 * @param environment - variables of the caller, as in `process.env`
 */
export function labServer(root: string, args: readonly string[], environment: NodeJS.ProcessEnv): LabServer {
  const own = path.join(root, ".cache", "jupyter");
  const windows = process.platform === "win32";
  const env: NodeJS.ProcessEnv = {
    JUPYTER_CONFIG_DIR: path.join(own, "config"),
    TF_CPP_MIN_LOG_LEVEL: "2",
    ...environment,
    // Kernels and extensions of the project's own Python environment come before a person's: JUPYTER_PATH wins over all.
    JUPYTER_PATH: [path.join(root, ".venv", "share", "jupyter"), environment.JUPYTER_PATH]
      .filter(Boolean)
      .join(path.delimiter),
    JUPYTER_DATA_DIR: path.join(own, "data"),
    JUPYTER_RUNTIME_DIR: path.join(own, "runtime"),
    // Defaults of ours, below a person's own settings: JupyterLab asks other machines for nothing, and nobody about it.
    JUPYTER_CONFIG_PATH: [path.join(root, "scripts", "lab", "defaults"), environment.JUPYTER_CONFIG_PATH]
      .filter(Boolean)
      .join(path.delimiter),
    JUPYTER_PREFER_ENV_PATH: "1",
  };
  // Another Python's modules: with them, the project's own would not start, or run other versions.
  delete env.PYTHONHOME;
  delete env.PYTHONPATH;
  delete env.NN30_RESULTS; // says where a verification keeps its results: not for a session
  return {
    python: windows ? path.join(root, ".venv", "Scripts", "python.exe") : path.join(root, ".venv", "bin", "python"),
    args: ["-m", "jupyterlab", ...options(root), ...args],
    env,
  };
}

function options(root: string): string[] {
  return [
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.root_dir=${root}`,
    // One Ctrl-C stops the server and its kernels; JupyterLab saves notebooks on its own.
    "--ServerApp.answer_yes=True",
    // Errors, and the address to open.
    "--Application.log_level=ERROR",
    "--LabApp.custom_css=True",
    "--MultiKernelManager.default_kernel_name=tslab",
    // The Python kernel comes with JupyterLab; the launcher would offer it beside ours.
    "--KernelSpecManager.ensure_native_kernel=False",
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    // The exact versions that set-up installed are those that were tested.
    "--LabApp.extension_manager=readonly",
    // In containers people often are root; that is no danger to others on an address that only this machine reaches.
    ...(process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : []),
  ];
}
