/** A code block of an `@example`, and where its first line stands. */
export interface Example {
  readonly source: string;
  readonly line: number;
  readonly code: string;
}

/**
 * The ts blocks that follow `@example` tags in a source file.
 *
 * @throws Error with file and line for an `@example` without such a block, or a block without an end.
 */
export function findExamples(source: string, text: string): Example[] {
  const lines = text.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
  const examples: Example[] = [];
  lines.forEach((line, tag) => {
    if (!line.startsWith("@example")) return;
    const after = lines.slice(tag + 1).findIndex((one) => one.startsWith("```ts") || /^[@/]/.test(one));
    const open = tag + 1 + after;
    if (after < 0 || !lines[open].startsWith("```ts"))
      throw new Error(`${source}:${tag + 1}: @example has no \`\`\`ts block`);
    const length = lines.slice(open + 1).findIndex((one) => one.startsWith("```") || one === "/");
    if (length < 0 || lines[open + 1 + length] === "/") {
      throw new Error(`${source}:${open + 1}: the ts block of this @example has no end`);
    }
    const code = lines.slice(open + 1, open + 1 + length).join("\n") + "\n";
    examples.push({ source, line: open + 2, code });
  });
  return examples;
}
