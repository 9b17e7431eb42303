/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** The part of jsdom that the chart renderer uses; the published types need a later TypeScript than tslab brings. */
declare module "jsdom" {
  export type DOMWindow = Window & typeof globalThis;

  export class JSDOM {
    constructor(html: string, options: { runScripts: "outside-only"; pretendToBeVisual: boolean });
    readonly window: DOMWindow;
  }
}
