import type { Cell, CellSources } from "./cells.js";
import type { SourceMapRecorder } from "./source-maps.js";
import { awaitsAtTopLevel } from "./top-level-await.js";
import type { Conversion, Converter, ConverterSet, Diagnostic, TslabModules } from "./tslab-modules.js";

/** Who learns what the compiler said about the cell that is being compiled. */
export interface CompilerClient {
  compiling(): Cell | undefined;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

/** tslab's compilers, with source maps kept for stack traces and diagnostics handed on as data. */
export class TracedConverters implements ConverterSet {
  readonly node: Converter;
  private lazyBrowser: Converter | undefined;

  constructor(
    private readonly tslab: TslabModules,
    private readonly maps: SourceMapRecorder,
    private readonly sources: CellSources,
    private readonly client: CompilerClient,
  ) {
    this.node = this.traced(tslab.createConverter({ isJS: false, isBrowser: false }));
    if (!maps.active) {
      throw new Error(
        `kernel launcher: tslab ${tslab.version} does not build its compiler as expected. Run \`npm run setup\`.`,
      );
    }
  }

  get browser(): Converter {
    this.lazyBrowser ??= this.tslab.createConverter({ isJS: false, isBrowser: true });
    return this.lazyBrowser;
  }

  close(): void {
    this.node.close();
    this.lazyBrowser?.close();
  }

  private traced(converter: Converter): Converter {
    return {
      inspect: (...request) => converter.inspect(...request),
      complete: (...request) => converter.complete(...request),
      close: () => converter.close(),
      addModule: (name, content, meta) => {
        const cell = this.client.compiling();
        if (cell) this.sources.addModuleCell(name, cell);
        const diagnostics = converter.addModule(name, content, meta);
        // The module is the cell, so that its places are places in the cell.
        this.client.diagnostics(diagnostics.map((diagnostic) => ({ ...diagnostic, fileName: undefined })));
        return diagnostics;
      },
      convert: (previousDeclarations, source) => this.register(converter.convert(previousDeclarations, source)),
    };
  }

  private register(conversion: Conversion): Conversion {
    this.client.diagnostics(conversion.diagnostics);
    for (const { path, data } of conversion.sideOutputs ?? []) {
      this.sources.addFile(path, data, this.maps.take(data));
    }
    const cell = this.client.compiling();
    const { output } = conversion;
    if (!output || !cell) return conversion;
    return {
      ...conversion,
      hasToplevelAwait: conversion.hasToplevelAwait === true || awaitsAtTopLevel(this.tslab.typescript, cell.code),
      output: this.sources.addCell(cell, output, this.maps.take(output)),
    };
  }
}
