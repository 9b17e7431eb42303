// Step 3: TensorFlow's two shared libraries and its C headers, out of the Python wheel, into .native/.

import { createHash } from "node:crypto";
import { createReadStream, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { removeFolder } from "./context.mjs";
import { SetupFailure } from "./failure.mjs";
import { HEADERS, nativeBuild } from "./native-builds.mjs";
import { downloadWheels, extractFromWheel, requirementOf, requirementsFile } from "./pip.mjs";
import { inputKey } from "./stamps.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {{ file: string, size: number, sha256: string }} KnownFile */

/** @param {Context} context */
export function librariesKey(context) {
  const build = nativeBuild(context);
  return inputKey(
    build ?? "stock",
    build && requirementOf(requirementsFile("tensorflow.txt"), build.requirement),
    HEADERS,
  );
}

/**
 * The C library that this Node runs on, where TensorFlow's libraries cannot.
 *
 * @returns {string | undefined}
 */
function unsuitableLinux() {
  if (process.platform !== "linux") return undefined;
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    /** @type {unknown} */ (process.report.getReport())
  );
  const glibc = header.glibcVersionRuntime;
  if (glibc === undefined) return "musl";
  const [major, minor] = glibc.split(".").map(Number);
  return major > 2 || minor >= 27 ? undefined : `glibc ${glibc}`;
}

/**
 * @param {string} path
 * @returns {Promise<string>} sha256, hexadecimal
 */
export async function hashOfFile(path) {
  const hash = createHash("sha256");
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block);
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {number} bytes; -1 when there is no such file
 */
export function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

/**
 * @param {Context} context
 * @returns {KnownFile[]}
 */
function knownFiles(context) {
  return /** @type {KnownFile[]} */ (context.stamps.read("tensorflow")?.facts?.files ?? []);
}

/** @type {import("./context.mjs").Step} */
export const tensorflowLibraries = {
  name: "tensorflow",
  title(context) {
    const build = nativeBuild(context);
    return build
      ? `TensorFlow libraries: ${build.downloadMegabytes} MB to download`
      : "TensorFlow libraries: none published for this platform, tfjs-node's own installer will fetch version 2.9";
  },
  diskMegabytes: 1700,
  isDone: (context) =>
    context.stamps.matches("tensorflow", librariesKey(context)) &&
    knownFiles(context).every(({ file, size }) => sizeOf(context.path(".native", file)) === size),
  async perform(context) {
    const key = librariesKey(context);
    context.stamps.remove("tensorflow");
    const build = nativeBuild(context);
    if (!build) {
      context.stamps.write("tensorflow", { key, facts: { files: [] } });
      return;
    }
    const system = unsuitableLinux();
    if (system)
      throw new SetupFailure(
        `TensorFlow does not run on this Linux (${system}): use one with glibc 2.27 or newer, such as a current Debian, Ubuntu or Fedora.`,
      );
    const wheels = context.path(".cache", "wheels", "tensorflow");
    const requirement = requirementOf(requirementsFile("tensorflow.txt"), build.requirement);
    const [wheel] = await downloadWheels(context, requirement, build.platforms, wheels);
    const partial = context.path(".cache", "native.partial");
    rmSync(partial, { recursive: true, force: true });
    const files = [
      ...build.libraries.map((name) => ({ member: `tensorflow/${name}`, file: `lib/${name}` })),
      ...HEADERS.map((name) => ({ member: `tensorflow/include/${name}`, file: `include/${name}` })),
    ];
    let extracted;
    try {
      extracted = await extractFromWheel(
        context,
        wheel,
        files.map(({ member, file }) => ({ member, to: join(partial, file) })),
      );
    } catch (error) {
      // Nearly a gigabyte: not left behind, should the disk be full.
      rmSync(partial, { recursive: true, force: true });
      throw error;
    }
    removeFolder(context, context.path(".native"));
    renameSync(partial, context.path(".native"));
    rmSync(wheels, { recursive: true, force: true });
    const known = extracted.map(({ size, sha256 }, index) => ({ file: files[index].file, size, sha256 }));
    context.stamps.write("tensorflow", { key, facts: { files: known } });
  },
  async verify(context) {
    for (const { file, sha256 } of knownFiles(context)) {
      if ((await hashOfFile(context.path(".native", file))) !== sha256) return false;
    }
    return true;
  },
};
