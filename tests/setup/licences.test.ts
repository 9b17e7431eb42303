import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DATA_SOURCES } from "../../scripts/licences/data-sources.js";
import { installedLicences } from "../../scripts/licences/installed.js";
import { licenceName, needsALook } from "../../scripts/licences/licence-name.js";
import { pinned } from "../../scripts/licences/packages.js";
import { PYTHON_LICENCES, thirdParty } from "../../scripts/licences/page.js";
import { DATA_PACKAGES, NPM_DATA } from "../../scripts/setup/data-files.mjs";
import { repository } from "./fake-checkout.js";

describe("THIRD_PARTY.md", () => {
  it("is what `npm run licences` would write", () => {
    expect(readFileSync(join(repository, "THIRD_PARTY.md"), "utf8")).toBe(thirdParty(repository));
  });

  it("knows the licence that each installed Python package states", () => {
    const kept = JSON.parse(readFileSync(join(repository, PYTHON_LICENCES), "utf8")) as Record<string, string>;
    const wanted = new Set(pinned(join(repository, "requirements.txt")).map(({ name }) => name));
    const installed = Object.entries(installedLicences(repository)).filter(([name]) => wanted.has(name));
    expect(installed.length).toBeGreaterThan(50);
    expect(kept).toMatchObject(Object.fromEntries(installed));
    expect(Object.keys(kept)).toEqual([...wanted].sort());
  });

  it("has every package that carries data", () => {
    const carriers = DATA_SOURCES.map(({ carrier }) => carrier);
    for (const { name } of [...NPM_DATA, ...DATA_PACKAGES]) expect(carriers).toContain(name);
  });

  it("says where everything comes from, and warns where no licence is stated", () => {
    for (const source of DATA_SOURCES) {
      expect(source.carrier ?? source.via, source.name).toBeDefined();
      expect(source.licence ?? source.caution, source.name).toBeDefined();
    }
  });
});

describe("a licence", () => {
  it.each([
    ["MIT License", "MIT"],
    ["(BSD-3-Clause AND Apache-2.0)", "BSD-3-Clause AND Apache-2.0"],
    ["Apache Software License", "Apache-2.0"],
    ["UNKNOWN", "not stated"],
    [undefined, "not stated"],
  ])("called %j is %j", (stated, name) => {
    expect(licenceName(stated)).toBe(name);
  });

  it.each([
    ["MIT", false],
    ["Apache-2.0 AND BSD-2-Clause AND MIT", false],
    ["MIT AND MPL-2.0", true],
    ["GPL-3.0-only OR MIT", false],
    ["LGPL-3.0-or-later", true],
    ["not stated", true],
  ])("%j needs a look: %j", (licence, expected) => {
    expect(needsALook(licence)).toBe(expected);
  });
});
