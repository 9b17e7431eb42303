import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { makeFolder } from "../runner/files.js";
import { writeWhole } from "../runner/whole-files.js";
import type { FigureJson } from "./figure-json.js";
import { isWholePng } from "./png.js";

const require = createRequire(import.meta.url);

/** Everything whose version decides how a picture looks. */
const TOOLS = ["plotly.js-dist", "jsdom", "@resvg/resvg-js", "@napi-rs/canvas", "sharp", "dejavu-fonts-ttf"];

let tools: Promise<string> | undefined;

/** A hash of the renderer's own code and the versions of what it uses: no version number to forget. */
async function toolsHash(): Promise<string> {
  const hash = createHash("sha256");
  const folder = import.meta.dirname;
  const sources = (await readdir(folder)).filter((file) => /(?<!\.d)\.[jt]s$/.test(file)).sort();
  for (const file of sources) hash.update(await readFile(join(folder, file)));
  for (const name of TOOLS) hash.update(await packageDescription(name));
  return hash.digest("hex");
}

/** A package's `package.json`, read from its folder: some packages do not let it be imported. */
async function packageDescription(name: string): Promise<Buffer> {
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (existsSync(file)) return readFile(file);
  }
  throw new Error(`charts: the package ${name} is not installed; run "npm run setup"`);
}

/** The name of a figure's picture: the same figure drawn by the same tools has the same name. */
export async function pictureKey(figure: FigureJson): Promise<string> {
  tools ??= toolsHash();
  const content = JSON.stringify([figure.data, figure.layout ?? {}]);
  return createHash("sha256")
    .update(await tools)
    .update(content)
    .digest("hex")
    .slice(0, 40);
}

/** The picture kept under a key, or undefined where there is none or only part of one. */
export async function readPicture(folder: string, key: string): Promise<Buffer | undefined> {
  try {
    const png = await readFile(join(folder, `${key}.png`));
    return isWholePng(png) ? png : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a picture; readers see all of it or nothing. */
export async function keepPicture(folder: string, key: string, png: Buffer): Promise<void> {
  await makeFolder(folder);
  await writeWhole({ file: join(folder, `${key}.png`), content: png });
}
