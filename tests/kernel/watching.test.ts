import { afterAll, expect, it } from "vitest";

import { KernelFixture, PATIENCE, valueText } from "./fixture.js";

const fixture = new KernelFixture();
afterAll(() => fixture.remove());

/** Touches what an installation touches, and lets the kernel hear of it before the cell ends. */
const CHANGE = `
import * as fs from "node:fs";
fs.writeFileSync("node_modules/one/package.json", JSON.stringify({ name: "one", version: "1.0.1", main: "index.js" }));
fs.mkdirSync("node_modules/two");
fs.writeFileSync("node_modules/two/index.js", "");
await new Promise((resolve) => setTimeout(resolve, 500));`;

it(
  "goes on when packages change under it, as during an npm install",
  async () => {
    fixture.write("node_modules/one/package.json", JSON.stringify({ name: "one", version: "1.0.0", main: "index.js" }));
    fixture.write("node_modules/one/index.js", "exports.one = 1;");
    fixture.write("node_modules/one/index.d.ts", "export declare const one: number;");
    const { results } = await fixture.drive("launcher", {
      before: { execute: "import { one } from 'one';" },
      change: { execute: CHANGE },
      after: { execute: "one + 1" },
      again: { execute: "one + 2" },
    });
    expect(results.change.reply).toMatchObject({ status: "ok" });
    expect([valueText(results.after), valueText(results.again)]).toEqual(["2", "3"]);
  },
  PATIENCE,
);
