import { type Document, parseDocument } from "yaml";
import { UsageError } from "../runner/errors.js";
import { PICTURES } from "./charts.js";
import type { Lesson } from "./lesson.js";

const BLOCK = /^---\n([\s\S]*?)^---[ \t]*(?:\n|$)/m;

/** A file's YAML front matter, without the lines of dashes, and what follows it. */
export function splitFrontMatter(text: string): { yaml: string; rest: string } {
  const block = text.startsWith("---\n") ? BLOCK.exec(text) : null;
  return block ? { yaml: block[1], rest: text.slice(block[0].length) } : { yaml: "", rest: text };
}

/**
 * A draft's front matter, with its lines of dashes.
 *
 * Title, description and tags come from the notebook each time. What a person decides survives: `published`, a
 * `cover_image` that is an address on the web, keys of their own, comments, and the order of the keys.
 *
 * @param lesson - The day.
 * @param existing - The YAML that the draft has now, or nothing.
 * @param file - How messages call the draft.
 * @throws UsageError when the present front matter is not YAML, or a tag is not one that blog hosts accept
 */
export function frontMatter(lesson: Lesson, existing: string, file: string): string {
  const document: Document = parseDocument(existing);
  if (document.errors.length > 0) {
    throw new UsageError(`${file}: its front matter is not YAML: ${document.errors[0].message.split("\n")[0]}`);
  }
  const { day, title, summary, tags } = lesson.metadata;
  const unfit = tags.find((tag) => !/^[a-z0-9]+$/.test(tag));
  if (unfit !== undefined) {
    throw new UsageError(
      `${lesson.name}: metadata.nn30.tags: expected lower-case letters and digits but got "${unfit}"`,
    );
  }
  document.set("title", `Day ${day}: ${title}`);
  document.set("description", summary);
  document.set("tags", tags.join(", "));
  if (!document.has("published")) document.set("published", false);
  const cover = document.get("cover_image");
  if (typeof cover !== "string" || !/^https?:/.test(cover)) {
    if (lesson.charts.length > 0) document.set("cover_image", `${PICTURES}/${lesson.charts[0].file}`);
    else document.delete("cover_image");
  }
  return `---\n${document.toString({ lineWidth: 0 }).trimEnd()}\n---\n`;
}
