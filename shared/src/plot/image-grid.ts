import { Buffer } from "node:buffer";
import { requireCount } from "../arguments/count.js";
import { type FigureOptions, frame } from "./axes.js";
import { requireLength, requireNumbers } from "./checks.js";
import { Figure, type Numbers } from "./figure.js";
import { extent } from "./numbers.js";
import { DIVERGING, INK } from "./theme.js";

/** Options of {@link digitsGrid}. */
export interface DigitsGridOptions extends FigureOptions {
  /** A text above every image, such as its label or "4 → 9", one an image; default none. */
  captions?: readonly (string | number)[];
  /** Images in a row; default: ten, or all of them where there are fewer. */
  columns?: number;
  /** Side of a pixel of the images, in CSS pixels; default 2. */
  pixelSize?: number;
  /** Values drawn white and black ("ink") or vermilion and blue ("diverging"); default: see {@link imageGrid}. */
  range?: readonly [number, number];
  /** "ink" prints dark on white; "diverging" shows signed values (weights) around white; default "ink". */
  scale?: "ink" | "diverging";
}

/** Options of {@link imageGrid}. */
export interface ImageGridOptions extends DigitsGridOptions {
  /** Width of every image in pixels. */
  imageWidth: number;
  /** Height of every image in pixels. */
  imageHeight: number;
}

/** Gap between images, in their pixels. */
const GAP = 2;

/**
 * Digits of 28 × 28 pixels in rows, dark on white as on paper, with captions: {@link imageGrid} for MNIST.
 *
 * @param images one array of 784 values an image, or all of them in one flat typed array `[images × 784]`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { digitsGrid } from "@nn30/shared";
 *
 * const blank = new Uint8Array(784);
 * const bar = new Uint8Array(784).map((_, pixel) => (pixel % 28 === 14 ? 255 : 0));
 * const figure = digitsGrid([blank, bar], { captions: ["blank", 1] });
 * assert.match(figure.alt, /2 images of 28 × 28 pixels, captioned blank, 1/);
 * ```
 */
export function digitsGrid(images: readonly Numbers[] | Numbers, options: DigitsGridOptions = {}): Figure {
  return imageGrid(images, { ...options, imageWidth: 28, imageHeight: 28 });
}

/**
 * Grey-scale images of one size in rows. All of them are one heat map of bytes: a digit costs about 1.2 kB in the
 * notebook, and the same picture is interactive in JupyterLab and crisp in print.
 *
 * Values from 0 to 255 (a `Uint8Array`, or anything above 1) or from 0 to 1; `range` sets other ends. For "diverging" the
 * default range is symmetric around zero and ends at the largest magnitude of all images.
 *
 * @param images one array of `imageHeight × imageWidth` values an image, row by row, or all of them in one flat array.
 * @throws RangeError when an image has the wrong number of pixels, or captions are not one an image.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imageGrid } from "@nn30/shared";
 *
 * const figure = imageGrid([[0, 1, 1, 0]], { imageWidth: 2, imageHeight: 2, pixelSize: 20 });
 * assert.equal(figure.data[0].type, "heatmap");
 * ```
 */
