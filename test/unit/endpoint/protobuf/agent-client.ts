import { connect, type Socket } from "node:net";
import { FrameSplitter } from "../../../../src/endpoint/protobuf/frame-splitter.js";
import { replyType, requestType } from "../../../../src/endpoint/protobuf/messages.js";

export interface ReplyMessage {
  readonly res: number;
  readonly msgId?: number;
}

/** The agent's end of the wire, for tests: sends what it is told to, also nonsense. */
export class AgentClient {
  readonly socket: Socket;
  readonly #replies: ReplyMessage[] = [];
  readonly #waiting: ((reply: ReplyMessage) => void)[] = [];

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    const splitter = new FrameSplitter(1024);
    this.socket.on("data", (chunk) => {
      for (const frame of splitter.push(chunk as Buffer)) {
        const reply = replyType.decode(frame) as unknown as ReplyMessage;
        const waiting = this.#waiting.shift();
        if (waiting === undefined) this.#replies.push(reply);
        else waiting(reply);
      }
    });
    this.socket.on("error", () => {});
  }

  sendBytes(hex: string): void {
    this.socket.write(Buffer.from(hex, "hex"));
  }

  send(message: object): void {
    const body = requestType.encode(message).finish();
    const frame = Buffer.alloc(4 + body.length);
    frame.writeUInt32LE(body.length);
    frame.set(body, 4);
    this.socket.write(frame);
  }

  call(msgId: number, name: string, entityId = "jvm"): void {
    this.send({ entityId, type: 1, pid: 0, tid: 1, msgId, event: { type: 1, funcCall: { name } } });
  }

  exit(msgId: number): void {
    this.send({ entityId: "jvm", type: 1, pid: 0, tid: 1, msgId, event: { type: 3, exit: { exitCode: 0 } } });
  }

  next(): Promise<ReplyMessage> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  closed(): Promise<void> {
    if (this.socket.closed) return Promise.resolve();
    return new Promise((resolve) => this.socket.once("close", () => resolve()));
  }
}
