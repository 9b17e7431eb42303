import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EmbeddingCache,
  loadSentenceEncoder,
  praiseOf,
  readSentimentHead,
  type SentenceEncoder,
  sentiment,
  tokenWindows,
  writeSentimentHead,
} from "@nn30/shared";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "sentiment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

describe("tokenWindows", () => {
  it("reads a short text whole and both ends of a long one", () => {
    expect(tokenWindows([1], 4)).toEqual([[1]]);
    expect(tokenWindows([1, 2, 3, 4], 4)).toEqual([[1, 2, 3, 4]]);
    expect(tokenWindows([1, 2, 3, 4, 5, 6, 7, 8, 9], 2)).toEqual([
      [1, 2],
      [8, 9],
    ]);
  });

  it("gives full windows that begin and end as the text does, whatever its length", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 1, max: 12 }), (tokens, size) => {
        const windows = tokenWindows(tokens, size);
        expect(windows.map(({ length }) => length)).toEqual(tokens.length <= size ? [tokens.length] : [size, size]);
        expect(windows[0][0]).toBe(tokens[0]);
        expect(windows.at(-1)!.at(-1)).toBe(tokens.at(-1));
      }),
    );
  });

  it("refuses a window of nothing", () => {
    expect(() => tokenWindows([1], 0)).toThrow("expected size to be a positive whole number but got 0");
  });
});

describe("praiseOf", () => {
  it("is the sigmoid of the weighted sum", () => {
    const head = { encoder: "x", weights: [1, -2], bias: 0.5 };
    expect(praiseOf(head, [3, 1])).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 15);
    expect(praiseOf(head, [-0.5, 0])).toBe(0.5);
    expect(() => praiseOf(head, [1])).toThrow("expected a vector of 2 numbers but got 1");
  });
});

