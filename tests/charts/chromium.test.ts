import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FigureJson, renderFigures } from "../../scripts/build/charts/renderer.js";
import { findChromium } from "../lab/chromium.js";
import { notebookFigures } from "./figures.js";

const require = createRequire(import.meta.url);
const executablePath = findChromium();

/** Where both pictures of every figure are left, for a person to look at. */
const pictures = join(import.meta.dirname, "../../.cache/test/charts");

/** A rectangle in CSS pixels. */
interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A figure as Chromium draws it. */
interface Drawn {
  png: Buffer;
  /** Where its colour bars are, without ticks and titles. */
  colourBars: Region[];
}

/**
 * How far our picture may be from Chromium's, as a share of how far a blank one is: other anti-aliasing, and here and
 * there a pixel's shift of an axis. A missing legend, title or series is beyond it.
 */
const WHOLE = 0.1;

/** How far a colour bar may be from Chromium's (0 to 1), which a pixel's shift makes; a black one is several times as far. */
const COLOUR_BAR = 0.06;

/** The mean absolute difference of two pictures, or of one region of both. */
async function difference(a: Buffer, b: Buffer, region?: Region): Promise<number> {
  const [first, second] = await Promise.all(
    [a, b].map(async (png) => {
      let image = sharp(png).flatten({ background: "#ffffff" }).removeAlpha();
      if (region) {
        const [left, top, width, height] = [region.x, region.y, region.width, region.height].map((n) =>
          Math.round(2 * n),
        );
        image = sharp(await image.extract({ left, top, width, height }).png().toBuffer());
      }
      const { width } = await image.clone().metadata();
      const { data, info } = await image
        .resize(Math.max(1, Math.round(width / 4)))
        .toColourspace("srgb")
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { data, size: [info.width, info.height, info.channels] };
    }),
  );
  expect(second.size).toEqual(first.size);
  let sum = 0;
  for (let i = 0; i < first.data.length; i++) sum += Math.abs(first.data[i] - second.data[i]);
  return sum / first.data.length / 255;
}

/** The picture with a region painted over. */
function painted(png: Buffer, region: Region, background: string): Promise<Buffer> {
  const [left, top, width, height] = [region.x, region.y, region.width, region.height].map((n) => Math.round(2 * n));
  return sharp(png)
    .composite([{ input: { create: { width, height, channels: 3, background } }, left, top }])
    .png()
    .toBuffer();
}

async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, deviceScaleFactor: 2 });
  const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const faces = await Promise.all(
    [
      ["DejaVuSans.ttf", "normal", "normal"],
      ["DejaVuSans-Bold.ttf", "bold", "normal"],
      ["DejaVuSans-Oblique.ttf", "normal", "italic"],
    ].map(async ([file, weight, style]) => {
      const font = (await readFile(join(folder, file))).toString("base64");
      return `@font-face { font-family: "Chart"; font-weight: ${weight}; font-style: ${style}; src: url(data:font/ttf;base64,${font}) }`;
    }),
  );
  await page.setContent(
    `<style>${faces.join("\n")} body { margin: 0; background: #fff }</style><div id="chart"></div>`,
  );
  await page.addScriptTag({ path: require.resolve("plotly.js-dist") });
  await page.evaluate(`Promise.all(["", "bold ", "italic "].map((face) => document.fonts.load(face + "13px Chart")))`);
  return page;
}

async function drawInChromium(page: Page, figure: FigureJson): Promise<Drawn> {
  const layout: Record<string, unknown> = { ...figure.layout, updatemenus: undefined, sliders: undefined };
  // The same font by another name, so that a system font of the real name cannot step in.
  const json = JSON.stringify({
    data: figure.data,
    layout: { ...layout, font: { ...(layout.font as object), family: "Chart" } },
  });
  const regions = `[...document.querySelectorAll(".cbfills")].map((fills) => {
    const { x, y, width, height } = fills.getBoundingClientRect();
    return { x, y, width, height };
  })`;
  const colourBars = await page.evaluate<Region[]>(`(async () => {
    const { data, layout } = ${json};
    Plotly.purge("chart");
    await Plotly.newPlot("chart", data, layout, { staticPlot: true });
    return ${regions};
  })()`);
  const png = await page.locator("#chart .svg-container").screenshot({ animations: "disabled" });
  return { png, colourBars };
}

describe.skipIf(executablePath === undefined)("pictures drawn without a browser look like Chromium's", () => {
  let browser: Browser;
  let page: Page;
  const ours = new Map<string, Buffer>();

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    page = await openPage(browser);
    const drawn = await renderFigures(notebookFigures.map(([, figure]) => figure));
    for (const [i, [name]] of notebookFigures.entries()) ours.set(name, drawn[i]);
    await mkdir(pictures, { recursive: true });
  }, 180_000);
  afterAll(() => browser?.close());

  test.each(notebookFigures)("%s", async (name, figure) => {
    const png = ours.get(name) ?? Buffer.alloc(0);
    const theirs = await drawInChromium(page, figure);
    await writeFile(join(pictures, `${name}.png`), png);
    await writeFile(join(pictures, `${name} (Chromium).png`), theirs.png);

    const { width, height } = await sharp(theirs.png).metadata();
    const blank = await painted(theirs.png, { x: 0, y: 0, width: width / 2, height: height / 2 }, "#ffffff");
    const share = (await difference(png, theirs.png)) / (await difference(blank, theirs.png));
    expect(share, "whole picture, against a blank one").toBeLessThan(WHOLE);

    for (const region of theirs.colourBars) {
      expect(await difference(png, theirs.png, region), "colour bar").toBeLessThan(COLOUR_BAR);
      const black = await painted(png, region, "#000000");
      expect(await difference(black, theirs.png, region), "black colour bar").toBeGreaterThan(3 * COLOUR_BAR);
    }
  });

  test("the kinds with a colour bar are compared by it", async () => {
    for (const [name, figure] of notebookFigures) {
      const { colourBars } = await drawInChromium(page, figure);
      const has = ["heatmap", "large heatmap", "contour", "decision boundary"].includes(name);
      expect([name, colourBars.length]).toEqual([name, has ? 1 : 0]);
    }
  });
});
