import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** Jupyter's wire protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol */

export const PROTOCOL_VERSION = "5.3";

interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A request as it arrived. */
export interface Message {
  /** Routing prefix, which a reply repeats. */
  readonly identities: readonly Buffer[];
  readonly header: MessageHeader;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = Buffer.from("<IDS|MSG>");

/**
 * A part of a message as JSON. Half a surrogate pair becomes U+FFFD: JSON can escape it, but nobody can write it to a
 * notebook's file, which is UTF-8.
 */
function pack(part: object): string {
  const json = JSON.stringify(part);
  if (!/\\ud[89a-f]/.test(json)) return json;
  return JSON.stringify(part, (_key, value: unknown) =>
    typeof value === "string" ? value.replace(/\p{General_Category=Surrogate}/gu, "\uFFFD") : value,
  );
}

/** Signs, packs and unpacks messages of one kernel session. */
export class MessageCodec {
  private readonly session = randomUUID();
  private readonly algorithm: string;

  constructor(
    private readonly key: string,
    signatureScheme = "hmac-sha256",
  ) {
    this.algorithm = signatureScheme.replace(/^hmac-/, "");
  }

  private sign(parts: readonly (string | Buffer)[]): string {
    if (this.key === "") return "";
    const hmac = createHmac(this.algorithm, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** @throws Error when the frames are no Jupyter message or are signed with another key */
  decode(frames: readonly Buffer[]): Message {
    const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (delimiter < 0 || frames.length < delimiter + 6) {
      throw new Error(`expected a Jupyter message but got ${frames.length} frames without a complete one`);
    }
    const signature = Buffer.from(frames[delimiter + 1].toString("latin1"));
    const body = frames.slice(delimiter + 2, delimiter + 6);
    const expected = Buffer.from(this.sign(frames.slice(delimiter + 2)));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error("a message with a wrong signature was dropped");
    }
    const [header, , metadata, content] = body.map((part) => JSON.parse(part.toString("utf8")) as unknown);
    return {
      identities: frames.slice(0, delimiter),
      header: header as MessageHeader,
      metadata: metadata as Record<string, unknown>,
      content: content as Record<string, unknown>,
    };
  }

  /** Packs a message that answers to `parent`. */
  encode(
    type: string,
    parent: Message,
    content: object,
    routing: readonly (string | Buffer)[],
    metadata: object = {},
  ): (string | Buffer)[] {
    const header: MessageHeader = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: parent.header.username,
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
    const body = [header, parent.header, metadata, content].map(pack);
    return [...routing, DELIMITER, this.sign(body), ...body];
  }
}
