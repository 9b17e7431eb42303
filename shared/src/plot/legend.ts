import type { Layout, Trace } from "./figure.js";

/** Height of a row of the legend, and what an entry takes besides its text, in CSS pixels at the theme's font size. */
const ROW_HEIGHT = 19;
const SYMBOL_WIDTH = 46;
const CHARACTER_WIDTH = 7;
/** What a colour bar beside the plot takes away from its width. */
const COLOUR_BAR_WIDTH = 86;

/** A legend in rows above the plot. */
export const LEGEND_ABOVE = { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" } as const;

/**
 * The layout with room for every row of a legend above the plot, so that its entries do not run into the title. Plotly
 * itself makes room for one row only where a title is fixed to the top. The layout notes the rows in `meta`, so that a
 * figure made from another one's layout does not make the room twice.
 */
export function withLegendRoom(layout: Layout, data: readonly Trace[]): Layout {
  const { legend, margin, meta } = layout as {
    legend?: { y?: number };
    margin?: Record<string, number>;
    meta?: { legendRows?: number };
  };
  if (!layout.showlegend || legend?.y !== LEGEND_ABOVE.y || !margin) return layout;
  const shapes = (layout.shapes ?? []) as { name?: string; showlegend?: boolean }[];
  const names = [
    ...data.filter((trace) => trace.showlegend !== false && trace.colorbar === undefined).map(({ name }) => name ?? ""),
    ...shapes.filter((shape) => shape.showlegend === true).map((shape) => shape.name ?? ""),
  ];
  const bar = data.some(({ colorbar }) => colorbar !== undefined) ? COLOUR_BAR_WIDTH : 0;
  const room = (layout.width ?? 0) - margin.l - margin.r - bar;
  const before = meta?.legendRows ?? 1;
  const rows = rowCount(names, room);
  if (rows === before) return layout;
  return {
    ...layout,
    margin: { ...margin, t: margin.t + (rows - before) * ROW_HEIGHT },
    meta: { ...meta, legendRows: rows },
  };
}

/** Entries stand side by side where all fit; otherwise in columns as wide as the longest. */
function rowCount(names: readonly string[], room: number): number {
  const widths = names.map((name) => SYMBOL_WIDTH + CHARACTER_WIDTH * name.replace(/<[^>]*>/g, "").length);
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return 1;
  const columns = Math.max(1, Math.floor(room / Math.max(...widths)));
  return Math.ceil(names.length / columns);
}
