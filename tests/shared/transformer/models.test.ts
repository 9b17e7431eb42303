import {
  attentionMaps,
  fit,
  gpt,
  nativeAdam,
  Random,
  registerTransformer,
  trainSteps,
  transformerEncoder,
  warmupCosine,
} from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apart } from "./by-loops.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nn30-transformer-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const small = { vocabulary: 7, context: 6, width: 8, heads: 2, blocks: 2 } as const;
const ids = (rows: number[][]) => tf.tensor2d(rows, [rows.length, rows[0].length], "int32");
const predict = (model: tf.LayersModel, rows: number[][]) =>
  tf.tidy(() => (model.predict(ids(rows)) as tf.Tensor).arraySync() as number[][][]);

describe("gpt", () => {
  it("has the parameters that its sizes give", () => {
    const [v, c, w, b] = [7, 6, 8, 2];
    expect(gpt(small).countParams()).toBe(v * w + c * w + b * (12 * w * w + 13 * w) + 2 * w + w * v + v);
  });

  it("gives every place the same probabilities whatever comes later, and any length up to the context", () => {
    const model = gpt({ ...small, seed: 4 });
    const [a] = predict(model, [[1, 2, 3, 4, 5, 6]]);
    const [b] = predict(model, [[1, 2, 3, 0, 0, 1]]);
    const [short] = predict(model, [[1, 2, 3]]);
    expect(apart(a.slice(0, 3), b.slice(0, 3))).toBeLessThan(1e-6);
    expect(apart(a.slice(0, 3), short)).toBeLessThan(1e-6);
    expect(apart(a, b)).toBeGreaterThan(1e-4);
    for (const row of a) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(() => predict(model, [[1, 2, 3, 4, 5, 6, 0]])).toThrow("expected at most 6 tokens, the context, but got 7");
  });

  it("is another for another seed, and the same for the same", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => predict(gpt({ ...small, seed }), [[1, 2]]));
    expect(apart(a, b)).toBe(0);
    expect(apart(a, c)).toBeGreaterThan(1e-3);
  });

  it("shows its attention maps, below the diagonal only", () => {
    const maps = attentionMaps(
      gpt(small),
      ids([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(maps.map(({ layer }) => layer)).toEqual(["block1_attention", "block2_attention"]);
    for (const { weights } of maps) {
      expect([weights.length, weights[0].length]).toEqual([2, 2]);
      for (const map of weights.flat()) {
        expect([map[0][1], map[0][2], map[1][2]]).toEqual([0, 0, 0]);
        for (const row of map) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      }
    }
  });

  it("names the size that is wrong", () => {
    expect(() => gpt({ ...small, blocks: 0 })).toThrow("gpt: expected blocks to be a positive whole number but got 0");
    expect(() => gpt({ ...small, heads: 3 })).toThrow("gpt: expected heads to divide the width 8 but got 3 heads");
  });
});

describe("transformerEncoder", () => {
  it("without positions gives the tokens of a permuted sequence what they had before, with positions not", () => {
    const order = [3, 0, 4, 1, 2];
    const given = [5, 1, 1, 6, 2];
    for (const [positions, same] of [
      ["none", true],
      ["sinusoidal", false],
      ["learned", false],
    ] as const) {
      const model = transformerEncoder({ ...small, positions, seed: 3 });
      const [plain] = predict(model, [given]);
      const [permuted] = predict(model, [order.map((at) => given[at])]);
      const difference = apart(
        permuted,
        order.map((at) => plain[at]),
      );
      if (same) expect(difference).toBeLessThan(1e-5);
      else expect(difference).toBeGreaterThan(1e-4);
    }
  });

  it("with padding answers as it does without, for each token and for the mean", () => {
    for (const pool of [undefined, "mean"] as const) {
      const model = transformerEncoder({ ...small, padding: true, outputs: 3, pool, seed: 2 });
      const [short, padded] = [[[4, 2, 6]], [[4, 2, 6, 0, 0]]].map((rows) => predict(model, rows));
      expect(apart(short[0], pool ? padded[0] : padded[0].slice(0, 3))).toBeLessThan(1e-6);
      const blind = transformerEncoder({ ...small, outputs: 3, pool, seed: 2 });
      const [a, b] = [[[4, 2, 6]], [[4, 2, 6, 0, 0]]].map((rows) => predict(blind, rows));
      expect(apart(a[0], pool ? b[0] : b[0].slice(0, 3))).toBeGreaterThan(1e-5);
    }
  });

  it("learns through fit which of two tokens is there, with dropout", async () => {
    const random = new Random(1);
    const rows = Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 5 }, (_, t) => (t === i % 5 ? 1 + (i % 2) : 3 + random.integer(4))),
    );
    const model = transformerEncoder({ ...small, outputs: 2, pool: "mean", padding: true, dropout: 0.1 });
    model.compile({ optimizer: nativeAdam(0.01), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    const y = Uint8Array.from(rows, (_, i) => i % 2);
    const { accuracy } = await fit(model, { x: ids(rows), y }, { epochs: 20, batchSize: 16, progress: false });
    expect(accuracy.at(-1)).toBeGreaterThan(0.95);
  });
});

