import { cpSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAYS, notebookPath } from "../../scripts/curriculum.js";
import { INSTALLATION } from "../../scripts/runner/paths.js";
import { claiming, type Finished, finished, printed, reportOf, TestCollection } from "../runner/collection.js";
import { freePort, KernelGateway } from "./kernel-gateway.js";

const TOKEN = "a token";

describe.skipIf(process.platform !== "linux")("kernels on a Jupyter Kernel Gateway", () => {
  const here = new TestCollection("gateway");
  /** Where the kernels see the collection: another place than here, as on another machine. */
  const there = new TestCollection("gateway, seen from there");
  let gateway: KernelGateway;

  const verify = (args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> =>
    here.verify(["--gateway-url", gateway.url, "--gateway-root", there.root, ...args], {
      JUPYTER_GATEWAY_AUTH_TOKEN: TOKEN,
      ...environment,
    });

  beforeAll(async () => {
    here.writeDay(1, [
      `import * as fs from "node:fs";\nif (!process.cwd().endsWith("seen from there/Week1/Day1")) throw new Error(process.cwd());`,
      `const { NN30_FULL, TF_NUM_INTRAOP_THREADS, TZ } = process.env;\n[NN30_FULL, TF_NUM_INTRAOP_THREADS, TZ].join(" ");`,
      claiming(1).replace('import * as fs from "node:fs";\n', ""),
    ]);
    here.writeDay(2, ["const before = 1;", "// second\nthrow new RangeError('wrong');"]);
    here.writeDay(3, [claiming(3), "console.log('x'.repeat(100_000));"]);
    here.writeDay(4, [claiming(4), "await new Promise(() => undefined);"]);
    here.writeDay(5, [claiming(5), "process.kill(process.pid, 'SIGKILL');\nawait new Promise(() => undefined);"]);
    here.writeDay(6, [claiming(6)], { needs: [8] });
    here.writeDay(7, [claiming(7), "for (let i = 0; i < 8; i++) console.log('y'.repeat(1_000_000));"]);
    here.write(here.results(8), "{}");
    cpSync(here.root, there.root, { recursive: true });
    gateway = await KernelGateway.start(TOKEN);
  });

  afterAll(async () => {
    await gateway.kill();
    expect(await here.leftovers()).toEqual([]);
  });

  it("run notebooks, name the line that fails, bring back results, and end", async () => {
    const { code, output } = await verify(["1-3", "5", "7", "--full", "--jobs", "2"]);
    expect(code, output).toBe(1);
    expect(output).toMatch(/^ {2}1 .* passed \(results are new\)/m);
    expect(output).toMatch(/^ {2}3 .* passed \(results are new\) .* \d\d+$/m); // The last column is the peak memory.
    expect(reportOf(here, 2, output)).toContain("cell 2, line 2");
    expect(reportOf(here, 2, output)).toContain("RangeError: wrong");
    // The gateway has replaced the kernel that died; a new one must not stand in for it.
    expect(reportOf(here, 5, output)).toMatch(/cell 2, line 1\n {2}the kernel died/);
    expect(reportOf(here, 7, output)).toContain("the gateway dropped output that came too fast: start it with");
    const copy = here.read(".cache/runs/day01/perceptrons_logic_gates.ipynb");
    expect(copy).toContain("1 1 UTC");
    expect(JSON.parse(here.read(".cache/runs/day01/results.json"))).toMatchObject({ day: 1 });
    expect(existsSync(there.path(here.results(1)))).toBe(false);
    expect(await gateway.kernels()).toEqual([]);
  });

  it("need no gateway for what has not changed", async () => {
    const { code, output } = await here.verify(["1", "--gateway-url", `http://127.0.0.1:${await freePort()}`]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^ {2}1 .* cached/m)]);
  });

  it("are ended by Ctrl-C", async () => {
    const args = ["4", "--verbose", "--gateway-url", gateway.url, "--gateway-root", there.root];
    const child = here.start(args, { JUPYTER_GATEWAY_AUTH_TOKEN: TOKEN });
    const end = finished(child);
    await printed(child, "Day  4  cell 1");
    expect(await gateway.kernels()).toHaveLength(1);
    child.kill("SIGINT");
    expect((await end).code).toBe(130);
    expect(await gateway.kernels()).toEqual([]);
  });

  it("must be set up as this machine is", async () => {
    there.write(there.results(8), "{ }");
    const other = await verify(["6"]);
    expect([other.code, other.output]).toEqual([2, expect.stringContaining("they differ in the results of Day 8")]);
    const nowhere = await verify(["6", "--gateway-root", "/nonexistent/place"]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.output).toContain("there is no folder /nonexistent/place/Week1/Day6 there: --gateway-root says");
    expect(await gateway.kernels()).toEqual([]);
  });

  it("are refused to whoever has no credentials", async () => {
    const { code, output } = await verify(["6"], { JUPYTER_GATEWAY_AUTH_TOKEN: "another" });
    expect([code, output]).toEqual([2, expect.stringContaining("put its token into JUPYTER_GATEWAY_AUTH_TOKEN")]);
  });

  it("are not looked for where there is no gateway, or something else", async () => {
    const silent = await verify(["6", "--gateway-url", `http://127.0.0.1:${await freePort()}`]);
    expect([silent.code, silent.output]).toEqual([
      2,
      expect.stringMatching(/no gateway answers at http:\S+ \(.*refused/),
    ]);
    const server = createServer((_request, response) => void response.writeHead(404).end("nothing here"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const foreign = await verify(["6", "--gateway-url", `http://127.0.0.1:${port}`]);
    server.close();
    expect([foreign.code, foreign.output]).toEqual([2, expect.stringContaining("is no Jupyter gateway (HTTP 404)")]);
  });

  it.each([
    [["--gateway-url", "ftp://x"], "expected an address such as"],
    [["--gateway-url", "http://me:secret@x"], "JUPYTER_GATEWAY_HTTP_USER"],
    [["--gateway-root", "/x"], "add --gateway-url"],
  ])("are not asked for with %j", async (args, message) => {
    const { code, output } = await here.verify(args);
    expect([code, output]).toEqual([2, expect.stringContaining(message)]);
    expect(output).not.toContain("secret");
  });

  it("run a real lesson", async () => {
    const lesson = notebookPath(DAYS[0]);
    const collection = new TestCollection("gateway-day1");
    for (const file of [lesson, "Week1/Day1/results.json"]) cpSync(`${INSTALLATION}/${file}`, collection.path(file));
    const args = ["1", "--gateway-url", gateway.url];
    const { code, output } = await collection.verify(args, { JUPYTER_GATEWAY_AUTH_TOKEN: TOKEN });
    expect(code, output).toBe(0);
    expect(output).toMatch(/^ {2}1 .* passed/m);
  });

  it("are missed in one sentence when the gateway goes away during a cell, or has none of ours", async () => {
    const args = ["4", "--verbose", "--gateway-url", gateway.url, "--gateway-root", there.root];
    const child = here.start(args, { JUPYTER_GATEWAY_AUTH_TOKEN: TOKEN });
    const end = finished(child);
    await printed(child, "Day  4  cell 1");
    await gateway.kill();
    const { code, output } = await end;
    expect(code).toBe(1);
    expect(reportOf(here, 4, output)).toMatch(/cell 2, line 1\n {2}the gateway at \S+ closed the connection/);

    gateway = await KernelGateway.start(TOKEN, "--KernelSpecManager.allowed_kernelspecs=python3");
    const foreign = await verify(["6"]);
    expect([foreign.code, foreign.output]).toEqual([
      2,
      expect.stringMatching(/has no kernel named tslab, only python3/),
    ]);
  });
});
