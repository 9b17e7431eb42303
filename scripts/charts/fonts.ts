import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");

/** The family that every text is measured and drawn with, whatever the figure asks for. */
export const FONT_FAMILY = "DejaVu Sans";

/** For `<code>` and other fixed-width text. */
export const MONO_FAMILY = "DejaVu Sans Mono";

/**
 * The font files, from an npm package and not from the system: text has the same widths, and so a figure the same
 * bytes, on every machine.
 */
export const FONT_FILES: readonly string[] = [
  "DejaVuSans.ttf",
  "DejaVuSans-Bold.ttf",
  "DejaVuSans-Oblique.ttf",
  "DejaVuSans-BoldOblique.ttf",
  "DejaVuSansMono.ttf",
].map((file) => join(folder, file));

/** Ascent and descent of DejaVu Sans in em, as its horizontal header states them: the box that browsers report. */
export const ASCENT = 0.928;
export const DESCENT = 0.236;
