import { registerNativeRecurrent } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { difference, kinds, type RecurrentLayer } from "./layers.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nn30-recurrent-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function modelOf(make: (options: { units: number; returnSequences?: boolean }) => RecurrentLayer): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [5, 2] }));
  model.add(make({ units: 3, returnSequences: true }));
  model.add(tf.layers.bidirectional({ layer: make({ units: 2 }) as unknown as tf.RNN, mergeMode: "concat" }));
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

const inside = (model: tf.LayersModel) => [
  model.layers[1].constructor,
  (model.layers[2] as unknown as { forwardLayer: object }).forwardLayer.constructor,
  (model.layers[2] as unknown as { backwardLayer: object }).backwardLayer.constructor,
];

describe.each(kinds)("a saved model with $name", ({ name, native, stock }) => {
  const x = tf.randomNormal([4, 5, 2], 0, 1, "float32", 1);

  it("loads with native layers again, with the same outputs, and can be trained further", async () => {
    registerNativeRecurrent();
    const model = modelOf(native);
    await model.save(`file://${folder}/${name}`);
    const loaded = await tf.loadLayersModel(`file://${folder}/${name}/model.json`);
    expect(new Set(inside(loaded))).toEqual(new Set([native({ units: 1 }).constructor]));
    expect(difference([loaded.predict(x) as tf.Tensor], [model.predict(x) as tf.Tensor])).toBe(0);
    loaded.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    expect(await loaded.trainOnBatch(x, tf.zeros([4, 4]))).toBeGreaterThan(0);
  });

  it("leaves layers of TensorFlow.js what they are", async () => {
    registerNativeRecurrent();
    const model = modelOf(stock);
    await model.save(`file://${folder}/stock-${name}`);
    const loaded = await tf.loadLayersModel(`file://${folder}/stock-${name}/model.json`);
    expect(new Set(inside(loaded))).toEqual(new Set([stock({ units: 1 }).constructor]));
    expect(inside(loaded)).not.toContain(native({ units: 1 }).constructor);
  });

  it("loads in TensorFlow.js alone, as its counterpart, with the same outputs", async () => {
    const model = modelOf(native);
    await model.save(`file://${folder}/plain-${name}`);
    const script = `
      const tf = require("@tensorflow/tfjs-node");
      tf.loadLayersModel("file://" + process.argv[1] + "/model.json").then((model) => {
        const layer = tf.layers[process.argv[2]]({ units: 1 });
        const x = tf.tensor(JSON.parse(process.argv[3]));
        console.log(JSON.stringify({
          same: model.layers[1].constructor === layer.constructor,
          recurrentActivation: model.layers[1].getConfig().recurrentActivation,
          helper: Object.keys(require.cache).filter((file) => /shared.dist/.test(file)),
          output: model.predict(x).arraySync(),
        }));
      });`;
    const kind = name === "nativeLstm" ? "lstm" : "gru";
    const given = ["-e", script, `${folder}/plain-${name}`, kind, JSON.stringify(x.arraySync())];
    const printed = execFileSync(process.execPath, given, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const read = JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    expect(read).toMatchObject({ same: true, recurrentActivation: "sigmoid", helper: [] });
    expect(difference([tf.tensor(read.output as number[][])], [model.predict(x) as tf.Tensor])).toBeLessThan(1e-5);
  });

  it("loads as its counterpart on another backend", async () => {
    const model = modelOf(native);
    await model.save(`file://${folder}/cpu-${name}`);
    const expected = (model.predict(x) as tf.Tensor).arraySync();
    const values = x.arraySync();
    await tf.setBackend("cpu");
    try {
      const loaded = await tf.loadLayersModel(`file://${folder}/cpu-${name}/model.json`);
      expect(new Set(inside(loaded))).toEqual(new Set([stock({ units: 1 }).constructor]));
      expect(difference([loaded.predict(tf.tensor(values)) as tf.Tensor], [tf.tensor(expected)])).toBeLessThan(1e-5);
    } finally {
      await tf.setBackend("tensorflow");
    }
  });
});
