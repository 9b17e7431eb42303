import { networkInterfaces } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labServer } from "../../scripts/lab/server.js";
import { findChromium } from "./chromium.js";
import { LabSession } from "./session.js";

describe("the server", () => {
  let lab: LabSession;
  beforeAll(async () => {
    lab = await LabSession.start();
  });
  afterAll(async () => {
    await (lab as LabSession | undefined)?.interrupt(); // undefined when it did not start
  });

  test("answers nobody without its token", async () => {
    expect((await lab.get("/api/contents", "")).status).toBe(403);
    expect((await lab.get("/api/contents", "guessed")).status).toBe(403);
    expect((await lab.get("/api/contents")).status).toBe(200);
  });

  test("cannot be reached from other machines", async () => {
    const { port } = new URL(lab.origin);
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address } of addresses.filter(({ internal, family }) => !internal && family === "IPv4")) {
      await expect(fetch(`http://${address}:${port}/api`)).rejects.toThrow("fetch failed");
    }
    expect((await lab.get("/api")).status).toBe(200);
  });

  test("offers the TypeScript kernel, and it alone", async () => {
    const specs = (await (await lab.get("/api/kernelspecs")).json()) as { default: string; kernelspecs: object };
    expect(specs.default).toBe("tslab");
    expect(Object.keys(specs.kernelspecs)).toEqual(["tslab"]);
  });

  test("shows the collection", async () => {
    const { content } = (await (await lab.get("/api/contents")).json()) as { content: { name: string }[] };
    expect(content.map(({ name }) => name)).toEqual(expect.arrayContaining(["shared", "scripts", "README.md"]));
  });
});

test("Ctrl-C ends the server", async () => {
  const lab = await LabSession.start();
  expect(await lab.interrupt()).toBe(0);
  await expect(lab.get("/api")).rejects.toThrow("fetch failed");
});

describe("how the server is started", () => {
  const root = path.join(path.sep, "course");

  test("what it writes stays in the checkout, whatever the caller's environment says", () => {
    const { env } = labServer(root, [], { HOME: "/home/ada", JUPYTER_DATA_DIR: "/data", JUPYTER_RUNTIME_DIR: "/run" });
    const own = path.join(root, ".cache", "jupyter");
    expect(env).toMatchObject({
      HOME: "/home/ada",
      JUPYTER_CONFIG_DIR: path.join(own, "config"),
      JUPYTER_DATA_DIR: path.join(own, "data"),
      JUPYTER_RUNTIME_DIR: path.join(own, "runtime"),
    });
  });

  test("a person's own settings are used when they are asked for", () => {
    expect(labServer(root, [], { JUPYTER_CONFIG_DIR: "/home/ada/.jupyter" }).env.JUPYTER_CONFIG_DIR).toBe(
      "/home/ada/.jupyter",
    );
  });

  test("full training is passed on, a verification's results file is not", () => {
    const { env } = labServer(root, [], { NN30_FULL: "1", NN30_RESULTS: "/tmp/results.json" });
    expect(env.NN30_FULL).toBe("1");
    expect(env).not.toHaveProperty("NN30_RESULTS");
  });

  test("a caller's options come last, where they win", () => {
    expect(labServer(root, ["--port", "8899"], {}).args.slice(-2)).toEqual(["--port", "8899"]);
  });
});

test("Chromium is looked for where NN30_CHROMIUM says, then in PATH", () => {
  expect(findChromium({ NN30_CHROMIUM: "/opt/browser", PATH: "" })).toBe("/opt/browser");
  expect(findChromium({ PATH: "" })).toBeUndefined();
});
