import { toCodePoints, toUtf16 } from "./code-points.js";
import type { JupyterHandler } from "./tslab-modules.js";

/** tslab's completion and inspection, with Jupyter's positions and without failing on unfinished code. */
export class LanguageService {
  constructor(
    private readonly handler: JupyterHandler,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The content of `complete_reply`. Positions count Unicode characters. */
  complete(code: string, position: number): object {
    try {
      const found = this.handler.handleComplete({ code, cursor_pos: toUtf16(code, position) });
      return {
        ...found,
        cursor_start: toCodePoints(code, found.cursor_start),
        cursor_end: toCodePoints(code, found.cursor_end),
      };
    } catch (error) {
      this.onError(error);
      return { status: "ok", matches: [], cursor_start: position, cursor_end: position, metadata: {} };
    }
  }

  /** The content of `inspect_reply`. */
  inspect(code: string, position: number): object {
    try {
      return this.handler.handleInspect({ code, cursor_pos: toUtf16(code, position) });
    } catch (error) {
      this.onError(error);
      return { status: "ok", found: false, data: {}, metadata: {} };
    }
  }
}
