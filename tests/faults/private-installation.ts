import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compileKey } from "../../scripts/setup/compile-sources.mjs";
import { createContext } from "../../scripts/setup/context.mjs";
import { pythonKey } from "../../scripts/setup/python-packages.mjs";
import { type Finished, finished } from "../runner/collection.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
/** What a test may damage: these are copies. */
const COPIED = ["package.json", "package-lock.json", "requirements.txt", "scripts", "shared", ...configurations()];

function configurations(): string[] {
  return readdirSync(CHECKOUT).filter((name) => /^tsconfig.*\.json$/.test(name));
}

/**
 * This checkout as it is installed, in a folder of its own, so that a test may damage it: a file is either a copy, or a
 * link that {@link PrivateInstallation.replace} puts a file in the place of.
 */
export class PrivateInstallation {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), "nn30-installation-")));

  constructor() {
    for (const name of COPIED) {
      cpSync(path.join(CHECKOUT, name), this.path(name), { recursive: true, preserveTimestamps: true });
    }
    this.linkEntries("node_modules", (name) => name.startsWith("@"));
    this.own("node_modules/@nn30/shared", () =>
      symlinkSync(this.path("shared"), this.path("node_modules/@nn30/shared")),
    );
    // The binding looks for TensorFlow's libraries from where it lies.
    this.copy("node_modules/@tensorflow/tfjs-node");
    this.linkEntries(".venv", (name) => ["share", "jupyter", "kernels"].includes(name));
    this.copy(".venv/share/jupyter/kernels/tslab");
    this.linkEntries(".native", () => true);
    this.linkEntries(".data", () => true);
    cpSync(path.join(CHECKOUT, ".cache/setup"), this.path(".cache/setup"), { recursive: true });
    this.acceptPlace();
  }

  path(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  /** A folder of links to the entries of the checkout's; those that `isFolder` names are such folders themselves. */
  private linkEntries(folder: string, isFolder: (name: string) => boolean): void {
    mkdirSync(this.path(folder), { recursive: true });
    for (const entry of readdirSync(path.join(CHECKOUT, folder), { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory() && isFolder(entry.name)) this.linkEntries(name, isFolder);
      else symlinkSync(path.join(CHECKOUT, name), this.path(name));
    }
  }

  private own(name: string, make: () => void): void {
    rmSync(this.path(name), { recursive: true, force: true });
    make();
  }

  private copy(name: string): void {
    this.own(name, () => cpSync(path.join(CHECKOUT, name), this.path(name), { recursive: true, dereference: true }));
  }

  /** Two steps of set-up depend on where a checkout lies, or when its sources were written: they count as done. */
  private acceptPlace(): void {
    const context = createContext(this.root, "quiet");
    for (const [step, key] of [
      ["python", pythonKey(context)],
      ["compile", compileKey(context)],
    ] as const) {
      context.stamps.write(step, { ...context.stamps.read(step), key });
    }
  }

  content(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  /** Puts other content in a file's place, never into a file that it is a link to. Undefined removes it. */
  replace(file: string, change: (content: Buffer) => Buffer | string | undefined): void {
    const content = change(readFileSync(this.path(file)));
    rmSync(this.path(file));
    if (content !== undefined) writeFileSync(this.path(file), content);
  }

  /** Puts the checkout's own file back. */
  restore(file: string): void {
    rmSync(this.path(file), { force: true });
    symlinkSync(path.join(CHECKOUT, file), this.path(file));
  }

  /** Runs set-up in it. */
  setUp(...args: string[]): Promise<Finished> {
    return finished(
      spawn(process.execPath, [this.path("scripts/setup.mjs"), ...args], {
        cwd: this.root,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
