import { SourceMap, type SourceMapPayload } from "node:module";

import type { TypeScriptModule, TypeScriptPatch } from "./tslab-modules.js";

/** A place in a text, both numbers counted from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;
const MAP_LINK = /\n?\/\/# sourceMappingURL=[^\n]*\s*$/;

/** Follows a place in generated JavaScript back through one or more source maps. */
export class SourceMapChain {
  private decoded: SourceMap[] | undefined;

  /** @param texts the maps as JSON, the last compiler step first */
  constructor(private readonly texts: readonly string[]) {}

  original(place: Place): Place | undefined {
    this.decoded ??= this.texts.map((text) => new SourceMap(JSON.parse(text) as SourceMapPayload));
    let current = place;
    for (const map of this.decoded) {
      const entry = map.findEntry(current.line, current.column);
      if (!("originalLine" in entry)) return undefined;
      current = { line: entry.originalLine, column: entry.originalColumn };
    }
    return current;
  }
}

/**
 * Makes tslab's compiler produce source maps, which it does not by itself.
 *
 * tslab compiles in two steps: TypeScript to ES modules, then those to CommonJS. The first is told to append its map to
 * its output, where the second finds it; the pair is kept under the text that tslab gets to see.
 */
export class SourceMapRecorder {
  private readonly byOutput = new Map<string, SourceMapChain>();
  /** True once tslab has built a compiler through the patched function. */
  active = false;

  readonly patch: TypeScriptPatch = (original: TypeScriptModule) => ({
    createWatchCompilerHost: (files, options, ...rest) => {
      this.active = true;
      return original.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, ...rest);
    },
    transpileModule: (input, options) => {
      const inline = INLINE_MAP.exec(input);
      const result = original.transpileModule(inline ? input.slice(0, inline.index) : input, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const outputText = result.outputText.replace(MAP_LINK, "\n");
      const maps: string[] = [];
      if (result.sourceMapText) maps.push(result.sourceMapText);
      if (inline) maps.push(Buffer.from(inline[1], "base64").toString("utf8"));
      this.byOutput.set(outputText, new SourceMapChain(maps));
      return { ...result, outputText };
    },
  });

  /** Takes out the maps of one compiled text. */
  take(output: string): SourceMapChain | undefined {
    const chain = this.byOutput.get(output);
    this.byOutput.delete(output);
    return chain;
  }
}
