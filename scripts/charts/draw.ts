import type { PlotlyPage } from "./browser.js";
import { FONT_FAMILY, MONO_FAMILY } from "./fonts.js";
import { type FigureJson, sizeOf } from "./figure-json.js";

/** Draws a figure as SVG that the rasteriser reads the way a browser would. */
export async function drawSvg({ window, plotly }: PlotlyPage, figure: FigureJson): Promise<string> {
  const { width, height } = sizeOf(figure);
  const json = JSON.stringify({ data: figure.data, layout: still(figure.layout ?? {}) });
  // Parsed inside the page: Plotly then sees its own window's arrays and objects.
  const own = window.eval(`(${JSON.stringify(json)})`) as string;
  const parsed = (window as unknown as { JSON: JSON }).JSON.parse(own) as object;
  const svg = await plotly.toImage(parsed, { format: "svg", width, height, imageDataOnly: true });
  const document = new window.DOMParser().parseFromString(svg, "image/svg+xml");
  for (const image of document.querySelectorAll("image")) keepPixels(image);
  for (const element of document.querySelectorAll("[style]")) plainStyle(element as SVGElement);
  return new window.XMLSerializer().serializeToString(document);
}

/** Buttons and sliders do nothing in a picture. */
function still(layout: Record<string, unknown>): Record<string, unknown> {
  return { ...layout, updatemenus: undefined, sliders: undefined, autosize: false };
}

/** The cells of heat maps are bitmaps; the rasteriser knows only SVG 1.1's word for "do not smooth". */
function keepPixels(image: Element): void {
  if (image.closest(".heatmaplayer, .imagelayer .im")) image.setAttribute("image-rendering", "optimizeSpeed");
}

/**
 * Styles as the rasteriser understands them: references without quotes (with them a colour bar's gradient is black),
 * the shipped fonts by name, and no `image-rendering`, which would override {@link keepPixels}.
 */
function plainStyle(element: SVGElement): void {
  const style = element.getAttribute("style") ?? "";
  element.setAttribute(
    "style",
    style
      .replace(/url\(\s*(['"]|&quot;)(.*?)\1\s*\)/g, "url($2)")
      .replace(
        /font-family:\s*([^;]*)/g,
        (_, family: string) => `font-family: ${/mono|courier/i.test(family) ? MONO_FAMILY : FONT_FAMILY}`,
      )
      .replace(/image-rendering:[^;]*;?\s*/g, ""),
  );
}
