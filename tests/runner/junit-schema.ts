import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { pythonPath } from "../../scripts/runner/paths.js";

/** An element as Python's XML parser sees it. */
interface Element {
  tag: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

const PARSE = `
import json, sys, xml.etree.ElementTree as tree
def plain(e):
    return {"tag": e.tag, "attributes": e.attrib, "text": e.text or "", "children": [plain(c) for c in e]}
json.dump(plain(tree.fromstring(sys.stdin.buffer.read())), sys.stdout)
`;

/** What Jenkins' schema (junit-10.xsd), which GitLab follows, lets elements have. Attributes with "!" are required. */
const SCHEMA: Record<string, { attributes: string[]; children: string[] }> = {
  testsuites: { attributes: ["name", "time", "tests", "failures", "errors"], children: ["testsuite"] },
  testsuite: {
    attributes: [
      "name!",
      "tests!",
      "failures!",
      "errors!",
      "time",
      "skipped",
      "timestamp",
      "hostname",
      "id",
      "package",
    ],
    children: ["properties", "testcase", "system-out", "system-err"],
  },
  // "file" is what GitLab links to.
  testcase: {
    attributes: ["name!", "classname!", "time", "file"],
    children: ["properties", "skipped", "error", "failure", "system-out", "system-err"],
  },
  properties: { attributes: [], children: ["property"] },
  property: { attributes: ["name!", "value!"], children: [] },
  failure: { attributes: ["type", "message"], children: [] },
  skipped: { attributes: ["type", "message"], children: [] },
  "system-out": { attributes: [], children: [] },
};

export interface TestCase {
  name: string;
  classname: string;
  seconds: number;
  verdict: "passed" | "failure" | "skipped";
  type?: string;
  message?: string;
  /** Of the failure. */
  text: string;
  systemOut: string;
  properties: Record<string, string>;
}

/** Parses JUnit's XML with Python, holds it against the schema and its own totals, and returns its cases. */
export function parseJUnit(xml: string): TestCase[] {
  const root = JSON.parse(execFileSync(pythonPath(), ["-c", PARSE], { input: xml, encoding: "utf8" })) as Element;
  expect(root.tag).toBe("testsuites");
  assertSchema(root);
  expect(root.children).toHaveLength(1);
  const [suite] = root.children;
  const cases = suite.children.map(testCase);
  const count = (verdict: string): string => String(cases.filter((one) => one.verdict === verdict).length);
  expect(suite.attributes).toMatchObject({
    tests: String(cases.length),
    failures: count("failure"),
    errors: "0",
    skipped: count("skipped"),
  });
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  expect(Number(suite.attributes.time)).toBeCloseTo(seconds, 2);
  return cases;
}

function assertSchema(element: Element): void {
  const allowed = SCHEMA[element.tag];
  expect(allowed, `element <${element.tag}>`).toBeDefined();
  const given = Object.keys(element.attributes);
  const known = allowed.attributes.map((name) => name.replace("!", ""));
  expect(
    given.filter((name) => !known.includes(name)),
    `attributes of <${element.tag}>`,
  ).toEqual([]);
  const required = allowed.attributes.filter((name) => name.endsWith("!")).map((name) => name.slice(0, -1));
  expect(
    required.filter((name) => !given.includes(name)),
    `missing in <${element.tag}>`,
  ).toEqual([]);
  const children = element.children.map(({ tag }) => tag);
  expect(
    children.filter((tag) => !allowed.children.includes(tag)),
    `children of <${element.tag}>`,
  ).toEqual([]);
  element.children.forEach(assertSchema);
}

function testCase({ attributes, children }: Element): TestCase {
  const child = (tag: string): Element | undefined => children.find((element) => element.tag === tag);
  const verdict = child("failure") ?? child("skipped");
  const properties = child("properties")?.children ?? [];
  return {
    name: attributes.name,
    classname: attributes.classname,
    seconds: Number(attributes.time),
    verdict: (verdict?.tag ?? "passed") as TestCase["verdict"],
    type: verdict?.attributes.type,
    message: verdict?.attributes.message,
    text: child("failure")?.text ?? "",
    systemOut: child("system-out")?.text ?? "",
    properties: Object.fromEntries(properties.map((property) => [property.attributes.name, property.attributes.value])),
  };
}