export function imageGrid(images: readonly Numbers[] | Numbers, options: ImageGridOptions): Figure {
  const where = "imageGrid";
  const { imageWidth, imageHeight } = options;
  const list = separate(where, images, imageWidth * imageHeight);
  const captions = options.captions;
  if (captions) requireLength(where, "captions (one an image)", captions, list.length);
  const columns = options.columns ?? Math.min(10, list.length);
  requireCount(where, "columns", columns);
  const rows = Math.ceil(list.length / columns);
  const pixel = options.pixelSize ?? 2;
  const captionSize = 12;
  // The room for a caption, in pixels of the images.
  const captionRoom = captions ? Math.ceil((captionSize * 1.5) / pixel) : 0;
  const [stepX, stepY] = [imageWidth + GAP, imageHeight + GAP + captionRoom];
  const [width, height] = [columns * stepX - GAP, rows * stepY - GAP];

  const diverging = options.scale === "diverging";
  const [low, high] = options.range ?? defaultRange(list, diverging);
  const paper = diverging ? Math.round((255 * (0 - low)) / (high - low)) : 0;
  const tile = new Uint8Array(width * height).fill(Math.min(255, Math.max(0, paper)));
  for (const [index, image] of list.entries()) {
    const left = (index % columns) * stepX;
    const top = Math.floor(index / columns) * stepY + captionRoom;
    for (let y = 0; y < imageHeight; y++) {
      for (let x = 0; x < imageWidth; x++) {
        const share = (image[y * imageWidth + x] - low) / (high - low);
        tile[(top + y) * width + left + x] = Math.round(255 * Math.min(1, Math.max(0, share)));
      }
    }
  }

  const layout = frame(
    { width: width * pixel + 24, height: height * pixel + 24 + (options.title ? 32 : 0), ...options },
    false,
  );
  return new Figure({
    data: [
      {
        type: "heatmap",
        // Plotly's form for typed arrays: a third of the bytes of numbers in JSON.
        z: { dtype: "u1", bdata: Buffer.from(tile).toString("base64"), shape: `${height}, ${width}` },
        zmin: 0,
        zmax: 255,
        colorscale: diverging ? DIVERGING : INK,
        showscale: false,
        // Most cells are paper; a box that follows the pointer over them would only be in the way.
        hoverinfo: "skip",
      },
    ],
    layout: {
      ...layout,
      margin: { l: 12, r: 12, t: options.title ? 44 : 12, b: 12 },
      xaxis: { visible: false, range: [-0.5, width - 0.5], constrain: "domain" },
      yaxis: { visible: false, range: [height - 0.5, -0.5], scaleanchor: "x", constrain: "domain" },
      ...(captions && {
        annotations: captions.map((caption, index) => ({
          x: (index % columns) * stepX + (imageWidth - 1) / 2,
          y: Math.floor(index / columns) * stepY + captionRoom - 0.5,
          yanchor: "bottom",
          text: String(caption),
          showarrow: false,
          font: { size: captionSize },
          borderpad: 0,
        })),
      }),
    },
    alt: options.alt ?? inWords(list.length, options),
  });
}

/** The images one by one, whether they came in a list or in one flat array. */
function separate(where: string, images: readonly Numbers[] | Numbers, pixels: number): Numbers[] {
  if (!(pixels >= 1)) throw new RangeError(`${where}: expected imageWidth and imageHeight of at least 1 pixel`);
  if (images.length === 0) throw new RangeError(`${where}: expected at least one image but got none`);
  if (typeof images[0] === "number") {
    const flat = images as Numbers;
    if (flat.length % pixels !== 0) {
      throw new RangeError(
        `${where}: expected a flat array of whole images (${pixels} values each) but got ${flat.length} values`,
      );
    }
    const values = Float32Array.from(flat);
    requireNumbers(where, "images", values);
    const ones = Array.from({ length: flat.length / pixels }, (_, i) => values.subarray(i * pixels, (i + 1) * pixels));
    return ones;
  }
  const list = Array.from(images as readonly Numbers[]);
  for (const [index, image] of list.entries()) {
    requireNumbers(where, `images[${index}]`, image);
    if (image.length !== pixels) {
      throw new RangeError(`${where}: expected images[${index}] to have ${pixels} values but got ${image.length}`);
    }
  }
  return list;
}

function defaultRange(list: readonly Numbers[], diverging: boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const image of list) {
    const one = extent(image);
    low = Math.min(low, one.low);
    high = Math.max(high, one.high);
  }
  if (diverging) {
    const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return [-reach, reach];
  }
  return [0, list.some((image) => image instanceof Uint8Array) || high > 1 ? 255 : 1];
}

function inWords(count: number, options: ImageGridOptions): string {
  const heading = options.title ? `${options.title}. ` : "";
  const size = `${options.imageWidth} × ${options.imageHeight} pixels`;
  const captions = options.captions ? `, captioned ${options.captions.map(String).join(", ")}` : "";
  return `${heading}${count === 1 ? "1 image" : `${count} images`} of ${size}${captions}.`;
}
