import { type ChildProcess, spawn } from "node:child_process";
import { finished, printed, type Place } from "../runner/collection.js";

/** How to make a mount namespace, and how to enter that of a process: as root; else, as root of nothing but itself. */
const WAYS = [
  { make: ["-m"], enter: ["-m"] },
  { make: ["-r", "-m"], enter: ["-U", "-m", "--preserve-credentials"] },
];

/**
 * A view of the file system of its own, in which a test mounts what it likes; nobody else sees it, and it is gone with
 * the test.
 */
export class MountNamespace {
  private constructor(
    private readonly keeper: ChildProcess,
    private readonly enter: readonly string[],
  ) {}

  /**
   * @param script for `sh`; mounts something
   * @param args of the script: `$1`, …
   * @returns undefined, where the system does not let us mount (a container without the right, user namespaces off)
   */
  static async create(script: string, ...args: string[]): Promise<MountNamespace | undefined> {
    for (const { make, enter } of WAYS) {
      // It lives until its input ends: when the test closes it, or is gone.
      const keeper = spawn("unshare", [
        ...make,
        "sh",
        "-c",
        `set -e; ${script}; echo mounted; exec cat`,
        "sh",
        ...args,
      ]);
      keeper.once("error", () => undefined);
      try {
        await printed(keeper, "mounted");
        return new MountNamespace(keeper, ["nsenter", "-t", String(keeper.pid), ...enter]);
      } catch {
        // The next way, then.
      }
    }
    return undefined;
  }

  /** A folder in this view: as commands see it that are run there, and as everybody else does. */
  place(root: string): Pick<Place, "root" | "seen" | "through"> {
    return { root, seen: `/proc/${this.keeper.pid}/root${root}`, through: this.enter };
  }

  async close(): Promise<void> {
    const end = finished(this.keeper);
    this.keeper.stdin?.end();
    await end;
  }
}

export const CANNOT_MOUNT =
  "neither root's rights nor user namespaces are to be had here, so no disk of its own can be mounted";
