// npm run bench -- runner
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { writeIfChanged } from "../../build/runner/files.js";
import { threadsPerJob } from "../../build/runner/resources.js";
import { benchPython, peers } from "../python-environment.mjs";
import { machine } from "../report.mjs";
import { diskFull, killed } from "./accidents.mjs";
import { tryFault } from "./fault-run.mjs";
import { faults } from "./faults.mjs";
import { DAYS_TO_RUN, measure } from "./measure.mjs";
import { page, timesSection } from "./page.mjs";
import { JOBS, tools } from "./tools.mjs";

/**
 * @param {string} root of the checkout
 * @param {{ days?: number[], turns: number, part?: "times" | "faults" }} options
 * @param {(message: string) => void} say
 */
export async function compareRunners(root, { days, turns, part }, say) {
  if (process.platform !== "linux") throw new Error("bench: runners are compared on Linux only (it reads /proc)");
  const python = await benchPython(root, peers, say);
  const all = tools(python);
  if (days) {
    const measurements = await measure(root, all, { ...sizes(turns), days, say });
    console.log(timesSection({ days, measurements }).join("\n"));
    return;
  }
  const file = join(root, "docs", "runner-bench.json");
  /** @type {import("./page.mjs").RunnerBench} */
  const bench = part ? JSON.parse(readFileSync(file, "utf8")) : {};
  bench.tools = all.map(({ name, how }) => ({ name, how }));
  if (part !== "times") {
    bench.faults = await tryFaults(root, all, say);
    bench.accidents = await tryAccidents(root, all, say);
  }
  if (part !== "faults") {
    bench.date = new Date().toISOString().slice(0, 10);
    bench.machine = machine([]);
    bench.versions = await versions(python);
    bench.days = DAYS_TO_RUN;
    bench.measurements = await measure(root, all, { ...sizes(turns), days: DAYS_TO_RUN, say });
  }
  await writeIfChanged(file, `${JSON.stringify(bench, undefined, 2)}\n`);
  await writeIfChanged(join(root, "docs", "runner-bench.md"), page(bench));
  say("written: docs/runner-bench.md, docs/runner-bench.json");
}

/** @param {number} turns */
function sizes(turns) {
  return { turns, threads: threadsPerJob(JOBS, availableParallelism()) };
}

/**
 * @param {string} root
 * @param {import("./tools.mjs").Tool[]} all
 * @param {(message: string) => void} say
 */
async function tryFaults(root, all, say) {
  const rows = [];
  for (const fault of faults) {
    /** @type {import("./fault-run.mjs").Verdict[]} */
    const verdicts = [];
    for (const tool of all) verdicts.push(await tryFault(root, tool, fault));
    say(`${fault.what}: ${all.map(({ name }, i) => `${name} ${verdicts[i]}`).join(", ")}`);
    rows.push({ what: fault.what, verdicts });
  }
  return rows;
}

/**
 * @param {string} root
 * @param {import("./tools.mjs").Tool[]} all
 * @param {(message: string) => void} say
 */
async function tryAccidents(root, all, say) {
  const rows = [
    {
      what: "The runner is killed in a cell: processes that are left after 15 s",
      findings: /** @type {string[]} */ ([]),
    },
    { what: "… and the notebook that it was to save into", findings: /** @type {string[]} */ ([]) },
    { what: "The disk is full when it saves: the notebook", findings: /** @type {string[]} */ ([]) },
    { what: "… and the exit code", findings: /** @type {string[]} */ ([]) },
  ];
  for (const tool of all) {
    const { left, notebook } = await killed(root, tool);
    const full = await diskFull(root, tool);
    const findings = [
      left.length === 0 ? "none" : left.join(", "),
      notebook,
      full?.notebook ?? "not tried",
      full ? String(full.code) : "not tried",
    ];
    rows.forEach((row, i) => row.findings.push(findings[i]));
    say(`accidents, ${tool.name}: ${findings.join("; ")}`);
  }
  return rows;
}

/** @param {string} python */
async function versions(python) {
  const script =
    'from importlib.metadata import version; import sys; print(*(f"{n} {version(n)}" for n in sys.argv[1:]), sep=", ")';
  const names = ["nbmake", "pytest-xdist", "papermill", "jupyter-cache", "nbclient"];
  return (await execa(python, ["-I", "-c", script, ...names])).stdout;
}
