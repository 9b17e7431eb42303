import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChartError, FigureRenderer, renderFigure, renderFigures } from "../../scripts/build/charts/renderer.js";

const line = {
  data: [{ type: "scatter", y: [1, 3, 2] }],
  layout: { width: 300, height: 200, title: { text: "Line" } },
};

/** So many points, each an element of its own, that it is not drawn within any test's patience. */
const endless = {
  data: [{ type: "scatter", mode: "markers", y: new Array<number>(500_000).fill(1) }],
  layout: { title: { text: "Endless" } },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "charts-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("what cannot be drawn is an error that names the figure", () => {
  const titled = { title: { text: "Error surface" } };

  test.each(["surface", "scatter3d", "mesh3d", "scattergl", "scattermapbox", "choropleth", "nonsense"])(
    "%s",
    async (type) => {
      await expect(renderFigure({ data: [{ type }], layout: titled })).rejects.toThrow(
        `figure "Error surface": a trace of type '${type}' cannot be drawn without a browser`,
      );
    },
  );

  test("a formula, wherever it stands", async () => {
    const figure = { data: [{ y: [1], name: "$\\eta$" }], layout: { meta: { alt: "Learning rates." } } };
    await expect(renderFigure(figure)).rejects.toThrow(`figure "Learning rates.": the formula '$\\\\eta$'`);
    const axis = { data: [{ y: [1] }], layout: { xaxis: { title: { text: "$w_1$" } } } };
    await expect(renderFigure(axis)).rejects.toThrow("figure without title and alternative text: the formula '$w_1$'");
  });

  test("something that is no figure, and a size beyond any page", async () => {
    await expect(renderFigure({ layout: {} })).rejects.toThrow(ChartError);
    await expect(renderFigure({ ...line, layout: { ...titled, width: 1e6 } })).rejects.toThrow(
      'figure "Error surface": expected a size of at most 4000 × 4000 pixels but got 1000000 × 450',
    );
  });

  test("prices are not formulas", async () => {
    const figure = {
      data: [{ y: [1, 2] }],
      layout: { yaxis: { tickformat: "$,.2f", title: { text: "price (US$)" } } },
    };
    expect((await renderFigure(figure)).length).toBeGreaterThan(1000);
  });
});

describe("pictures", () => {
  test("have two device pixels for a CSS pixel and the same bytes from process to process", async () => {
    const [first, again] = await renderFigures([line, line]);
    const other = await renderFigure(line);
    expect(await sharp(first).metadata()).toMatchObject({ format: "png", width: 600, height: 400 });
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(true);
  });

  test("show the figure and not its buttons", async () => {
    const layout = { ...line.layout, margin: { l: 40, r: 10, t: 40, b: 30 } };
    const button = { type: "buttons", x: 0.5, y: 0.5, buttons: [{ label: "play", method: "animate", args: [null] }] };
    const [plain, withButton] = await renderFigures([
      { ...line, layout },
      { ...line, layout: { ...layout, updatemenus: [button] } },
    ]);
    expect(withButton.equals(plain)).toBe(true);
  });

  test("are kept, and a damaged one is drawn again", async () => {
    const [drawn] = await renderFigures([line], { cacheFolder: folder });
    const [file, ...others] = await readdir(folder);
    expect(others).toEqual([]);
    expect((await readFile(join(folder, file))).equals(drawn)).toBe(true);

    // What lies in the cache is what one gets, without a drawing process …
    const kept = Buffer.concat([drawn.subarray(0, 60), Buffer.from("kept"), drawn.subarray(60)]);
    await writeFile(join(folder, file), kept);
    const renderer = new FigureRenderer({ cacheFolder: folder });
    expect((await renderer.render(line)).equals(kept)).toBe(true);
    expect(renderer.pid).toBeUndefined();
    // … unless it is cut short.
    await writeFile(join(folder, file), drawn.subarray(0, 500));
    expect((await renderer.render(line)).equals(drawn)).toBe(true);
    renderer.close();
  });
});

describe("a figure that takes the drawing process with it", () => {
  test("by never ending is given up, and the next one is drawn", async () => {
    const renderer = new FigureRenderer({ timeoutMs: 3000 });
    const [lost, drawn] = await Promise.allSettled([renderer.render(endless), renderer.render(line)]);
    renderer.close();
    expect(lost).toMatchObject({
      status: "rejected",
      reason: { message: 'figure "Endless": was not drawn within 3 s' },
    });
    expect(drawn.status).toBe("fulfilled");
  });

  test("by a crash is named, and the next one is drawn", async () => {
    const renderer = new FigureRenderer();
    await renderer.render(line);
    const lost = renderer.render(endless);
    process.kill(renderer.pid ?? NaN, "SIGKILL");
    await expect(lost).rejects.toThrow(/figure "Endless": the drawing process (ended|failed)/);
    expect((await renderer.render(line)).length).toBeGreaterThan(1000);
    renderer.close();
  });
});
