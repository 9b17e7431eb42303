import path from "node:path";
import type { Output } from "./notebook.js";
import { figureOf, hasPicture } from "./outputs.js";

/**
 * Adds `image/png` beside every figure that has none. Pictures are kept by figure, so that an unchanged one is not
 * drawn again.
 *
 * @param cache folder for pictures, `.cache` of the collection
 * @throws ChartError which names the figure that cannot be drawn
 */
export async function addPictures(outputs: readonly Output[], cache: string): Promise<void> {
  const without = outputs.filter((output) => figureOf(output) !== undefined && !hasPicture(output));
  if (without.length === 0) return;
  // Loaded only here: most runs draw nothing.
  const { renderFigures } = await import("../charts/renderer.js");
  const pictures = await renderFigures(without.map(figureOf), { cacheFolder: path.join(cache, "charts") });
  without.forEach((output, index) => {
    (output.data as Record<string, unknown>)["image/png"] = pictures[index].toString("base64");
  });
}