describe("saved transformers", () => {
  it("load with the same answers and can be trained further", async () => {
    registerTransformer();
    const models = [
      gpt({ ...small, positions: "sinusoidal" }),
      transformerEncoder({ ...small, pool: "mean", padding: true }),
    ];
    for (const model of models) {
      await model.save(`file://${folder}/${model.name}`);
      const loaded = await tf.loadLayersModel(`file://${folder}/${model.name}/model.json`);
      const rows = [[1, 2, 3, 0]];
      expect(apart(predict(loaded, rows), predict(model, rows))).toBe(0);
      expect(loaded.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
      loaded.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
      expect(loaded.trainableWeights.length).toBe(model.trainableWeights.length);
    }
  });
});

describe("trainSteps", () => {
  const batch = (step: number) => {
    const x = Int32Array.from({ length: 12 }, (_, i) => (i + step) % 7);
    return { x, y: x.map((id) => (id + 1) % 7) };
  };
  const compiled = (seed = 1) => {
    const model = gpt({ ...small, seed });
    model.compile({ optimizer: nativeAdam(0.01), loss: "sparseCategoricalCrossentropy" });
    return model;
  };

  it("learns, reports means of the losses, and leaves no tensors behind", async () => {
    const model = compiled();
    await trainSteps(model, { steps: 1, rows: 2, batch, progress: false });
    const before = tf.memory().numTensors;
    const { loss, seconds } = await trainSteps(model, { steps: 45, rows: 2, batch, every: 10, progress: false });
    expect(tf.memory().numTensors).toBe(before);
    expect(loss).toHaveLength(5);
    expect(loss[0]).toBeGreaterThan(1);
    expect(loss[4]).toBeLessThan(0.4);
    expect(seconds).toBeGreaterThan(0);
  });

  it("takes the steps that model.fit takes", async () => {
    const [ours, theirs] = [gpt(small), gpt(small)];
    for (const model of [ours, theirs])
      model.compile({ optimizer: tf.train.sgd(0.5), loss: "sparseCategoricalCrossentropy" });
    const { x, y } = batch(0);
    const { loss } = await trainSteps(ours, { steps: 1, rows: 2, batch, progress: false });
    const rows = tf.tensor3d(Float32Array.from(y), [2, 6, 1]);
    const history = await theirs.fit(tf.tensor2d(x, [2, 6], "int32"), rows, { batchSize: 2, epochs: 1, verbose: 0 });
    expect(loss[0]).toBeCloseTo(history.history.loss[0] as number, 4);
    const [a, b] = [ours, theirs].map((model) => model.getWeights().map((weight) => weight.arraySync()));
    expect(apart(a, b)).toBeLessThan(1e-5);
  });

  it("counts only the places that it is told", async () => {
    const [all, some] = [compiled(), compiled()];
    const { x, y } = batch(0);
    const wrong = y.map((id, i) => (i === 4 ? id : (id + 3) % 7));
    const one = await trainSteps(some, {
      steps: 1,
      rows: 2,
      batch: () => ({ x, y: wrong, at: Int32Array.of(4) }),
      progress: false,
    });
    const expected = -Math.log(
      tf.tidy(() => (all.predict(tf.tensor2d(x, [2, 6], "int32")) as tf.Tensor).arraySync() as number[][][])[0][4][
        y[4]
      ],
    );
    expect(one.loss[0]).toBeCloseTo(expected, 4);
  });

  it("sets the learning rate of every step", async () => {
    const model = compiled();
    const seen: number[] = [];
    const learningRate = (step: number) => {
      seen.push(step);
      return 0;
    };
    const before = model.getWeights().map((weight) => weight.arraySync());
    await trainSteps(model, { steps: 3, rows: 2, batch, learningRate, progress: false });
    expect(seen).toEqual([0, 1, 2]);
    expect(
      apart(
        model.getWeights().map((weight) => weight.arraySync()),
        before,
      ),
    ).toBe(0);
  });

  it("says what is wrong", async () => {
    await expect(trainSteps(gpt(small), { steps: 1, rows: 1, batch })).rejects.toThrow("expected a compiled model");
    await expect(trainSteps(compiled(), { steps: 1, rows: 5, batch, progress: false })).rejects.toThrow(
      "expected x and y of one length, a multiple of 5 rows, but got 12 and 12",
    );
    const other = gpt(small);
    other.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await expect(trainSteps(other, { steps: 1, rows: 2, batch })).rejects.toThrow(
      "expected a model that ends in a softmax",
    );
  });
});

describe("warmupCosine", () => {
  it("rises evenly, peaks, and falls to the last rate", () => {
    const rate = warmupCosine(0.1, 50, 5, 0.01);
    expect([0, 1, 4].map(rate)).toEqual([0.02, 0.04, 0.1]);
    for (let step = 5; step < 49; step++) expect(rate(step + 1)).toBeLessThan(rate(step));
    expect(rate(50)).toBeCloseTo(0.01, 6);
    expect(warmupCosine(1, 10, 0)(0)).toBe(1);
  });
});
