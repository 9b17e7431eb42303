import path from "node:path";
import { DAYS, dayFolder } from "../curriculum.js";
import { UsageError } from "./errors.js";
import type { Facts } from "./facts.js";
import type { Collection } from "./paths.js";

/** A Jupyter gateway that runs the kernels, and where they see the collection. */
export interface Gateway {
  url: string;
  root: string;
}

/** What scripts/runner/gateway.py reads. */
export interface GatewayRequest {
  /** The folder in which the kernel is to start, on its machine. */
  folder: string;
  /** The root of the collection, on the kernel's machine. */
  root: string;
  /** Variables to set in the kernel. */
  environment: Record<string, string>;
  /** What the kernel's machine has to agree with. */
  facts: Facts;
  /** Where to put the results that the lesson writes there. Not asked for when a kernel is only tried. */
  results?: string;
}

/** @throws UsageError for an address that is none */
export function parseGateway(collection: Collection, url?: string, root?: string): Gateway | undefined {
  if (url === undefined) {
    if (root !== undefined)
      throw new UsageError("--gateway-root is about the machines of a gateway: add --gateway-url");
    return undefined;
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !["http:", "https:"].includes(parsed.protocol)) {
    throw new UsageError(`--gateway-url ${url}: expected an address such as http://127.0.0.1:8888`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new UsageError(
      "--gateway-url: put name and password into JUPYTER_GATEWAY_HTTP_USER and JUPYTER_GATEWAY_HTTP_PWD",
    );
  }
  return { url: url.replace(/\/+$/, ""), root: root ?? collection.root };
}

/** A day's folder on the machine of its kernel. */
export function remoteFolder({ root }: Gateway, day: number): string {
  return path.posix.join(root, dayFolder(DAYS[day - 1]));
}

/** Whether the gateway's kernels share this machine's processors. */
export function isOnThisMachine({ url }: Gateway): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}

/** Variables by which Jupyter's own client of gateways is told address and credentials. */
export function gatewayEnvironment({ url }: Gateway, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings = Object.entries(inherited).filter(([name]) => name.startsWith("JUPYTER_GATEWAY_"));
  return {
    // Jupyter would put the whole address into lower case to make this one.
    JUPYTER_GATEWAY_WS_URL: url.replace(/^http/, "ws"),
    ...Object.fromEntries(settings),
    JUPYTER_GATEWAY_URL: url,
  };
}
