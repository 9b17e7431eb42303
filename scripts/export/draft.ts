import { frontMatter, splitFrontMatter } from "./front-matter.js";
import type { Lesson } from "./lesson.js";
import { generatedBlock, replaceGenerated } from "./markers.js";

/**
 * A day's blog draft.
 *
 * The front matter stands at the top, where blog hosts want it. Text that a person puts above or below the generated
 * part stays there; what {@link frontMatter} says holds for the front matter.
 *
 * @param lesson - The day.
 * @param body - The notebook as Markdown.
 * @param existing - The draft as it is now, if there is one.
 * @param file - How messages call the draft.
 */
export function blogDraft(lesson: Lesson, body: string, existing: string | undefined, file: string): string {
  const notebook = lesson.name.slice(lesson.name.lastIndexOf("/") + 1);
  const note = `<!-- Made from ${notebook} by npm run export. Edit the notebook; your own text goes above or below this part. -->`;
  const generated = `${note}\n\n${body.trim()}`;
  const { yaml, rest } = splitFrontMatter(existing ?? "");
  const text =
    existing === undefined
      ? `\n${generatedBlock("generated", generated)}\n`
      : replaceGenerated(rest, "generated", generated, file);
  return frontMatter(lesson, yaml, file) + text;
}
