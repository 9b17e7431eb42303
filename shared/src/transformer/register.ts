import { registerFeedForward } from "./feed-forward.js";
import { registerLayerNorm } from "./layer-norm.js";
import { registerMaskedMean } from "./masked-mean.js";
import { registerMultiHeadAttention } from "./multi-head-attention.js";
import { registerAddPositions } from "./positions.js";

/**
 * Makes saved transformers load: `tf.loadLayersModel` has to know the classes of their layers. Not needed where one of
 * each was made before. Loads TensorFlow.js. Calling it again changes nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { gpt, registerTransformer } from "@nn30/shared";
 *
 * async function main(): Promise<void> {
 *   const folder = mkdtempSync(join(tmpdir(), "gpt-"));
 *   const model = gpt({ vocabulary: 5, context: 4, width: 8, heads: 2, blocks: 1 });
 *   await model.save(`file://${folder}`);
 *
 *   registerTransformer();
 *   const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
 *   const x = tf.tensor2d([[1, 2]], [1, 2], "int32");
 *   const [a, b] = [model, loaded].map((one) => (one.predict(x) as tf.Tensor).arraySync());
 *   assert.deepEqual(a, b);
 *   rmSync(folder, { recursive: true });
 * }
 * void main();
 * ```
 */
export function registerTransformer(): void {
  registerMultiHeadAttention();
  registerFeedForward();
  registerLayerNorm();
  registerAddPositions();
  registerMaskedMean();
}
