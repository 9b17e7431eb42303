import type { FigureJson } from "./figure-json.js";

/** What the drawing process is asked. */
export interface DrawRequest {
  figure: FigureJson;
}

/** What it answers: first that it is ready, then to each request a picture or why there is none. */
export type DrawReply = { kind: "ready" } | { kind: "picture"; png: Uint8Array } | { kind: "failed"; reason: string };
