import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { claiming, TestCollection } from "../runner/collection.js";

it("packages that are installed while a notebook runs do not disturb its compiler", async () => {
  const collection = new TestCollection("meanwhile");
  collection.writeDay(1, [
    // The compiler looks for this package in folders that do not exist yet, and watches for them.
    `import { lesson } from "@nn30/shared";\ntypeof lesson`,
    `import { mkdirSync, writeFileSync } from "node:fs";
for (const name of ["one", "two", "three"]) {
  mkdirSync(\`../../node_modules/@types/\${name}\`, { recursive: true });
  writeFileSync(\`../../node_modules/@types/\${name}/index.d.ts\`, "");
  await new Promise((resolve) => setTimeout(resolve, 300)); // the compiler waits for a quarter of a second, too
}`,
    `import { writeFileSync as write } from "node:fs";
write("greeting.ts", "export const greeting = 'hello';\\n");`,
    `import { greeting } from "./greeting";\ngreeting`,
    claiming(1),
  ]);
  const { code, output } = await collection.verify(["1"]);
  expect([code, output]).toEqual([0, expect.stringMatching(/^ {2}1 .* passed/m)]);
  expect(existsSync(collection.path("node_modules", "@types", "three", "index.d.ts"))).toBe(true);
});
