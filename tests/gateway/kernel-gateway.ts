import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { pythonPath } from "../../scripts/runner/paths.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** A Jupyter Kernel Gateway on this machine. */
export class KernelGateway {
  private constructor(
    readonly url: string,
    private readonly token: string,
    private readonly server: ChildProcess,
  ) {}

  /** @param options more command line options */
  static async start(token: string, ...options: string[]): Promise<KernelGateway> {
    const port = await freePort();
    // It starts in a folder of its own: a notebook's folder has to come from the request.
    const folder = path.join(CHECKOUT, ".cache", "test-gateway");
    mkdirSync(folder, { recursive: true });
    const server = spawn(
      pythonPath(),
      [
        "-m",
        "kernel_gateway",
        "--KernelGatewayApp.ip=127.0.0.1",
        `--KernelGatewayApp.port=${port}`,
        "--JupyterWebsocketPersonality.list_kernels=True",
        "--KernelGatewayApp.env_process_whitelist=TMPDIR", // What killed kernels leave, they leave in our folder.
        ...options,
      ],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          TMPDIR: folder,
          KG_AUTH_TOKEN: token,
          JUPYTER_NO_CONFIG: "1",
          JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"),
        },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    await new Promise<void>((resolve, reject) => {
      let log = "";
      server.stderr.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        if (log.includes("Jupyter Kernel Gateway") && log.includes(`127.0.0.1:${port}`)) resolve();
      });
      server.once("exit", () => reject(new Error(`the gateway did not start:\n${log}`)));
    });
    return new KernelGateway(`http://127.0.0.1:${port}`, token, server);
  }

  /** Ids of the kernels that it runs now. */
  async kernels(): Promise<string[]> {
    const response = await fetch(`${this.url}/api/kernels`, { headers: { Authorization: `token ${this.token}` } });
    return ((await response.json()) as { id: string }[]).map(({ id }) => id);
  }

  /** Ends it at once, as a crash would. Its kernels notice and end themselves. */
  kill(): Promise<void> {
    return new Promise((resolve) => {
      if (this.server.exitCode !== null || this.server.signalCode !== null) return resolve();
      this.server.once("exit", () => resolve());
      this.server.kill("SIGKILL");
    });
  }
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
