import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { renderFigures } from "../../scripts/build/charts/renderer.js";
import { notebookFigures } from "./figures.js";

/** Two cells, red and blue, that fill a picture of 100 × 50 CSS pixels. */
const cells = {
  data: [
    {
      type: "heatmap",
      z: [[0, 1]],
      colorscale: [
        [0, "#ff0000"],
        [1, "#0000ff"],
      ],
      showscale: false,
    },
  ],
  layout: {
    width: 100,
    height: 50,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    xaxis: { visible: false },
    yaxis: { visible: false },
  },
};

let pictures: Buffer[];
beforeAll(async () => {
  pictures = await renderFigures([cells, ...notebookFigures.map(([, figure]) => figure)]);
}, 180_000);

describe("pictures", () => {
  test("keep the cells of a heat map crisp: no pixel between two cells mixes their colours", async () => {
    const { data, info } = await sharp(pictures[0]).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const row = Array.from({ length: info.width }, (_, x) => {
      const start = (50 * info.width + x) * info.channels;
      return data.subarray(start, start + 3).toString("hex");
    });
    expect(row.slice(0, 100)).toEqual(new Array<string>(100).fill("ff0000"));
    expect(row.slice(100)).toEqual(new Array<string>(100).fill("0000ff"));
  });

  test.each(notebookFigures.map(([name], index) => [name, index] as const))("of %s cost at most 80 kB", (_, index) => {
    expect(pictures[index + 1].length).toBeLessThan(80_000);
  });
});
