import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { type DOMWindow, JSDOM } from "jsdom";
import { svgPathProperties } from "svg-path-properties";
import { clientEdges, localEdges, runsWidth } from "./geometry.js";

/** What this module needs of Plotly. */
interface Plotly {
  version: string;
  toImage(
    figure: object,
    options: { format: "svg"; width: number; height: number; imageDataOnly: true },
  ): Promise<string>;
}

/** A page without a screen, in which Plotly is loaded. */
export interface PlotlyPage {
  window: DOMWindow;
  plotly: Plotly;
}

const require = createRequire(import.meta.url);

/**
 * jsdom has no layout and no canvas. Plotly needs boxes of text and of groups, lengths of paths, bitmaps for heat maps
 * and a few calls of a browser that may do nothing.
 */
export function openPlotlyPage(): PlotlyPage {
  const { window } = new JSDOM("<!doctype html><body></body>", { runScripts: "outside-only", pretendToBeVisual: true });
  giveGeometry(window);
  giveCanvas(window);
  Object.assign(window, {
    matchMedia: () => ({ matches: false, addListener: ignore, removeListener: ignore, addEventListener: ignore }),
    // Asked whether pixels of a small image can be kept crisp; the rasteriser can.
    CSS: { supports: (property: string) => property === "image-rendering" },
  });
  window.URL.createObjectURL = () => "blob:";
  window.eval(readFileSync(require.resolve("plotly.js-dist"), "utf8"));
  return { window, plotly: (window as unknown as { Plotly: Plotly }).Plotly };
}

const ignore = (): void => undefined;

function giveGeometry(window: DOMWindow): void {
  const svg = window.SVGElement.prototype as unknown as Record<string, unknown>;
  svg.getBBox = function (this: Element) {
    const box = localEdges(this) ?? { left: 0, top: 0, right: 0, bottom: 0 };
    return { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  };
  svg.getBoundingClientRect = function (this: Element) {
    const box = clientEdges(this);
    return { ...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  };
  svg.getComputedTextLength = function (this: Element) {
    return runsWidth(this);
  };
  svg.getTotalLength = function (this: Element) {
    return new svgPathProperties(this.getAttribute("d") ?? "M0,0").getTotalLength();
  };
  svg.getPointAtLength = function (this: Element, length: number) {
    return new svgPathProperties(this.getAttribute("d") ?? "M0,0").getPointAtLength(length);
  };
}

function giveCanvas(window: DOMWindow): void {
  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  const backing = (element: HTMLCanvasElement): Canvas => {
    let canvas = canvases.get(element);
    if (canvas?.width !== element.width || canvas.height !== element.height) {
      canvas = createCanvas(element.width, element.height);
      canvases.set(element, canvas);
    }
    return canvas;
  };
  const prototype = window.HTMLCanvasElement.prototype as unknown as Record<string, unknown>;
  prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
    return kind === "2d" ? backing(this).getContext("2d") : null;
  };
  prototype.toDataURL = function (this: HTMLCanvasElement) {
    return backing(this).toDataURL("image/png");
  };
}
