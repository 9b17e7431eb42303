import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kernelSpecPath } from "../../scripts/runner/paths.js";
import { LabSession } from "../lab/session.js";
import { claiming, TestCollection } from "../runner/collection.js";
import { readFileSync } from "node:fs";

/** A cell that fails if anything of a person's own is there. */
const NOTHING_FOREIGN = `
import { existsSync } from "node:fs";
const foreign = ["NODE_OPTIONS", "NODE_PATH", "JUPYTER_PATH", "PYTHONPATH", "PYTHONHOME"].filter((name) => name in process.env);
if ("foreign" in globalThis || foreign.length > 0) throw new Error("foreign settings: " + foreign.join(" "));
"done"`;

describe("a person's own settings", () => {
  const collection = new TestCollection("foreign-settings");
  const own = (...parts: string[]) => collection.path(".cache", "own", ...parts);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  /** Whatever of all this is used, fails. */
  const environment = {
    HOME: own("home"),
    JUPYTER_PATH: own("jupyter"),
    JUPYTER_CONFIG_DIR: own("config"),
    JUPYTER_CONFIG_PATH: own("config"),
    JUPYTER_PLATFORM_DIRS: "0",
    IPYTHONDIR: own("ipython"),
    PYTHONPATH: own("python"),
    PYTHONHOME: own("nowhere"),
    PYTHONSTARTUP: own("python", "sitecustomize.py"),
    NODE_OPTIONS: `--require=${JSON.stringify(own("foreign.cjs"))}`,
    NODE_PATH: own("modules"),
  };

  beforeAll(() => {
    const kernel = JSON.stringify({ argv: ["/nonexistent/node"], display_name: "Mine", language: "typescript" });
    for (const data of [own("jupyter"), own("home", ".local", "share", "jupyter")]) {
      write(path.join(data, "kernels", "tslab", "kernel.json"), kernel);
      for (const template of ["blog", "base", "page", "lab"]) {
        write(path.join(data, "nbconvert", "templates", template, "conf.json"), "{ not JSON");
        write(path.join(data, "nbconvert", "templates", template, "index.md.j2"), "{{ not_ours() }}");
      }
    }
    for (const config of [own("config"), own("home", ".jupyter")]) {
      for (const name of ["jupyter_config", "jupyter_nbconvert_config", "jupyter_client_config"]) {
        write(path.join(config, `${name}.py`), "raise SystemExit('a configuration that is not ours')\n");
      }
    }
    for (const module of ["nbclient", "nbformat", "jupyter_client", "sitecustomize", "psutil"]) {
      write(own("python", `${module}.py`), `raise SystemExit("${module} is not ours")\n`);
    }
    write(own("foreign.cjs"), "globalThis.foreign = true;\n");
    write(own("modules", "zod", "index.js"), "throw new Error('not ours');\n");
    collection.writeDay(1, [{ source: claiming(1), tags: ["key"] }, NOTHING_FOREIGN]);
  });
  afterAll(async () => {
    expect(await collection.leftovers()).toEqual([]);
  });

  it("change neither what is verified nor what is exported", async () => {
    for (const [command, args] of [
      ["verify", ["1", "--save"]],
      ["export", ["1"]],
      ["export", ["1", "--format", "html"]],
      ["verify", ["--check", "1"]],
    ] as const) {
      const { code, output } = await collection.run(command, args, environment);
      expect([command, code, output]).toEqual([command, 0, expect.anything()]);
    }
    const before = collection.snapshot();
    expect((await collection.verify(["1", "--save"])).output).toMatch(/^ {2}1 .* cached/m);
    expect(await collection.export(["1"])).toMatchObject({ code: 0 });
    expect(collection.snapshot()).toEqual(before);
  });

  it("do not replace the kernel of JupyterLab", async () => {
    // Here, a person's own configuration is used if it is named; what it names must not be in the way of ours.
    const lab = await LabSession.startIn({
      ...environment,
      JUPYTER_CONFIG_DIR: undefined,
      JUPYTER_CONFIG_PATH: undefined,
    });
    try {
      const { kernelspecs } = (await (await lab.get("/api/kernelspecs")).json()) as {
        kernelspecs: { tslab: { spec: { argv: string[] } } };
      };
      const ours = JSON.parse(readFileSync(kernelSpecPath(), "utf8")) as { argv: string[] };
      expect(kernelspecs.tslab.spec.argv).toEqual(ours.argv);
    } finally {
      await lab.interrupt();
    }
  });
});
