// What can be wrong with a notebook, made so that each fault is one of its kind.

/**
 * @typedef {object} Fault
 * @property {string} what
 * @property {(collection: import("./copies.mjs").SmallCollection) => void} prepare writes that notebook and what it needs
 * @property {number} [day] whose notebook is run; Day 1's by default
 * @property {string} [place] text of the cell that is to blame; without one, the notebook is
 * @property {{ first: "run" | "save", alter: (collection: import("./copies.mjs").SmallCollection) => void, then: "again" | "check" }} [later]
 *   the fault comes after a run that is green
 */

const LESSON = [
  'import { lesson } from "@nn30/shared";',
  "const day = lesson(1, { seed: 1 });",
  'day.claim("one", { what: "The number one", value: 1, atLeast: 1 });',
].join("\n");

/** @param {number} value */
const resultsWithClaim = (value) => {
  const claim = { id: "one", what: "The number one", value, shown: String(value), target: "≥ 1", holds: true };
  const claims = [{ ...claim, tolerance: 1e-6 }];
  return JSON.stringify({ format: 1, day: 1, seed: 1, versions: {}, claims, experiments: {} });
};

/** @param {string[]} cells @returns {Fault["prepare"]} */
const cells =
  (...cells) =>
  (collection) =>
    collection.writeDay(1, cells);

const RESULTS = "Week1/Day1/results.json";

/** @type {Fault[]} */
export const faults = [
  {
    what: "A cell throws",
    prepare: cells(LESSON, "throw new RangeError('expected [32, 10]');"),
    place: "throw new RangeError",
  },
  {
    what: "A cell does not compile",
    prepare: cells(LESSON, "const count: number = 'text';"),
    place: "const count: number",
  },
  {
    what: "The kernel is killed in a cell",
    prepare: cells(LESSON, "process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => undefined);"),
    place: "process.kill",
  },
  {
    what: "A promise that nobody awaits is rejected; more cells follow",
    prepare: cells(
      LESSON,
      "void Promise.reject(new Error('floating'));\n'done';",
      "await new Promise((resolve) => setTimeout(resolve, 500));",
    ),
    place: "Promise.reject",
  },
  {
    what: "The same, after the last cell has ended",
    prepare: cells(LESSON, "setTimeout(() => void Promise.reject(new Error('late')), 300);\n'done';"),
  },
  { what: "A cell never ends", prepare: cells(LESSON, "while (true) {}"), place: "while (true)" },
  {
    what: "A cell never stops printing",
    prepare: cells(
      LESSON,
      "const line = 'x'.repeat(10_000);\nfor (;;) {\n  console.log(line);\n  await new Promise((r) => setTimeout(r, 0));\n}",
    ),
    place: "const line",
  },
  {
    what: "A cell prints 50 MB",
    prepare: cells(LESSON, "const text = 'y'.repeat(50_000_000);\nconsole.log(text);"),
    place: "const text",
  },
  {
    what: "A claim that does not hold",
    prepare: cells(LESSON, 'day.claim("two", { what: "Accuracy", value: 0.8, atLeast: 0.95 });'),
    place: 'day.claim("two"',
  },
  { what: "A notebook that claims nothing", prepare: cells("1 + 1;") },
  {
    what: "A result that is not the committed one",
    prepare: (collection) => {
      collection.writeDay(1, [LESSON]);
      collection.write(RESULTS, resultsWithClaim(2));
    },
  },
  {
    what: "A number in the text that is not the claim's",
    prepare: cells("# The number one\nIt is [2](#claim-one).", LESSON),
    place: "It is [2](#claim-one)",
  },
  { what: "A file that is not JSON", prepare: (collection) => collection.write(notebookOf(collection), "{ not JSON") },
  { what: "A notebook without cells", prepare: cells() },
  {
    what: "Code that was changed after its outputs were saved",
    prepare: cells(LESSON),
    later: { first: "save", alter: (collection) => changeCode(collection), then: "check" },
  },
  {
    what: "An input that has changed since the notebook last passed",
    prepare: (collection) => {
      collection.writeDay(1, [LESSON]);
      const read = 'JSON.parse(fs.readFileSync("../Day1/results.json", "utf8")).claims[0].value';
      const test = `const value = ${read};\nif (value !== 1) throw new Error("expected 1");`;
      collection.writeDay(2, [`import fs from "node:fs";\n${LESSON.replace("lesson(1", "lesson(2")}\n${test}`], [1]);
      collection.write(RESULTS, resultsWithClaim(1));
    },
    day: 2,
    place: "if (value !== 1)",
    later: { first: "run", alter: (collection) => collection.write(RESULTS, resultsWithClaim(2)), then: "again" },
  },
];

/** @param {import("./copies.mjs").SmallCollection} collection */
function notebookOf(collection) {
  return collection.notebook(1).slice(collection.folder.length + 1);
}

/** Changes code, and not what it gives. @param {import("./copies.mjs").SmallCollection} collection */
function changeCode(collection) {
  const notebook = JSON.parse(collection.read(1));
  notebook.cells[0].source.push("\nvoid 0;");
  collection.write(notebookOf(collection), `${JSON.stringify(notebook, undefined, 1)}\n`);
}
