import { afterAll, expect, it } from "vitest";

import { KernelFixture, PATIENCE } from "./fixture.js";

const fixture = new KernelFixture();
afterAll(() => fixture.remove());

/** tslab has no pager and no means to clear an output. */
const SKIPPED = ["test_clear_output", "test_pager"];

it(
  "passes Jupyter's conformance suite whole",
  async () => {
    const { stderr, exitCode } = await fixture.script("conformance.py", {}, { NN30_TEST_KERNEL: "launcher" });
    const verdicts = [...stderr.matchAll(/^(test_\w+) \(.*\) \.\.\. (\w+)/gm)].map(([, name, verdict]) => ({
      name,
      verdict,
    }));
    expect(stderr).toMatch(/^Ran 12 tests/m);
    expect(stderr).not.toMatch(/^(FAIL|ERROR):/m);
    expect(exitCode).toBe(0);
    expect(verdicts.filter(({ verdict }) => verdict === "ok")).toHaveLength(10);
    expect(verdicts.filter(({ verdict }) => verdict === "skipped").map(({ name }) => name)).toEqual(SKIPPED);
  },
  PATIENCE,
);
