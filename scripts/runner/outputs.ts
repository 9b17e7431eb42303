import { stripVTControlCharacters } from "node:util";
import { isWholePng } from "../charts/png.js";
import type { Output } from "./notebook.js";

const PLOTLY = "application/vnd.plotly.v1+json";

/** Lines that native libraries print when they start; they say nothing about the lesson. */
const START_UP_NOISE = [
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IW] .*\n?/gm,
  /^WARNING: All log messages before absl::InitializeLog\(\).*\n?/gm,
  /^I0000 .*\n?/gm,
  /^=+\nHi, looks like you are running TensorFlow\.js in Node\.js\.[\s\S]*?\n=+\n?/gm,
];

export interface PathReplacement {
  pattern: RegExp;
  shown: string;
}

/** Shows a machine's path as something shorter; the neighbours of the path keep encoded data from being hit. */
export function replacePath(path: string, shown: string): PathReplacement {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return { pattern: new RegExp(`(?<![A-Za-z0-9+/=])(?:file://)?${escaped}(?=[/\\\\:"'\\s),]|$)`, "g"), shown };
}

/**
 * Outputs as they are committed: without terminal colours, ids, timings, machine paths and start-up noise, so that
 * they depend on nothing but the code.
 *
 * @param outputs as executed
 * @param count the cell's number
 * @param replacements machine paths, and what stands for them
 */
export function normaliseOutputs(
  outputs: readonly Output[],
  count: number,
  replacements: readonly PathReplacement[],
): Output[] {
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") {
      return replacements.reduce((text, { pattern, shown }) => text.replace(pattern, shown), value);
    }
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value);
      return Object.fromEntries(entries.map(([key, item]) => [key, key.startsWith("image/") ? item : clean(item)]));
    }
    return value;
  };
  return outputs.flatMap((output): Output[] => {
    const tidy = clean(output) as Output;
    switch (tidy.output_type) {
      case "stream": {
        const text = withoutNoise(stripVTControlCharacters(joined(tidy.text)));
        return text === "" ? [] : [{ name: tidy.name, output_type: "stream", text }];
      }
      case "execute_result":
      case "display_data": {
        const result = {
          data: normaliseBundle(tidy.data as Record<string, unknown>),
          metadata: tidy.metadata ?? {},
          output_type: tidy.output_type,
        };
        return [tidy.output_type === "execute_result" ? { ...result, execution_count: count } : result];
      }
      default:
        return [
          {
            ename: tidy.ename,
            evalue: tidy.evalue,
            output_type: "error",
            traceback: (tidy.traceback as string[]).map((line) => stripVTControlCharacters(line)),
          },
        ];
    }
  });
}

function normaliseBundle(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => {
      if (type !== "text/plain" && type !== "text/markdown") return [type, value];
      return [type, stripVTControlCharacters(joined(value))];
    }),
  );
}

function withoutNoise(text: string): string {
  return START_UP_NOISE.reduce((rest, noise) => rest.replace(noise, ""), text);
}

/** Notebook files hold text as a string or as its lines. */
function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}

/** The figure in an output, where there is one. */
export function figureOf(output: Output): unknown {
  return (output.data as Record<string, unknown> | undefined)?.[PLOTLY];
}

/** Whether an output has a picture beside its figure, all of it. */
export function hasPicture(output: Output): boolean {
  const png = pictureOf(output);
  return png !== undefined && isWholePng(png);
}

/** Whether an output has a picture of which a part is missing. */
export function hasDamagedPicture(output: Output): boolean {
  const png = pictureOf(output);
  return png !== undefined && !isWholePng(png);
}

function pictureOf(output: Output): Buffer | undefined {
  const encoded = (output.data as Record<string, unknown> | undefined)?.["image/png"];
  return encoded === undefined ? undefined : Buffer.from(joined(encoded), "base64");
}
