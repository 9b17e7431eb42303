import { section, splice } from "../readme/splice.js";
import { UsageError } from "../runner/errors.js";

/**
 * Puts generated text between `<!-- name:start -->` and `<!-- name:end -->` and leaves everything else as it is.
 *
 * @param text - The file as it stands.
 * @param name - Name of the pair of markers.
 * @param generated - What belongs between them.
 * @param file - How messages call the file.
 * @throws UsageError when the file does not have exactly one such pair, so that nothing a person wrote is lost.
 */
export function replaceGenerated(text: string, name: string, generated: string, file: string): string {
  try {
    if (section(text, name, file) === generated.trim()) return text;
    return splice(text, name, between(generated), file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `${error.message}. Generated text goes between <!-- ${name}:start --> and <!-- ${name}:end -->, each on a line ` +
        `of its own: add them where it belongs, or delete the file to have it made anew`,
    );
  }
}

/** Generated text with its markers around it. */
export function generatedBlock(name: string, generated: string): string {
  return `<!-- ${name}:start -->\n${between(generated)}\n<!-- ${name}:end -->`;
}

/** Empty lines set the text apart, or a Markdown parser takes its first lines for part of the comment. */
function between(generated: string): string {
  return generated.trim() === "" ? "" : `\n${generated.trim()}\n`;
}
