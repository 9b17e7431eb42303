import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pythonPath } from "../../scripts/runner/paths.js";
import {
  addNpm,
  addPython,
  addWheel,
  completeCheckout,
  fakeCheckout,
  realCompiler,
  sha256,
  type FakeCheckout,
} from "../setup/fake-checkout.js";

/** Registry, index and proxy in one: keeps what it is asked for, and answers what it has. */
class PlayedNetwork {
  readonly asked: string[] = [];
  readonly answers = new Map<string, string | Buffer>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const url = request.url ?? "";
      this.asked.push(`${request.method} ${url}`);
      const answer = this.answers.get(url);
      const type = url.endsWith("/") ? "text/html" : "application/octet-stream";
      response.writeHead(answer === undefined ? 404 : 200, { connection: "close", "content-type": type }).end(answer);
    });
    // What a client asks of a proxy before it speaks to a server through it.
    this.#server.on("connect", ({ url }, socket) => {
      this.asked.push(`CONNECT ${url}`);
      socket.end(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
      );
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The real npm: set-up takes the one that runs it. */
function npm(): string {
  const running = process.env.npm_execpath ?? "";
  return path.basename(running) === "npm-cli.js"
    ? running
    : realpathSync(execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim());
}

describe.skipIf(process.platform !== "linux")("set-up downloads", () => {
  let network: PlayedNetwork;
  let address: string;
  let checkout: FakeCheckout;
  beforeEach(async () => {
    network = new PlayedNetwork();
    address = await network.listen();
  });
  afterEach(async () => {
    await network.close();
    checkout.remove();
  });

  /** The real npm has something to install; Python is played, because it would come second. */
  function withRealNpm(): NodeJS.ProcessEnv {
    checkout = fakeCheckout();
    addPython(checkout);
    const dependencies = { tiny: "1.0.0" };
    checkout.write("package.json", JSON.stringify({ name: "fake", version: "1.0.0", dependencies }));
    const integrity = `sha512-${"A".repeat(86)}==`;
    const packages = {
      "": { name: "fake", version: "1.0.0", dependencies },
      "node_modules/tiny": { version: "1.0.0", integrity },
    };
    checkout.write(
      "package-lock.json",
      JSON.stringify({ name: "fake", version: "1.0.0", lockfileVersion: 3, packages }),
    );
    return { npm_execpath: npm(), npm_config_userconfig: checkout.path("none"), npm_config_globalconfig: "/dev/null" };
  }

  /** The real Python has one package to install; npm is played, because it comes first. */
  function withRealPython(): NodeJS.ProcessEnv {
    checkout = fakeCheckout();
    addNpm(checkout);
    const wheel = addWheel(checkout, "tiny-1.0-py3-none-any.whl", {
      "tiny.py": "",
      "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
      "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      "tiny-1.0.dist-info/RECORD": "",
    });
    const hash = sha256(readFileSync(wheel));
    checkout.write("requirements.txt", `tiny==1.0 --hash=sha256:${hash}\n`);
    network.answers.set("/simple/tiny/", `<a href="/files/tiny-1.0-py3-none-any.whl#sha256=${hash}">tiny</a>`);
    network.answers.set("/files/tiny-1.0-py3-none-any.whl", readFileSync(wheel));
    return { NN30_PYTHON: realpathSync(pythonPath()), PIP_CONFIG_FILE: "/dev/null", PIP_RETRIES: "1" };
  }

  const setUpWith = (tools: NodeJS.ProcessEnv, settings: NodeJS.ProcessEnv) =>
    checkout.setUp([], { ...tools, ...settings });

  it("npm packages from the registry that npm's settings name", async () => {
    const { code } = await setUpWith(withRealNpm(), { npm_config_registry: `${address}/mirror/` });
    expect(code).toBe(1);
    expect(network.asked).toContain("GET /mirror/tiny");
  });

  it("npm packages through the proxy that the environment names", async () => {
    const { code, stderr } = await setUpWith(withRealNpm(), {
      npm_config_registry: "https://registry.example/",
      npm_config_fetch_retries: "0",
      HTTPS_PROXY: address,
    });
    expect(network.asked).toContain("CONNECT registry.example:443");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("npm is refused by the network's proxy: set HTTPS_PROXY"),
    ]);
  });

  it("Python packages and wheels from the index that pip's settings name", async () => {
    const { code, stderr } = await setUpWith(withRealPython(), { PIP_INDEX_URL: `${address}/simple` });
    expect(network.asked.slice(0, 2)).toEqual(["GET /simple/tiny/", "GET /files/tiny-1.0-py3-none-any.whl"]);
    expect(network.asked[2]).toMatch(/^GET \/simple\/tensorflow(-cpu)?\/$/);
    expect([code, stderr]).toEqual([1, expect.stringContaining("an index that has the package in PIP_INDEX_URL")]);
    expect(existsSync(checkout.path(".cache/setup/python.json"))).toBe(true);
  });

  it("Python packages through the proxy that the environment names", async () => {
    const { code, stderr } = await setUpWith(withRealPython(), {
      PIP_INDEX_URL: "https://index.example/simple",
      HTTPS_PROXY: address,
    });
    expect(network.asked).toContain("CONNECT index.example:443");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("pip is refused by the network's proxy: set HTTPS_PROXY"),
    ]);
    expect(existsSync(checkout.path(".cache/setup/python.json"))).toBe(false);
  });

  it.skipIf(realCompiler === undefined)("Fashion-MNIST through the proxy that the environment names", async () => {
    checkout = completeCheckout(realCompiler ?? "");
    const table = JSON.parse(readFileSync(checkout.path("scripts/setup/data-files.json"), "utf8")) as object;
    const labels = "labels of clothes";
    const fashionMnist = {
      name: "fashion-mnist",
      files: [{ file: "labels", size: labels.length, sha256: sha256(labels) }],
    };
    checkout.write("scripts/setup/data-files.json", JSON.stringify({ ...table, fashionMnist }));
    const asked = () => network.asked.find((request) => /^GET http:\/\/\S+\/labels\.gz$/.test(request));
    expect(await checkout.setUp([], { http_proxy: address })).toMatchObject({ code: 0 });
    expect(asked()).toBeDefined();
    expect(existsSync(checkout.path(".data/fashion-mnist"))).toBe(false);

    network.answers.set(asked()?.slice("GET ".length) ?? "", gzipSync(labels));
    expect(await checkout.setUp(["--verify"], { http_proxy: address })).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(checkout.path(".data/fashion-mnist/labels"), "utf8")).toBe(labels);
  });
});
