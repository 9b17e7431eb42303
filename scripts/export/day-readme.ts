import { posix } from "node:path";
import { DAYS, dayFolder } from "../curriculum.js";
import { UsageError } from "../runner/errors.js";
import { PICTURES } from "./charts.js";
import { type Claim, claimsTable, metMark, publishedSource } from "./claims.js";
import { type Lesson, leadingChart } from "./lesson.js";
import { bullets, fenced, image, markdownTable } from "./markdown.js";

/**
 * The generated part of a day's README.
 *
 * @param lesson - The day.
 * @param exists - Whether the collection has a notebook of a day: neighbours are linked where they exist.
 * @throws UsageError when no cell is tagged as the key one
 */
export function dayReadme(lesson: Lesson, exists: (day: number) => boolean): string {
  const { metadata, day, claims, headline } = lesson;
  const chart = leadingChart(lesson);
  const notebook = posix.basename(lesson.name);
  const sections = [
    `# Day ${day.day} · ${metadata.title}`,
    metadata.summary,
    links(lesson, notebook, exists),
    ...(chart ? [image(chart.alt, `${PICTURES}/${chart.file}`)] : []),
    "## What you learn",
    bullets(metadata.skills),
    "## The key idea in code",
    fenced(keySnippet(lesson), "typescript"),
    "## Result",
    headlineTable(headline),
    ...(headline.published?.met === false
      ? [`**Why the published number is missed:** ${headline.published.reason ?? ""}`]
      : []),
    "## All claims",
    "Each of these is checked every time the notebook runs; a claim that does not hold fails it.",
    claimsTable(claims),
    "## Data",
    bullets(metadata.data),
    "## Run it",
    [
      "From the root of the repository, in JupyterLab or headlessly:",
      "",
      fenced(`npm run lab\nnpm run verify -- ${day.day}`, "sh"),
    ].join("\n"),
  ];
  return sections.join("\n\n");
}

function links({ day, metadata }: Lesson, notebook: string, exists: (day: number) => boolean): string {
  const to = (other: number, label: string) =>
    `[${label}](${posix.relative(dayFolder(day), dayFolder(DAYS[other - 1]))}/README.md)`;
  const [previous, next] = [day.day - 1, day.day + 1];
  const parts = [
    ...(previous >= 1 && exists(previous) ? [to(previous, `← Day ${previous}`)] : []),
    `**[Notebook](${notebook})**`,
    "[Blog draft](blog_draft.md)",
    ...(next <= DAYS.length && exists(next) ? [to(next, `Day ${next} →`)] : []),
  ];
  const needed = metadata.needs.map((need) => (exists(need) ? to(need, `Day ${need}`) : `Day ${need}`));
  return parts.join(" · ") + (needed.length > 0 ? `\n\nBuilds on ${needed.join(", ")}.` : "");
}

function keySnippet({ notebook, name }: Lesson): string {
  const key = notebook.cells.find(({ cell_type, metadata }) => cell_type === "code" && metadata.tags?.includes("key"));
  if (key) return key.source;
  throw new UsageError(
    `${name}: expected a code cell tagged "key", the snippet that its README shows, but there is none. ` +
      `Tag one in JupyterLab (Property Inspector › Cell Tags)`,
  );
}

function headlineTable(claim: Claim): string {
  const { what, shown, target, baseline, published } = claim;
  const rows = [
    ["**This notebook**", `**${shown}**`],
    ["Target", `${target} ✓`],
    ...(baseline ? [[`Baseline: ${baseline.what}`, baseline.shown]] : []),
    ...(published ? [[`Published: ${publishedSource(published)}`, `${published.shown} ${metMark(claim)}`]] : []),
  ];
  return markdownTable([what, "Value"], rows, "lr");
}
