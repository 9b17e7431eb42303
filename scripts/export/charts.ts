import { z } from "zod";
import { isWholePng } from "../charts/png.js";
import { UsageError } from "../runner/errors.js";
import type { Notebook } from "../runner/notebook.js";

/** A chart that a notebook shows, as the drafts and READMEs show it. */
export interface Chart {
  /** Position of its cell among all cells and of its output among the cell's, from 0. */
  cellIndex: number;
  outputIndex: number;
  /** Name of its file: `chart-01.png` is the first chart of the draft. */
  file: string;
  /** What it shows, in words. */
  alt: string;
  png: Buffer;
  /** Tags of its cell. */
  tags: readonly string[];
}

/** Folder of a draft's pictures, beside the draft. */
export const PICTURES = "blog_draft_files";

/** Files in {@link PICTURES} that are ours to write and to remove; a person may keep others there. */
export const CHART_FILE = /^chart-\d+\.png$/;

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const displaySchema = z.looseObject({
  data: z.looseObject({ "image/png": text.optional(), "text/plain": text.optional() }),
});

/** MIME types of charts that no page can show without a script or a viewer. */
const NEEDS_PICTURE = ["application/vnd.plotly.v1+json", "image/svg+xml", "image/jpeg"];

/**
 * The charts of a notebook's draft, in order. Cells that the draft leaves out (`blog-skip`, `hide-output`) have none.
 *
 * @param notebook - With its saved outputs.
 * @param name - How messages call the notebook.
 * @throws UsageError when a chart was saved without its picture.
 */
export function chartsOf(notebook: Notebook, name: string): Chart[] {
  const charts: Chart[] = [];
  notebook.cells.forEach(({ outputs = [], metadata: { tags = [] } }, cellIndex) => {
    if (tags.includes("blog-skip") || tags.includes("hide-output")) return;
    outputs.forEach((output, outputIndex) => {
      const display = displaySchema.safeParse(output);
      if (!display.success) return;
      const { data } = display.data;
      const encoded = data["image/png"];
      if (encoded === undefined) {
        if (!NEEDS_PICTURE.some((type) => type in data)) return;
        throw new UsageError(
          `${name}, cell ${cellIndex + 1}: expected a chart with its picture (image/png) but got ` +
            `${Object.keys(data).join(", ")}. Run npm run verify -- ${notebook.metadata.nn30.day} --save first`,
        );
      }
      const png = Buffer.from(encoded, "base64");
      if (!isWholePng(png)) {
        throw new UsageError(
          `${name}, cell ${cellIndex + 1}: its picture is damaged. ` +
            `Run npm run verify -- ${notebook.metadata.nn30.day} --save first`,
        );
      }
      charts.push({
        cellIndex,
        outputIndex,
        file: `chart-${String(charts.length + 1).padStart(2, "0")}.png`,
        alt: (data["text/plain"] ?? "").replaceAll(/\s+/g, " ").trim() || "Chart",
        png,
        tags,
      });
    });
  });
  return charts;
}
