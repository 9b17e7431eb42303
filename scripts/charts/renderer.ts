import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { keepPicture, pictureKey, readPicture } from "./cache.js";
import { ChartError, type FigureJson, checkFigure, figureName } from "./figure-json.js";
import type { DrawReply } from "./messages.js";

export { ChartError, type FigureJson } from "./figure-json.js";

/** Options of {@link FigureRenderer}. */
export interface RendererOptions {
  /** Where pictures are kept between runs, e.g. `.cache/charts`; default: nowhere. */
  cacheFolder?: string;
  /** How long one figure may take, in milliseconds, once Plotly is loaded; default 20,000. */
  timeoutMs?: number;
}

const STARTUP_TIMEOUT_MS = 60_000;

/**
 * Draws figures as PNG in a process of its own, started when the first figure needs it: a figure that hangs or crashes
 * costs that figure, and the next one gets a new process. Figures are drawn in the order in which they are asked for.
 */
export class FigureRenderer {
  readonly #options: RendererOptions;
  #child: ChildProcess | undefined;
  #ready: Promise<unknown> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RendererOptions = {}) {
    this.#options = options;
  }

  /** The drawing process, if one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * One figure's picture, at two device pixels for a CSS pixel; the same bytes for the same figure.
   *
   * @throws ChartError, naming the figure, when it cannot be drawn, takes too long or ends the drawing process.
   */
  async render(figure: unknown): Promise<Buffer> {
    checkFigure(figure);
    const folder = this.#options.cacheFolder;
    const key = folder === undefined ? "" : await pictureKey(figure);
    const kept = folder === undefined ? undefined : await readPicture(folder, key);
    if (kept) return kept;
    const drawn = this.#last.then(() => this.#draw(figure));
    this.#last = drawn.catch(() => undefined);
    const png = await drawn;
    if (folder !== undefined) await keepPicture(folder, key, png);
    return png;
  }

  /** Ends the drawing process. The renderer can be used again. */
  close(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#ready = undefined;
  }

  async #draw(figure: FigureJson): Promise<Buffer> {
    const name = figureName(figure);
    const timeoutMs = this.#options.timeoutMs ?? 20_000;
    try {
      const child = await this.#start();
      const reply = this.#reply(child, timeoutMs);
      child.send({ figure });
      const answer = await reply;
      if (answer.kind === "picture") return Buffer.from(answer.png);
      throw new Error(answer.kind === "failed" ? answer.reason : "the drawing process answered out of turn");
    } catch (error) {
      throw new ChartError(`figure ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #start(): Promise<ChildProcess> {
    if (this.#child) {
      await this.#ready;
      return this.#child;
    }
    const child = fork(fileURLToPath(new URL("./process.js", import.meta.url)), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    // An idle drawing process does not keep the caller alive; when the caller ends, its channel closes and so does it.
    child.unref();
    child.channel?.unref();
    this.#child = child;
    this.#ready = this.#reply(child, STARTUP_TIMEOUT_MS);
    await this.#ready;
    return child;
  }

  /** The next message of the drawing process. Without one in time, or when it ends, the process is given up. */
  #reply(child: ChildProcess, timeoutMs: number): Promise<DrawReply> {
    return new Promise((resolve, reject) => {
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit).off("error", onError);
        end();
      };
      const giveUp = (reason: string): void => {
        if (this.#child === child) this.close();
        finish(() => reject(new Error(reason)));
      };
      const onMessage = (reply: DrawReply): void => finish(() => resolve(reply));
      const onExit = (code: number | null, signal: string | null): void =>
        giveUp(`the drawing process ended (${signal ?? `exit code ${code}`})`);
      const onError = (error: Error): void => giveUp(`the drawing process failed: ${error.message}`);
      const timer = setTimeout(() => giveUp(`was not drawn within ${timeoutMs / 1000} s`), timeoutMs);
      child.on("message", onMessage).on("exit", onExit).on("error", onError);
    });
  }
}

/**
 * The pictures of several figures, in their order.
 *
 * @param figures contents of `application/vnd.plotly.v1+json`.
 * @throws ChartError for the first figure that cannot be drawn.
 */
export async function renderFigures(figures: readonly unknown[], options: RendererOptions = {}): Promise<Buffer[]> {
  // Before anything is drawn: a figure of an unsupported kind is known at once.
  for (const figure of figures) checkFigure(figure);
  const renderer = new FigureRenderer(options);
  try {
    return await Promise.all(figures.map((figure) => renderer.render(figure)));
  } finally {
    renderer.close();
  }
}

/** The picture of one figure; {@link renderFigures} or a {@link FigureRenderer} loads Plotly once for many. */
export async function renderFigure(figure: unknown, options: RendererOptions = {}): Promise<Buffer> {
  const [png] = await renderFigures([figure], options);
  return png;
}
