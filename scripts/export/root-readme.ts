import { dayFolder } from "../curriculum.js";
import { PICTURES } from "./charts.js";
import { metMark, publishedSource } from "./claims.js";
import { type Lesson, leadingChart } from "./lesson.js";
import { image, markdownTable } from "./markdown.js";

/**
 * The results of the collection: a row a day and a chart a week.
 *
 * @param lessons - Every finished day, in order.
 * @param hasPictures - Whether a day's pictures lie beside its draft.
 */
export function resultsSection(lessons: readonly Lesson[], hasPictures: (lesson: Lesson) => boolean): string {
  if (lessons.length === 0) return "";
  const rows = lessons.map((lesson) => {
    const { day, headline } = lesson;
    const { what, shown, target, published } = headline;
    return [
      String(day.day),
      `[${day.topic}](${dayFolder(day)}/README.md)`,
      what,
      `**${shown}**`,
      target,
      published ? `${published.shown} (${publishedSource(published)})` : "",
      metMark(headline),
    ];
  });
  const heads = ["Day", "Topic", "Claim", "Value", "Target", "Published", "Met"];
  const pictured = lessons.filter((lesson) => lesson.charts.length > 0 && hasPictures(lesson));
  return [markdownTable(heads, rows, "rllrrll"), ...weekCharts(pictured)].join("\n\n");
}

/** For each week the chart of its cell tagged `week-chart`, else the first chart of its latest day. */
function weekCharts(lessons: readonly Lesson[]): string[] {
  return [1, 2, 3, 4].flatMap((week) => {
    const days = lessons.filter(({ day }) => day.week === week).reverse();
    const lesson = days.find(({ charts }) => charts.some(({ tags }) => tags.includes("week-chart"))) ?? days[0];
    const chart = lesson && leadingChart(lesson);
    if (!chart) return [];
    const folder = dayFolder(lesson.day);
    const picture = image(chart.alt, `${folder}/${PICTURES}/${chart.file}`);
    const caption = `Week ${week}, [Day ${lesson.day.day} · ${lesson.day.topic}](${folder}/README.md)`;
    return [`[${picture}](${folder}/README.md)`, `*${caption}*`];
  });
}
