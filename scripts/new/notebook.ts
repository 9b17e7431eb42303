import { DAYS, type Day } from "../curriculum.js";
import { type TemplateCell, lessonCells } from "./template.js";

/** What a lesson says about itself; READMEs, drafts and the tracker are made from it. */
interface LessonMetadata {
  day: number;
  title: string;
  /** One line. */
  summary: string;
  skills: string[];
  data: string[];
  /** Days whose results this one reads. */
  needs: number[];
  /** At most four. */
  tags: string[];
  /** Seconds that the notebook may take. */
  timeBudget: number;
}

/**
 * A day's notebook, as written by `npm run new`.
 *
 * @returns the text of the `.ipynb` file, formatted as Jupyter saves it
 */
export function newNotebook(day: Day): string {
  const next = DAYS.find((other) => other.day === day.day + 1);
  const document = {
    cells: lessonCells(day, next).map(cellOf),
    metadata: {
      kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
      language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
      nn30: metadataOf(day),
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function metadataOf({ day, topic }: Day): LessonMetadata {
  return {
    day,
    title: topic,
    summary: "One line: what the reader can do, or knows, afterwards.",
    skills: ["What the reader can do afterwards, one line each"],
    data: ["What it is trained or computed on"],
    needs: [],
    tags: ["typescript", "machinelearning", "neuralnetworks", "tutorial"],
    timeBudget: 60,
  };
}

/** Keys in the order in which Jupyter writes them, so that a first save in JupyterLab changes nothing. */
function cellOf({ type, source, metadata = {} }: TemplateCell, index: number): object {
  const id = `cell-${String(index + 1).padStart(2, "0")}`;
  const lines = source.split(/(?<=\n)/);
  if (type === "markdown") return { cell_type: type, id, metadata, source: lines };
  return { cell_type: type, execution_count: null, id, metadata, outputs: [], source: lines };
}
