import { stripVTControlCharacters } from "node:util";
import { DAYS, notebookPath } from "../curriculum.js";
import { writeIfChanged } from "./files.js";
import type { Outcome } from "./outcome.js";
import { failureReport } from "./report.js";

/** How JUnit's three verdicts name ours. Only a failure fails a pipeline, so a day that was not run is no failure. */
const VERDICTS: Record<Outcome["status"], "passed" | "failure" | "skipped"> = {
  passed: "passed",
  cached: "passed",
  failed: "failure",
  "in doubt": "failure",
  "not run": "skipped",
  interrupted: "skipped",
  pending: "skipped",
};

/** Writes what became of the days as JUnit's XML, which Jenkins, GitLab and most other CI services read. */
export async function writeJUnit(file: string, outcomes: readonly Outcome[]): Promise<void> {
  await writeIfChanged(file, junit(outcomes));
}

/** One suite, one case a notebook; the week is its class. */
export function junit(outcomes: readonly Outcome[]): string {
  const count = (verdict: string) => outcomes.filter(({ status }) => VERDICTS[status] === verdict).length;
  const totals = {
    name: "Thirty Days of Neural Networks",
    tests: outcomes.length,
    failures: count("failure"),
    errors: 0,
    time: outcomes.reduce((sum, outcome) => sum + secondsNow(outcome), 0).toFixed(3),
  };
  // The schema knows `skipped` of a suite only.
  const suite = element("testsuite", { ...totals, skipped: count("skipped") }, outcomes.map(testcase));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", totals, [suite])}\n`;
}

function testcase(outcome: Outcome): string {
  const day = DAYS[outcome.day - 1];
  const { status, failures, peakBytes, seconds } = outcome;
  const verdict = VERDICTS[status];
  const [first, ...others] = failures;
  const message = `${first?.reason ?? status}${others.length > 0 ? ` (and ${others.length} more)` : ""}`;
  const children = [element("properties", {}, properties(status === "cached", seconds))];
  if (verdict === "failure") {
    children.push(textElement("failure", { type: first?.type ?? status, message }, failureReport(outcome)));
  }
  if (verdict === "skipped") children.push(element("skipped", { message }));
  if (peakBytes !== undefined) {
    children.push(textElement("system-out", {}, `Peak memory: ${(peakBytes / 1e6).toFixed(0)} MB`));
  }
  const attributes = {
    classname: `Week ${day.week}`,
    name: `Day ${day.day}: ${day.topic}`,
    file: notebookPath(day),
    time: secondsNow(outcome).toFixed(3),
  };
  return element("testcase", attributes, children);
}

function properties(cached: boolean, seconds: number | undefined): string[] {
  const list: [string, string][] = [["cached", String(cached)]];
  if (cached && seconds !== undefined) list.push(["seconds of the run that passed", seconds.toFixed(3)]);
  return list.map(([name, value]) => element("property", { name, value }));
}

/** What this run has spent: nothing on a day whose last success still counts. */
function secondsNow({ status, seconds }: Outcome): number {
  return status === "cached" ? 0 : (seconds ?? 0);
}

type Attributes = Record<string, string | number>;

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const start = `<${name}${pairs(attributes)}`;
  return children.length === 0 ? `${start}/>` : `${[`${start}>`, ...children].join("\n")}\n</${name}>`;
}

function textElement(name: string, attributes: Attributes, text: string): string {
  return `<${name}${pairs(attributes)}>${escapeText(text)}</${name}>`;
}

function pairs(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join("");
}

/** XML 1.0 has no way to write most control characters, halves of surrogate pairs and two non-characters. */
const NOT_IN_XML =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function escapeText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(NOT_IN_XML, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** Line ends and tabs of an attribute would be read as spaces. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
