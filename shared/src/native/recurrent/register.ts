import { nativeGruClass } from "./native-gru.js";
import { nativeLstmClass } from "./native-lstm.js";

/**
 * Makes saved models load with their native layers: a layer that was saved from {@link nativeLstm} or
 * {@link nativeGru} becomes native again in `tf.loadLayersModel`. Without it (and without a native layer made before)
 * such a model loads as well, with the layers of TensorFlow.js. Layers that were saved from `tf.layers.lstm` and
 * `tf.layers.gru` stay what they are. On another backend than `"tensorflow"` they all load as layers of TensorFlow.js.
 *
 * Loads TensorFlow.js. Calling it again changes nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import * as tf from "@tensorflow/tfjs-node";
 * import { nativeLstm, registerNativeRecurrent } from "@nn30/shared";
 *
 * async function main(): Promise<void> {
 *   const folder = mkdtempSync(join(tmpdir(), "lstm-"));
 *   const model = tf.sequential();
 *   model.add(nativeLstm({ units: 2, inputShape: [3, 1] }));
 *   await model.save(`file://${folder}`);
 *
 *   registerNativeRecurrent();
 *   const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
 *   assert.equal(loaded.layers[0].constructor, model.layers[0].constructor);
 *   rmSync(folder, { recursive: true });
 * }
 * void main();
 * ```
 */
export function registerNativeRecurrent(): void {
  nativeLstmClass();
  nativeGruClass();
}
