// What went wrong, in one sentence that says what to do.

/** A failure that set-up explains to the reader: one sentence, and the last lines of the tool that failed. */
export class SetupFailure extends Error {
  /**
   * @param {string} sentence what is wrong, and the command or action that mends it
   * @param {{ tool?: string, output?: string }} [from] the tool that failed and what it printed
   */
  constructor(sentence, from = {}) {
    super(sentence);
    this.name = "SetupFailure";
    this.tool = from.tool;
    this.output = from.output ?? "";
  }
}

/** Thrown when a signal (Ctrl-C, termination) ended set-up. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

const DISK_FULL = /ENOSPC|EDQUOT|No space left on device|not enough (?:disk )?space|Disk quota exceeded/i;
const CERTIFICATE =
  /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|certificate verify failed/i;
const WRONG_TIME = /CERT_NOT_YET_VALID|CERT_HAS_EXPIRED|certificate is not yet valid|certificate has expired/i;
const PROXY = /\b407\b.*proxy|proxy authentication required|ProxyError/i;
const OFFLINE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|NameResolutionError|Name or service not known|name resolution|nodename nor servname|getaddrinfo failed|Network is unreachable|Connection refused|Connection reset|ConnectTimeoutError|Read timed out|Max retries exceeded|network (?:request|connectivity)/i;
const WRONG_HASH = /DO NOT MATCH THE HASHES|EINTEGRITY|hash mismatch/i;
const NO_SUCH_FILE =
  /No matching distribution found|Could not find a version that satisfies|npm error code ETARGET|npm ERR! code ETARGET/i;
const LOCK_DIFFERS = /`npm ci` can only install packages when your package\.json and package-lock\.json/i;
const NO_PERMISSION = /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i;

/**
 * Turns what a failing tool printed into one sentence: the cause, and what mends it.
 *
 * @param {string} tool "npm", "pip", "python -m venv", …
 * @param {string} output what it printed
 * @param {{ root: string }} where the checkout
 * @returns {string}
 * @example
 * explain("pip", "[Errno 28] No space left on device", { root: "/checkout" });
 * // "The disk is full: …"
 */
export function explain(tool, output, { root }) {
  if (DISK_FULL.test(output))
    return `The disk is full: make room (about 4 GB for a first set-up) on the disk of ${root}, then run the same command again.`;
  if (WRONG_TIME.test(output))
    return `${tool} finds the certificate of the package registry out of date: set this machine's clock (it says ${new Date().toISOString().slice(0, 10)}), then run the same command again.`;
  if (CERTIFICATE.test(output))
    return `${tool} does not trust the certificate of the package registry: name your network's certificate file in NODE_EXTRA_CA_CERTS (npm) and PIP_CERT (pip), then run the same command again.`;
  if (PROXY.test(output))
    return `${tool} is refused by the network's proxy: set HTTPS_PROXY to an address that works (with user and password where it asks for them), then run the same command again.`;
  if (WRONG_HASH.test(output))
    return `A package that ${tool} downloaded is not the one that this project pins by hash: empty the download cache (\`${tool === "npm" ? "npm cache clean --force" : "python3 -m pip cache purge"}\`) or ask who runs your package mirror, then run the same command again.`;
  if (LOCK_DIFFERS.test(output))
    return "package.json and package-lock.json differ: run `npm install --package-lock-only`, then the same command again.";
  // pip ends an offline run with "No matching distribution", so the network is asked about first.
  if (OFFLINE.test(output))
    return `${tool} cannot reach its package registry: connect to the network (behind a proxy, set HTTPS_PROXY; with a mirror of your own, PIP_INDEX_URL and npm's \`registry\`), then run the same command again.`;
  if (NO_SUCH_FILE.test(output))
    return tool === "npm"
      ? "npm's registry does not have a version that this project pins: set npm's `registry` to one that has it, then run the same command again."
      : "pip finds no pinned package for this Python and platform: name a Python between 3.10 and 3.14 in NN30_PYTHON (or an index that has the package in PIP_INDEX_URL), then run the same command again.";
  if (NO_PERMISSION.test(output))
    return `${tool} may not write a file that it needs: make ${root} and everything below it writable for you (\`sudo chown -R "$USER" "${root}"\`), then run the same command again.`;
  return `${tool} failed: its last lines below say why; run the same command again once that is mended.`;
}

/**
 * The explained failure of a tool.
 *
 * @param {string} tool
 * @param {string} output
 * @param {{ root: string }} where
 */
export function toolFailure(tool, output, where) {
  return new SetupFailure(explain(tool, output, where), { tool, output });
}

/**
 * The last lines of a tool's output, without blank lines and terminal colours.
 *
 * @param {string} output
 * @param {number} [count]
 * @returns {string[]}
 */
export function lastLines(output, count = 15) {
  const colours = new RegExp(String.raw`${String.fromCharCode(27)}\[[0-9;?]*[A-Za-z]`, "g");
  return output
    .replace(colours, "")
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
