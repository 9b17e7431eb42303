import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "./chromium.js";
import { DayCopy, LabSession } from "./session.js";

const executablePath = findChromium();
const ARTEFACTS = path.resolve(import.meta.dirname, "../../.cache/artefacts");

const PLOTLY = "application/vnd.plotly.v1+json";

/** A code cell as JupyterLab's own model has it: cells out of sight need not be drawn. */
interface CellState {
  number: number | null;
  outputs: { type: string; stream?: string; text: string; mime: string[] }[];
}

const PANEL = "window.jupyterapp.shell.currentWidget";
const KERNEL_IDLE = `${PANEL}?.sessionContext?.session?.kernel?.status === "idle"`;
const STATES = `[...${PANEL}.content.model.cells].filter((cell) => cell.type === "code").map((cell) => ({
  number: cell.executionCount,
  outputs: cell.sharedModel.outputs.map((output) => ({
    type: output.output_type,
    stream: output.name,
    text: JSON.stringify(output.text ?? output.evalue ?? ""),
    mime: Object.keys(output.data ?? {}),
  })),
}))`;

describe.skipIf(executablePath === undefined)("Day 1 in a browser", { timeout: 180_000 }, () => {
  let day: DayCopy;
  let lab: LabSession;
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    day = new DayCopy();
    lab = await LabSession.start("--ContentsManager.allow_hidden=True", "--LabApp.expose_app_in_browser=True");
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
    });
    page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => failures.push(error.message));
    await page.goto(`${lab.origin}/lab/tree/${day.name}?token=${lab.token}&reset`);
    await page.waitForSelector(".jp-Notebook .jp-CodeCell");
    await page.waitForFunction(KERNEL_IDLE);
  }, 120_000);

  afterAll(async () => {
    await (browser as Browser | undefined)?.close();
    await (lab as LabSession | undefined)?.interrupt(); // undefined when it did not start
    (day as DayCopy | undefined)?.remove();
  });

  test("Run All gives every cell its number and no error", async () => {
    await page.click(".lm-MenuBar-itemLabel:text-is('Run')");
    await page.click(".lm-Menu-itemLabel:text-is('Run All Cells')");
    // A cell that fails ends the run.
    const ended = `((cells) => cells.every((cell) => cell.number !== null) || cells.some(({ outputs }) =>
      outputs.some(({ type }) => type === "error")))(${STATES}) && ${KERNEL_IDLE}`;
    await page.waitForFunction(ended, undefined, { timeout: 150_000 });
    const cells = await page.evaluate<CellState[]>(STATES);
    expect(cells.length).toBeGreaterThan(3);
    const wrong = cells.flatMap(({ outputs }) => outputs).filter((o) => o.type === "error" || o.stream === "stderr");
    expect(wrong).toEqual([]);
    expect(cells.map(({ number }) => number)).toEqual(cells.map((_, index) => index + 1));
    expect(await page.locator(".jp-Dialog").count()).toBe(0);
  });

  test("a chart is drawn and answers the mouse", async () => {
    const cells = await page.evaluate<CellState[]>(STATES);
    const plotted = cells.findIndex(({ outputs }) => outputs.some(({ mime }) => mime.includes(PLOTLY)));
    // Cells out of sight are not drawn.
    await page.evaluate(`(() => {
      const { content } = ${PANEL};
      const codeCells = content.widgets.filter((cell) => cell.model.type === "code");
      content.activeCellIndex = content.widgets.indexOf(codeCells[${plotted}]);
      return content.scrollToCell(content.activeCell, "center");
    })()`);
    const chart = page.locator(".jp-Cell.jp-mod-active .js-plotly-plot");
    await page.waitForFunction(
      "document.querySelector('.jp-mod-active .js-plotly-plot .main-svg .trace path') !== null",
    );
    await chart.evaluate("(element) => element.scrollIntoView({ block: 'center' })");
    mkdirSync(ARTEFACTS, { recursive: true });
    await page.screenshot({ path: path.join(ARTEFACTS, "lab-day1.png") });
    const labels = chart.locator(".hoverlayer .hovertext");
    expect(await labels.count()).toBe(0);
    const point = await chart.locator(".trace .points path").first().boundingBox();
    if (point === null) throw new Error("the chart shows no point");
    await page.mouse.move(point.x + point.width / 2, point.y + point.height / 2, { steps: 5 });
    await labels.first().waitFor();
    expect(await labels.first().textContent()).not.toBe("");
    await page.screenshot({ path: path.join(ARTEFACTS, "lab-day1-hover.png") });
  });

  test("Tab completes the members of a value, Shift+Tab shows its type", async () => {
    await page.evaluate(`${PANEL}.content.activeCellIndex = ${PANEL}.content.widgets.length - 1`);
    await page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')");
    await page.evaluate("window.jupyterapp.commands.execute('notebook:enter-edit-mode')");
    await page.waitForSelector(".jp-mod-completer-enabled");
    await page.keyboard.type("day.");
    await page.keyboard.press("Tab");
    await page.waitForSelector(".jp-Completer-item");
    const members = await page.locator(".jp-Completer-item .jp-Completer-match").allTextContents();
    expect(members).toEqual(expect.arrayContaining(["claim", "seed"]));
    await page.screenshot({ path: path.join(ARTEFACTS, "lab-completion.png") });
    await page.locator(".jp-Completer-match:text-is('claim')").click();
    await page.waitForSelector(".jp-Completer-item", { state: "hidden" });
    await page.keyboard.press("Shift+Tab");
    await page.waitForSelector(".jp-Tooltip");
    expect(await page.locator(".jp-Tooltip").textContent()).toMatch(/claim.*id: string/s);
    await page.screenshot({ path: path.join(ARTEFACTS, "lab-inspection.png") });
  });

  test("the page itself had no failure", () => {
    expect(failures).toEqual([]);
  });
});
