import { readFileSync } from "node:fs";

import { type Message, MessageCodec } from "./message.js";
import type { TslabModules, ZmqReceiver, ZmqSocket } from "./tslab-modules.js";

interface ConnectionFile {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme?: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
}

/**
 * A send never waits and never drops: zeromq.js normally defers all but the first 512 sends of one turn of the event
 * loop and refuses a send while one is deferred, which is where a loop's console lines get lost. With no time to wait
 * it hands each message to its own thread at once (so output of a synchronous loop is also seen while it runs), and
 * with no high-water mark that cannot fail.
 */
const SEND_AT_ONCE = { sendTimeout: 0, sendHighWaterMark: 0, linger: 500 };

/** The sockets of one kernel. */
export class Connection {
  readonly shell: ZmqReceiver;
  readonly control: ZmqReceiver;
  private readonly iopub: ZmqSocket;
  private readonly stdin: ZmqReceiver;
  private readonly heartbeat: ZmqReceiver;
  private readonly codec: MessageCodec;
  private readonly file: ConnectionFile;

  constructor(zmq: TslabModules["zmq"], connectionFile: string) {
    this.file = JSON.parse(readFileSync(connectionFile, "utf8")) as ConnectionFile;
    this.codec = new MessageCodec(this.file.key, this.file.signature_scheme);
    this.iopub = new zmq.Publisher(SEND_AT_ONCE);
    this.shell = new zmq.Router(SEND_AT_ONCE);
    this.control = new zmq.Router(SEND_AT_ONCE);
    this.stdin = new zmq.Router(SEND_AT_ONCE);
    this.heartbeat = new zmq.Reply({ linger: 0 });
  }

  /** Binds all sockets and starts the heartbeat. */
  async open(): Promise<void> {
    const { transport, ip } = this.file;
    const separator = transport === "ipc" ? "-" : ":";
    const bind = (socket: ZmqSocket, port: number) => socket.bind(`${transport}://${ip}${separator}${port}`);
    await Promise.all([
      bind(this.iopub, this.file.iopub_port),
      bind(this.shell, this.file.shell_port),
      bind(this.control, this.file.control_port),
      bind(this.stdin, this.file.stdin_port),
      bind(this.heartbeat, this.file.hb_port),
    ]);
    void this.echo();
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /** @throws Error for frames that are no message signed with this kernel's key */
  decode(frames: readonly Buffer[]): Message {
    return this.codec.decode(frames);
  }

  /** Broadcasts to all front ends. */
  publish(type: string, parent: Message, content: object): void {
    // A closing socket refuses; by then nobody listens.
    this.iopub.send(this.codec.encode(type, parent, content, [type])).catch(() => undefined);
  }

  /** Answers the one who asked. */
  reply(socket: ZmqSocket, type: string, request: Message, content: object, metadata: object = {}): void {
    socket.send(this.codec.encode(type, request, content, request.identities, metadata)).catch(() => undefined);
  }

  close(): void {
    for (const socket of [this.iopub, this.shell, this.control, this.stdin, this.heartbeat]) socket.close();
  }
}
