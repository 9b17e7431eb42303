import { Resvg } from "@resvg/resvg-js";
import sharp from "sharp";
import { FONT_FAMILY, FONT_FILES, MONO_FAMILY } from "./fonts.js";

/** Device pixels for a CSS pixel: sharp text on the dense screens that most readers have. */
const PIXEL_RATIO = 2;

// One figure at a time: threads would cost more than they give, and the runner has its own jobs beside this.
sharp.concurrency(1);

/**
 * SVG to PNG at {@link PIXEL_RATIO}. Charts have few colours, so a palette of 256 halves the bytes without a visible
 * change (dithering would add noise to plain areas, and bytes).
 */
export async function rasterise(svg: string): Promise<Buffer> {
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: PIXEL_RATIO },
    font: {
      loadSystemFonts: false,
      fontFiles: [...FONT_FILES],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
      serifFamily: FONT_FAMILY,
      monospaceFamily: MONO_FAMILY,
    },
  }).render();
  return sharp(image.pixels, { raw: { width: image.width, height: image.height, channels: 4 } })
    .flatten({ background: "#ffffff" })
    .png({ palette: true, effort: 7, compressionLevel: 9, dither: 0 })
    .toBuffer();
}
