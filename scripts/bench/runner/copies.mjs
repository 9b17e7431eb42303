// Fresh copies of the collection, and small collections of notebooks that fail, inside the checkout: a notebook finds the
// helper package from there.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DAYS, notebookPath } from "../../build/curriculum.js";
import { workerEnvironment } from "../../build/runner/environment.js";

/** Kept out: what is generated from notebooks, which no runner reads. */
const GENERATED = /^blog_draft/;

/**
 * @param {string} root of the checkout
 * @param {string} name
 * @returns {string} an empty folder
 */
function emptyFolder(root, name) {
  const folder = join(root, ".cache", "bench-runner", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * @param {string} root of the checkout
 * @param {string} name
 * @returns {string} folder of the copy
 */
export function copyOfCourse(root, name) {
  const folder = emptyFolder(root, name);
  for (const part of ["README.md", "Week1", "Week2", "Week3", "Week4"]) {
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (source) => !GENERATED.test(basename(source)),
    });
  }
  return folder;
}

/** @param {readonly number[]} days */
export function notebooksOf(days) {
  return days.map((day) => ({ day, file: notebookPath(DAYS[day - 1]) }));
}

/**
 * The environment that every tool gets: our kernel, one thread of TensorFlow for each of the notebooks that run at once,
 * nothing of the user's own Jupyter.
 *
 * @param {string} root of the checkout
 * @param {string} folder of the copy
 * @param {number} threads
 */
export function toolEnvironment(root, folder, threads) {
  const jupyter = join(folder, ".jupyter");
  mkdirSync(join(jupyter, "ipython"), { recursive: true }); // IPython warns when it is missing
  const environment = workerEnvironment({ results: "", full: false, threads, jupyter });
  delete environment.NN30_RESULTS; // ours sets it for each notebook; elsewhere the lesson chooses its own file
  return { ...environment, JUPYTER_PATH: join(root, ".venv", "share", "jupyter") };
}

const README = `# A collection

<!-- progress-badge:start -->
<!-- progress-badge:end -->
<!-- results:start -->
<!-- results:end -->
<!-- progress-tracker:start -->
<!-- progress-tracker:end -->
`;

/** A collection whose notebooks are written for the purpose. */
export class SmallCollection {
  /** @param {string} root of the checkout @param {string} name */
  constructor(root, name) {
    this.folder = emptyFolder(root, name);
    this.write("README.md", README);
  }

  /** @param {string} file @param {string} text */
  write(file, text) {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** @param {number} day */
  notebook(day) {
    return join(this.folder, notebookPath(DAYS[day - 1]));
  }

  /** @param {number} day */
  read(day) {
    return readFileSync(this.notebook(day), "utf8");
  }

  /**
   * @param {number} day
   * @param {string[]} cells code; those that start with "# " are text
   * @param {number[]} [needs] days whose results it reads
   */
  writeDay(day, cells, needs = []) {
    const { file, topic } = { ...DAYS[day - 1] };
    const notebook = {
      cells: cells.map((source, index) => {
        const common = { id: `cell-${index}`, metadata: {}, source: source.split(/(?<=\n)/) };
        return source.startsWith("# ")
          ? { cell_type: "markdown", ...common }
          : { cell_type: "code", execution_count: null, outputs: [], ...common };
      }),
      metadata: {
        kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
        nn30: { day, title: topic, summary: file, skills: [], data: [], needs, tags: [], timeBudget: 5 },
      },
      nbformat: 4,
      nbformat_minor: 5,
    };
    this.write(notebookPath(DAYS[day - 1]), `${JSON.stringify(notebook, undefined, 1)}\n`);
  }
}