describe("a head in a file", () => {
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
  it("comes back to the last bit", () => {
    const file = join(folder, "any.json");
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1 }), numbers, (weights, bias) => {
        const head = { encoder: "k", weights: weights.map((w) => w + 0), bias: bias + 0 };
        writeSentimentHead(file, head);
        const read = readSentimentHead(file);
        expect(read.weights.every((w, i) => w === head.weights[i]) && read.bias === head.bias).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("is refused when it is missing or no head, with the file's name", () => {
    expect(() => readSentimentHead(join(folder, "none.json"))).toThrow(/none\.json cannot be read; Day 28 trains it/);
    const file = join(folder, "bad.json");
    writeFileSync(file, JSON.stringify({ format: 1, encoder: "k", weights: [1, null], bias: 0 }));
    expect(() => readSentimentHead(file)).toThrow(/bad\.json is no sentiment head/);
  });
});

describe("EmbeddingCache", () => {
  /** An encoder that counts how often it is asked. */
  const counting = (key: string) => ({
    key,
    dimensions: 3,
    asked: 0,
    embed(text: string) {
      this.asked++;
      const vector = [text.length, 1, -2];
      return Promise.resolve(Float32Array.from(vector, (value) => value / Math.hypot(...vector)));
    },
  });

  it("computes a text once, also for those who open the file later", async () => {
    const file = join(folder, "cache.bin");
    const encoder = counting("a");
    const texts = ["one", "three", "one"];
    expect(await new EmbeddingCache(encoder, file).fill(texts)).toEqual({ computed: 2, missing: 0 });
    const later = new EmbeddingCache(encoder, file);
    expect(await later.fill(texts)).toEqual({ computed: 0, missing: 0 });
    expect(encoder.asked).toBe(2);
    expect(cosine(later.get("three")!, await encoder.embed("three"))).toBeGreaterThan(0.9999);
    expect(later.get("two")).toBeUndefined();
  });

  it("finds nothing that another encoder made", async () => {
    const file = join(folder, "other.bin");
    await new EmbeddingCache(counting("a"), file).fill(["one"]);
    expect(new EmbeddingCache(counting("b"), file).size).toBe(0);
  });

  it("writes the same file for the same texts in any order, and goes on where a limit stopped it", async () => {
    const [one, two] = [join(folder, "1.bin"), join(folder, "2.bin")];
    await new EmbeddingCache(counting("a"), one).fill(["x", "yy", "zzz"]);
    const cache = new EmbeddingCache(counting("a"), two);
    expect(await cache.fill(["zzz", "x", "yy"], { limit: 1 })).toEqual({ computed: 1, missing: 2 });
    expect(await cache.fill(["zzz", "x", "yy"])).toEqual({ computed: 2, missing: 0 });
    expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
    cache.keep(["x"]);
    expect(new EmbeddingCache(counting("a"), two).size).toBe(1);
  });

  it("refuses a file that is cut short or something else", async () => {
    const file = join(folder, "short.bin");
    await new EmbeddingCache(counting("a"), file).fill(["one", "three"]);
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    expect(() => new EmbeddingCache(counting("a"), file)).toThrow(/should have \d+ bytes but has \d+; delete it/);
    writeFileSync(file, "no cache\n");
    expect(() => new EmbeddingCache(counting("a"), file)).toThrow(/is no cache of vectors/);
  });

  it("turns a vector by less than a degree", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 384, maxLength: 384 }),
        async (v) => {
          fc.pre(v.some((value) => value !== 0));
          const length = Math.hypot(...v);
          const vector = Float32Array.from(v, (value) => value / length);
          const cache = new EmbeddingCache({ key: "v", dimensions: 384, embed: () => Promise.resolve(vector) });
          await cache.fill(["text"]);
          expect(cosine(cache.get("text")!, vector)).toBeGreaterThan(Math.cos(Math.PI / 180));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("MiniLM through Transformers.js", () => {
  let encoder: SentenceEncoder;
  beforeAll(async () => {
    encoder = await loadSentenceEncoder();
  }, 60_000);

  it("cuts words into the published pieces", () => {
    // bert-base-uncased: the vocabulary that MiniLM took over.
    expect(encoder.tokens("I love learning deep learning!")).toEqual([[101, 1045, 2293, 4083, 2784, 4083, 999, 102]]);
  });

  it("gives vectors of length 1 that depend on nothing but the text", async () => {
    const [a, , b] = [
      await encoder.embed("A fine film."),
      await encoder.embed("Else."),
      await encoder.embed("A fine film."),
    ];
    expect(Math.abs(cosine(a, a) - 1)).toBeLessThan(1e-6);
    expect([...a]).toEqual([...b]);
  });

  it("reads both ends of a long text, and not its middle", async () => {
    const sentence = (word: string) => `the ${word} `.repeat(63);
    const [begin, end] = [sentence("cat"), sentence("dog")];
    const [x, y] = [begin + sentence("car") + end, begin + sentence("sea") + end];
    expect(encoder.tokens(x).map(({ length }) => length)).toEqual([128, 128]);
    expect([...(await encoder.embed(x))]).toEqual([...(await encoder.embed(y))]);
  });

  it("says what it expects", async () => {
    await expect(loadSentenceEncoder({ maxTokens: 2 })).rejects.toThrow("expected maxTokens from 3 to 512 but got 2");
    await expect(encoder.embed(" ")).rejects.toThrow("expected a text with words in it but it is empty");
    await expect(encoder.embed(7 as unknown as string)).rejects.toThrow("expected a text but got number");
  });

  it("is the same encoder when it is asked for again", async () => {
    expect(await loadSentenceEncoder()).toBe(encoder);
    expect((await loadSentenceEncoder({ maxTokens: 64 })).key).not.toBe(encoder.key);
  });
});

describe("sentiment", () => {
  const head = join(folder, "head.json");
  beforeAll(async () => {
    // Praise is what is nearer to the one sentence than to the other.
    const encoder = await loadSentenceEncoder();
    const [good, bad] = [await encoder.embed("A wonderful film."), await encoder.embed("A dreadful film.")];
    const weights = Array.from(good, (value, i) => 10 * (value - bad[i]));
    writeSentimentHead(head, { encoder: encoder.key, weights, bias: 0 });
  }, 60_000);

  it("answers a text and a list in the pipeline's form, in order", async () => {
    const [one] = await sentiment("A wonderful film.", { head });
    expect(one.label).toBe("POSITIVE");
    expect(one.score).toBeGreaterThan(0.5);
    const two = await sentiment(["A dreadful film.", "A wonderful film."], { head });
    expect(two.map(({ label }) => label)).toEqual(["NEGATIVE", "POSITIVE"]);
    expect(two[1]).toEqual(one);
    expect(await sentiment([], { head })).toEqual([]);
  });

  it("reads long texts", async () => {
    const [{ label }] = await sentiment("A dreadful film. ".repeat(500), { head });
    expect(label).toBe("NEGATIVE");
  });

  it("refuses what is no text, and says where it stands", async () => {
    await expect(sentiment("", { head })).rejects.toThrow("expected a text with words in it but it is empty");
    await expect(sentiment(["fine", " \n"], { head })).rejects.toThrow("it is empty at place 1 of the list");
    await expect(sentiment([3 as unknown as string], { head })).rejects.toThrow(TypeError);
  });

  it("refuses a head of another encoder", async () => {
    const foreign = join(folder, "foreign.json");
    writeSentimentHead(foreign, { encoder: "other", weights: [1], bias: 0 });
    await expect(sentiment("fine", { head: foreign })).rejects.toThrow("was trained on vectors of the encoder other");
  });

  it("knows nothing of the network unless it is told to", async () => {
    await expect(sentiment("fine", { head: join(folder, "none.json") })).rejects.toThrow("cannot be read");
    // A name that no hub has room for: refused with or without a network.
    await expect(sentiment("fine", { hub: "../no/such/model" })).rejects.toThrow("the hub's model ../no/such/model");
  });
});
