// What a newcomer waits for: a clone of the last commit, in an empty folder.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { timed } from "./measured-now.mjs";

/**
 * @param {string} root of the checkout
 * @param {{ start: boolean }} options whether to go on with `npm start`, a quarter of an hour
 * @returns {Promise<{ setUp: number, start?: number }>} seconds, downloads included
 */
export async function freshClone(root, { start }) {
  const folder = join(root, ".cache", "budgets", "clone");
  rmSync(folder, { recursive: true, force: true });
  try {
    await execa("git", ["clone", "--quiet", root, folder]);
    const inside = { cwd: folder, stdio: /** @type {const} */ (["ignore", 2, 2]) };
    const setUp = await timed(() => execa(process.execPath, ["scripts/setup.mjs"], inside));
    return start ? { setUp, start: setUp + (await timed(() => execa("npm", ["start"], inside))) } : { setUp };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
