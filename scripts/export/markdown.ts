/** Text as a cell of a Markdown table. */
function cellText(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

/** A Markdown table. `aligned` has one letter a column: `l` or `r`. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[], aligned: string): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(" | ")} |`;
  const rule = [...aligned].map((side) => (side === "r" ? "---:" : "---"));
  return [line(heads), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** A picture with its description. */
export function image(alt: string, url: string): string {
  return `![${alt.replaceAll(/([\\[\]])/g, "\\$1")}](${encodeURI(url)})`;
}

/** A fenced block of code, with a fence longer than any in it. */
export function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code.trim()}\n${fence}`;
}

/** A bullet list. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item.trim()}`).join("\n");
}
