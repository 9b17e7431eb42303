// Runs a command with no network but the machine's own loopback, in a network namespace of Linux:
// npm run offline -- npm run verify -- --force
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

// A new namespace's loopback is down, and Jupyter's channels need it.
const RAISE_LOOPBACK = `import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP | IFF_RUNNING))
os.execvp(sys.argv[1], sys.argv[1:])`;

const command = process.argv.slice(2);
if (command.length === 0) {
  console.error("offline: expected a command, such as: npm run offline -- npm run verify -- 1 --force");
  process.exitCode = 2;
} else {
  const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));
  const child = spawn("unshare", ["--map-root-user", "--net", python, "-I", "-c", RAISE_LOOPBACK, ...command], {
    stdio: "inherit",
  });
  // Ctrl-C reaches the command itself, which ends in order.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => undefined);
  child.once("error", () => {
    console.error("offline: needs Linux with `unshare` (util-linux) and user namespaces");
    process.exitCode = 2;
  });
  child.once("close", (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  });
}
