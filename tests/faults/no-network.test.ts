import { spawn, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DAYS, dayFolder } from "../../scripts/curriculum.js";
import { type Finished, finished, TestCollection } from "../runner/collection.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const OFFLINE = path.join(CHECKOUT, "scripts/offline.mjs");

function offline(...command: string[]) {
  return spawnSync(process.execPath, [OFFLINE, ...command], { encoding: "utf8" });
}

/** Not a number, but a reason why the machine has no namespaces for us. */
const refusal = process.platform === "linux" ? offline("true").stderr : "network namespaces are Linux's";
if (refusal !== "") console.warn(`no-network: left out: ${refusal.trim()}`);

/** Those that read nothing, other days' results, two data packages, and a model that other programs would fetch. */
const CHOSEN = [1, 21, 28];

describe.skipIf(refusal !== "")("without a network", () => {
  it("there is really none, but the machine's own", () => {
    const connect = (host: string) =>
      `require("net").connect(9, "${host}").on("error", (error) => console.log(error.code))`;
    expect(offline(process.execPath, "-e", connect("192.0.2.1")).stdout).toBe("ENETUNREACH\n");
    expect(offline(process.execPath, "-e", connect("127.0.0.1")).stdout).toBe("ECONNREFUSED\n");
    const resolve = `require("dns").lookup("example.org", (error) => console.log(error.code))`;
    expect(offline(process.execPath, "-e", resolve).stdout).toMatch(/^(EAI_AGAIN|ENOTFOUND)\n$/);
  });

  it("passes on the exit code of what it runs", () => {
    expect(offline("sh", "-c", "exit 7").status).toBe(7);
    expect(offline().status).toBe(2);
  });

  describe("days of the course", () => {
    const collection = new TestCollection("no-network");
    let run: Finished;

    beforeAll(async () => {
      for (const day of DAYS) {
        const folder = dayFolder(day);
        cpSync(path.join(CHECKOUT, folder), collection.path(folder), { recursive: true });
      }
      const verify = path.join(CHECKOUT, "scripts/build/verify.js");
      const args = [OFFLINE, process.execPath, verify, "--root", collection.root, ...CHOSEN.map(String)];
      run = await finished(spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: "1" } }));
    }, 400_000);

    it("hold all their claims", () => {
      expect(run.output).toContain(`${CHOSEN.length} verified`);
      expect(run.code).toBe(0);
    });

    it.each(CHOSEN)("Day %i among them", (day) => {
      expect(run.output).toMatch(new RegExp(`^ *${day} .* passed`, "m"));
    });
  });
});
