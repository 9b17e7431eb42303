// Step 7: Fashion-MNIST, which no Python or npm package carries whole. It is the one thing that set-up can go without:
// where no source serves it, the notebooks that compare on it say so, and everything else runs.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { venvPython } from "./context.mjs";
import { FASHION_FILES } from "./data-files.mjs";
import { run } from "./processes.mjs";
import { inputKey, writeWhole } from "./stamps.mjs";
import { hashOfFile, sizeOf } from "./tensorflow-libraries.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {import("./data-files.mjs").DataFile} DataFile */
/** @typedef {(context: Context, folder: string) => Promise<string | undefined>} Source says what is wrong, if something is */

/** Where its authors publish it (github.com/zalandoresearch/fashion-mnist). */
const OFFICIAL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com";

/**
 * Debian's and Ubuntu's package `dataset-fashion-mnist`, with the system's own package sources but lists and caches of
 * our own, so that it needs no rights and changes nothing outside the checkout.
 *
 * @type {Source}
 */
async function fromDebian(context, folder) {
  const state = join(folder, "apt");
  for (const part of ["state/lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(state, part), { recursive: true });
  }
  const apt = (/** @type {string[]} */ ...args) =>
    run(
      "apt-get",
      [
        `-oDir::State=${join(state, "state")}`,
        `-oDir::Cache=${join(state, "cache")}`,
        "-oDebug::NoLocking=1",
        "-oAcquire::Retries=0",
        "-oAcquire::http::Timeout=10",
        "-oAcquire::https::Timeout=10",
        "-oAPT::Sandbox::User=",
        "-q",
        ...args,
      ],
      { cwd: folder, env: context.env, timeoutSeconds: 120 },
    );
  // An unreachable third-party source makes `update` fail although the others are there: the download decides.
  const update = await apt("update");
  if (update.code === 127) return "this system has no apt-get";
  const download = await apt("download", "dataset-fashion-mnist");
  const archive = readdirSync(folder).find((name) => name.endsWith(".deb"));
  if (download.code !== 0 || archive === undefined) return "the package dataset-fashion-mnist cannot be had";
  const unpack = await run("dpkg-deb", ["-x", archive, "unpacked"], { cwd: folder, env: context.env });
  if (unpack.code !== 0) return "the package dataset-fashion-mnist cannot be unpacked";
  const inside = join(folder, "unpacked", "usr", "share", "datasets", "fashion-mnist");
  for (const { file } of FASHION_FILES) renameSync(join(inside, `${file}.gz`), join(folder, `${file}.gz`));
  return undefined;
}

/**
 * The authors' own files. Python fetches them because it honours proxy settings.
 *
 * @type {Source}
 */
async function fromItsAuthors(context, folder) {
  const script = `import sys, urllib.request
for name in sys.argv[3:]:
    with urllib.request.urlopen(f"{sys.argv[1]}/{name}", timeout=20) as answer, open(f"{sys.argv[2]}/{name}", "wb") as file:
        while block := answer.read(1 << 20):
            file.write(block)
`;
  const names = FASHION_FILES.map(({ file }) => `${file}.gz`);
  const download = await run(venvPython(context), ["-I", "-c", script, OFFICIAL, folder, ...names], {
    env: context.env,
    timeoutSeconds: 300,
  });
  return download.code === 0 ? undefined : "its authors' site cannot be reached";
}

/**
 * Uncompresses what a source has put into `folder` and keeps it if every file is the pinned one.
 *
 * @param {string} folder
 * @param {string} target
 * @param {DataFile[]} files
 * @returns {string | undefined} what is wrong, if something is
 */
function accept(folder, target, files) {
  mkdirSync(target, { recursive: true });
  for (const { file, sha256 } of files) {
    const content = gunzipSync(readFileSync(join(folder, `${file}.gz`)));
    if (createHash("sha256").update(content).digest("hex") !== sha256)
      return `${file} is not the file that was published`;
    const partial = join(target, `${file}.${process.pid}.partial`);
    writeFileSync(partial, content);
    renameSync(partial, join(target, file));
  }
  return undefined;
}

/**
 * The step, for any files and sources.
 *
 * @param {DataFile[]} files
 * @param {Source[]} sources asked in turn
 * @returns {import("./context.mjs").Step}
 */
export function fashionStep(files, sources) {
  const key = inputKey("fashion-mnist", files);
  const target = (/** @type {Context} */ context) => context.path(".data", "fashion-mnist");
  const isWhole = (/** @type {Context} */ context) =>
    files.every(({ file, size }) => sizeOf(join(target(context), file)) === size);
  return {
    name: "fashion-mnist",
    title: () => "Fashion-MNIST: 31 MB to download",
    diskMegabytes: 250,
    isDone(context) {
      const stamp = context.stamps.read("fashion-mnist");
      return stamp?.key === key && (stamp.facts?.unavailable === true || isWhole(context));
    },
    async perform(context) {
      context.stamps.remove("fashion-mnist");
      const problems = [];
      for (const source of sources) {
        const folder = context.path(".cache", "tmp", `fashion-${problems.length}`);
        mkdirSync(folder, { recursive: true });
        const problem = (await source(context, folder)) ?? accept(folder, target(context), files);
        rmSync(folder, { recursive: true, force: true });
        if (problem === undefined) {
          const manifest = Object.fromEntries(files.map(({ file, sha256 }) => [file, sha256]));
          writeWhole(join(target(context), "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
          context.stamps.write("fashion-mnist", { key });
          return;
        }
        problems.push(problem);
      }
      rmSync(target(context), { recursive: true, force: true });
      context.report.note(
        `left out: ${problems.join("; ")}. Days 19 and 20 show their committed numbers for it; \`npm run setup -- --verify\` tries again.`,
      );
      context.stamps.write("fashion-mnist", { key, facts: { unavailable: true } });
    },
    async verify(context) {
      if (!isWhole(context)) return false;
      for (const { file, sha256 } of files) {
        if ((await hashOfFile(join(target(context), file))) !== sha256) return false;
      }
      return true;
    },
  };
}

export const fashionMnist = fashionStep(FASHION_FILES, [fromDebian, fromItsAuthors]);
