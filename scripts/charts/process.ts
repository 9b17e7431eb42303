/** The drawing process: loads Plotly once, then draws figures one by one for the process that started it. */
import { openPlotlyPage } from "./browser.js";
import { drawSvg } from "./draw.js";
import type { DrawReply, DrawRequest } from "./messages.js";
import { rasterise } from "./rasterise.js";

const page = openPlotlyPage();

function answer(reply: DrawReply): void {
  process.send?.(reply);
}

async function draw({ figure }: DrawRequest): Promise<void> {
  try {
    answer({ kind: "picture", png: await rasterise(await drawSvg(page, figure)) });
  } catch (error) {
    answer({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

process.on("message", (request: DrawRequest) => void draw(request));
// The caller has gone, however it ended: nobody is left to draw for.
process.on("disconnect", () => process.exit());
answer({ kind: "ready" });
