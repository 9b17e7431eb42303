// The runners that are compared, each started as its documentation says, two notebooks at a time.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** @typedef {import("./observe.mjs").Command} Command */

/**
 * What a tool is to run.
 *
 * @typedef {object} Job
 * @property {string} root of the checkout
 * @property {string} folder the copy of the collection
 * @property {{ day: number, file: string }[]} notebooks
 * @property {number} cellTimeout seconds
 * @property {boolean} saves whether the outputs go into the notebooks
 */

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} how the command, for readers
 * @property {(job: Job) => Command[]} [check] looks at what is saved, runs nothing
 * @property {RegExp} [confesses] what its output says about a failure that its exit code does not
 * @property {boolean} caches whether it remembers what has passed
 * @property {(job: Job) => Command[]} run
 * @property {(job: Job) => Command[]} again the second run, over notebooks that have not changed
 */

export const JOBS = 2;

/**
 * @param {string} python of the environment with the peers
 * @returns {Tool[]} ours first
 */
export function tools(python) {
  const program = (/** @type {string} */ name) => join(dirname(python), name);
  const files = (/** @type {Job} */ { folder, notebooks }) => notebooks.map(({ file }) => join(folder, file));

  /** @param {Job} job @param {string[]} options @returns {Command[]} */
  const verify = ({ root, folder, notebooks }, options) => {
    const days = notebooks.map(({ day }) => String(day));
    const command = [join(root, "scripts/build/verify.js"), "--root", folder];
    return [{ program: process.execPath, args: [...command, ...options, ...days] }];
  };
  /** @param {Job} job */
  const ours = (job) =>
    verify(job, ["--jobs", String(JOBS), "--timeout", String(job.cellTimeout), ...(job.saves ? ["--save"] : [])]);

  /** @param {Job} job @returns {Command[]} */
  const nbmake = (job) => [
    {
      program: program("pytest"),
      args: [
        ...[
          "--nbmake",
          "-n",
          String(JOBS),
          `--nbmake-timeout=${job.cellTimeout}`,
          ...(job.saves ? ["--overwrite"] : []),
        ],
        ...files(job),
      ],
    },
  ];

  /** @param {Job} job @returns {Command[]} */
  const papermill = (job) => {
    const options = ["--no-progress-bar", "--execution-timeout", String(job.cellTimeout)];
    const single = files(job).length === 1 ? files(job)[0] : undefined;
    if (single !== undefined) {
      const output = job.saves ? single : single.replace(/\.ipynb$/, ".out.ipynb");
      return [{ program: program("papermill"), args: [...options, "--cwd", dirname(single), single, output] }];
    }
    const one = `exec "$0" ${options.join(" ")} --cwd "$(dirname "$1")" "$1" "\${1%.ipynb}.out.ipynb"`;
    const script = `printf '%s\\0' "$@" | xargs -0 -n 1 -P ${JOBS} sh -c '${one}' "$0"`;
    return [{ program: "sh", args: ["-c", script, program("papermill"), ...files(job)] }];
  };

  /** @param {Job} job @returns {Command} */
  const execute = ({ cellTimeout }) => ({
    program: program("jcache"),
    args: ["project", "execute", "--executor", "local-parallel", "--timeout", String(cellTimeout)],
  });
  /** @param {Job} job @returns {Command[]} */
  const jupyterCache = (job) => {
    mkdirSync(join(job.folder, ".jupyter_cache"), { recursive: true }); // it would ask
    const merge = files(job).map((file) => ({ program: program("jcache"), args: ["notebook", "merge", file, file] }));
    return [
      { program: program("jcache"), args: ["notebook", "add", ...files(job)] },
      execute(job),
      ...(job.saves ? merge : []),
    ];
  };

  return [
    {
      name: "ours",
      how: "npm run verify -- --jobs 2",
      caches: true,
      run: ours,
      again: ours,
      check: (job) => verify(job, ["--check"]),
    },
    { name: "nbmake", how: "pytest --nbmake -n 2", caches: false, run: nbmake, again: nbmake },
    { name: "papermill", how: "xargs -P 2 papermill", caches: false, run: papermill, again: papermill },
    {
      name: "jupyter-cache",
      how: "jcache notebook add; jcache project execute --executor local-parallel",
      caches: true,
      confesses: /^(excepted|errored):\n- /m,
      run: jupyterCache,
      again: (job) => [execute(job)],
    },
  ];
}
