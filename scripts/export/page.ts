import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import temml from "temml";
import { dayName } from "../curriculum.js";
import { UsageError, errorMessage } from "../runner/errors.js";

/** Where the page of a day lies in its folder. */
export function pageFile(day: number): string {
  return `${dayName(day)}.html`;
}

/**
 * Finishes a page that nbconvert made: formulas become MathML, which browsers draw without scripts, and links to other
 * days lead to their pages.
 *
 * @param html - The page, with formulas between `<nn30-math>` tags.
 * @param name - How messages call the notebook.
 * @throws UsageError when a formula is not TeX
 */
export function finishPage(html: string, name: string): string {
  return html
    .replaceAll(
      /<nn30-math data-display="(true|false)">([\s\S]*?)<\/nn30-math>/g,
      (_match, display: string, tex: string) => mathml(unescapeHtml(tex), display === "true", name),
    )
    .replaceAll(
      /href="(?:\.\.\/)+(?:Week\d\/)?Day(\d+)\/[^"#]*"/g,
      (_match, day: string) => `href="${pageFile(Number(day))}"`,
    )
    .replace("</style>", () => `${mathStyle()}</style>`);
}

function mathml(tex: string, displayMode: boolean, name: string): string {
  try {
    return temml.renderToString(tex, { displayMode, throwOnError: true });
  } catch (error) {
    throw new UsageError(`${name}: formula ${tex}: ${errorMessage(error).split("\n")[0]}`);
  }
}

/** Temml's style sheet for fonts that readers have, with its one small font inside. */
function mathStyle(): string {
  const style = createRequire(import.meta.url).resolve("temml/dist/Temml-Local.css");
  const font = readFileSync(path.join(path.dirname(style), "Temml.woff2")).toString("base64");
  return readFileSync(style, "utf8").replace("url('Temml.woff2')", `url(data:font/woff2;base64,${font})`);
}

function unescapeHtml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
