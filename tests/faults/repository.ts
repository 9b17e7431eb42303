import { execFileSync } from "node:child_process";
import type { TestCollection } from "../runner/collection.js";

/** Runs git in a collection that is a repository of its own, without anybody's settings. Its output. */
export function git(collection: TestCollection, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
    cwd: collection.root,
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Commits all of a collection, as the state that a message's `git checkout HEAD` restores. */
export function commit(collection: TestCollection): void {
  collection.write(".gitignore", ".cache/\n");
  git(collection, "init", "--quiet");
  git(collection, "add", "--all");
  git(collection, "commit", "--quiet", "--message", "All is well");
}

/** Carries out the command that a message names, as a reader would: pasted into a shell in the collection's folder. */
export function runInShell(collection: TestCollection, command: string): void {
  execFileSync("sh", ["-c", command], { cwd: collection.root, stdio: "pipe" });
}
