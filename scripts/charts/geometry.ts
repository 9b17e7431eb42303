import { DOMMatrix, GlobalFonts, Path2D, createCanvas } from "@napi-rs/canvas";
import { ASCENT, DESCENT, FONT_FAMILY, FONT_FILES, MONO_FAMILY } from "./fonts.js";

/** A rectangle by its edges. */
export interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

for (const file of FONT_FILES) GlobalFonts.registerFromPath(file);
const context = createCanvas(1, 1).getContext("2d");

/** An element's attribute as a number; CSS lengths lose their unit, which in Plotly's SVG is always the pixel. */
function numeric(element: Element, attribute: string): number {
  return parseFloat(element.getAttribute(attribute) ?? "0") || 0;
}

/** The nearest declaration of an inherited text property, in `style` or as an attribute. */
function inherited(element: Element, property: string): string | undefined {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const value = (at as SVGElement).style?.getPropertyValue(property) || at.getAttribute(property);
    if (value) return value;
  }
  return undefined;
}

/** The size of an element's text in pixels; percentages and em count from the parent's. */
function fontSize(element: Element): number {
  const value = (element as SVGElement).style?.getPropertyValue("font-size") || element.getAttribute("font-size");
  const parent = element.parentElement;
  if (!value) return parent ? fontSize(parent) : 12;
  const size = parseFloat(value);
  if (parent && value.endsWith("%")) return (fontSize(parent) * size) / 100;
  if (parent && value.endsWith("em")) return fontSize(parent) * size;
  return size;
}

function textWidth(text: string, element: Element): number {
  const weight = inherited(element, "font-weight") ?? "normal";
  const style = inherited(element, "font-style") ?? "normal";
  const family = /mono|courier/i.test(inherited(element, "font-family") ?? "") ? MONO_FAMILY : FONT_FAMILY;
  context.font = `${style} ${weight} ${fontSize(element)}px "${family}"`;
  return context.measureText(text).width;
}

/** Sum of the widths of an element's runs of text, each in its own weight, style and size. */
export function runsWidth(element: Element): number {
  let width = 0;
  for (const node of element.childNodes) {
    if (node.nodeType === 3) width += textWidth(node.textContent ?? "", element);
    else if (node.nodeType === 1) width += runsWidth(node as Element);
  }
  return width;
}

/** The box of a text: its lines (`tspan.line`, each moved down by its `dy` in em) side by side with its anchor. */
function textEdges(text: Element): Edges | undefined {
  if (!text.textContent) return undefined;
  const size = fontSize(text);
  const found = [...text.querySelectorAll("tspan.line")];
  const lines = found.length > 0 ? found : [text];
  const anchor = inherited(text, "text-anchor") ?? "start";
  const boxes = lines.map((line): Edges => {
    const width = runsWidth(line);
    const x = line.hasAttribute("x") ? numeric(line, "x") : numeric(text, "x");
    const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
    const shift = line === text ? 0 : numeric(line, "dy") * size;
    const baseline = numeric(text, "y") + shift;
    return { left, right: left + width, top: baseline - ASCENT * size, bottom: baseline + DESCENT * size };
  });
  return union(boxes);
}

function union(boxes: readonly Edges[]): Edges | undefined {
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** The `transform` attribute as a matrix: translate, rotate (also about a point), scale and matrix. */
function transformOf(element: Element): DOMMatrix {
  const matrix = new DOMMatrix();
  for (const [, name, list] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const [a = 0, b, c, d = 0, e = 0, f = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix.translateSelf(a, b ?? 0);
    else if (name === "scale") matrix.scaleSelf(a, b ?? a);
    else if (name === "matrix") matrix.multiplySelf(new DOMMatrix([a, b ?? 0, c ?? 0, d, e, f]));
    else if (name === "rotate")
      matrix
        .translateSelf(b ?? 0, c ?? 0)
        .rotateSelf(a)
        .translateSelf(-(b ?? 0), -(c ?? 0));
  }
  return matrix;
}

function transformed(box: Edges, matrix: DOMMatrix): Edges {
  const corners = [
    [box.left, box.top],
    [box.right, box.top],
    [box.right, box.bottom],
    [box.left, box.bottom],
  ].map(([x, y]) => [matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f]);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** An element's box in its own coordinates (SVG's `getBBox`), or undefined where it draws nothing. */
export function localEdges(element: Element): Edges | undefined {
  const [x, y] = [numeric(element, "x"), numeric(element, "y")];
  switch (element.localName) {
    case "text":
      return textEdges(element);
    case "rect":
    case "image":
    case "foreignObject":
      return { left: x, top: y, right: x + numeric(element, "width"), bottom: y + numeric(element, "height") };
    case "circle": {
      const [cx, cy, r] = [numeric(element, "cx"), numeric(element, "cy"), numeric(element, "r")];
      return { left: cx - r, top: cy - r, right: cx + r, bottom: cy + r };
    }
    case "line": {
      const [x1, x2] = [numeric(element, "x1"), numeric(element, "x2")];
      const [y1, y2] = [numeric(element, "y1"), numeric(element, "y2")];
      return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
    }
    case "path": {
      const outline = element.getAttribute("d");
      if (!outline) return undefined;
      const [left, top, right, bottom] = new Path2D(outline).computeTightBounds();
      return { left, top, right, bottom };
    }
    case "defs":
    case "clipPath":
    case "title":
      return undefined;
    default:
      return union(
        [...element.children].flatMap((child) => {
          const box = localEdges(child);
          return box ? [transformed(box, transformOf(child))] : [];
        }),
      );
  }
}

/** An element's box after its own and its ancestors' transforms (`getBoundingClientRect`). */
export function clientEdges(element: Element): Edges {
  let box = localEdges(element) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  for (let at: Element | null = element; at && at.localName !== "div"; at = at.parentElement) {
    box = transformed(box, transformOf(at));
  }
  return box;
}
