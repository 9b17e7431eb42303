import { PROTOCOL_VERSION } from "./message.js";
import type { TslabModules } from "./tslab-modules.js";

/** The content of `kernel_info_reply`. */
export function kernelInfo({ version, typescript }: TslabModules): object {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "tslab",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      // JupyterLab looks a highlighter up by this name, nbconvert by the next.
      codemirror_mode: "typescript",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescript.version} (tslab ${version}, Node.js ${process.version})`,
    debugger: false,
    help_links: [{ text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" }],
  };
}
