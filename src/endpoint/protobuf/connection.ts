import type { Socket } from "node:net";
import { type ActionSink, type Event, type EventIntake, JavaFunctionEvent } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import { FrameSplitter } from "./frame-splitter.js";
import type { ProtobufLimits } from "./limits.js";
import { type Result, replyFrame } from "./reply.js";
import { type Request, type RequestIds, readRequest } from "./request.js";

export interface ConnectionSetup {
  readonly intake: EventIntake;
  readonly limits: ProtobufLimits;
  /** Of the events that wait, counted by all connections together. */
  readonly waiting: { bytes: number };
  readonly onInitiation?: (() => void) | undefined;
  /** Told once per connection and cause. */
  readonly onWarning: (line: string) => void;
}

/** One agent: many threads of a JVM wait on it at a time, each for the reply with its own id. */
export class Connection {
  readonly #socket: Socket;
  readonly #setup: ConnectionSetup;
  readonly #splitter: FrameSplitter;
  readonly #peer: string;
  #replies: Buffer[] = [];
  #outstanding = 0;
  /** Its sender has said that it ends; END is the last word, after the answers that are still due. */
  #exit: RequestIds | undefined;
  readonly #warned = new Set<string>();

  constructor(socket: Socket, setup: ConnectionSetup) {
    this.#socket = socket;
    this.#setup = setup;
    this.#splitter = new FrameSplitter(setup.limits.frameBytes);
    this.#peer = `${socket.remoteAddress ?? "a client"}:${socket.remotePort ?? "?"}`;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("drain", () => this.#adjustFlow());
    // A client that goes away has nothing more coming to it.
    socket.on("error", () => socket.destroy());
  }

  /** What has been answered goes out; then the connection ends, by force where the client does not let it. */
  close(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve();
      const force = setTimeout(() => this.#socket.destroy(), withinMs);
      this.#socket.once("close", () => {
        clearTimeout(force);
        resolve();
      });
      this.#flush();
      this.#socket.destroySoon();
    });
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) this.#handle(readRequest(frame), frame.length);
    } catch (error) {
      this.#warn("frame", `${messageOf(error)}; the connection is closed`);
      this.#reply("error", { msgId: undefined, gaMsgId: undefined });
      this.#flush();
      this.#socket.destroySoon();
      return;
    }
    this.#adjustFlow();
  }

  #handle(request: Request, bytes: number): void {
    switch (request.kind) {
      case "initiation":
        this.#setup.onInitiation?.();
        this.#reply("ack", request);
        break;
      case "call":
        this.#outstanding += 1;
        this.#setup.waiting.bytes += bytes;
        this.#setup.intake.submit(
          new JavaFunctionEvent(request.entity, request.call),
          new PendingReply(request, (ids) => this.#answer(ids, bytes)),
        );
        break;
      case "exit":
        this.#exit = request;
        this.#endWhenAnswered();
        break;
      case "invalid":
        this.#warn("message", `${request.reason}; it is answered with ERROR`);
        this.#reply("error", request);
        break;
    }
  }

  /** There is no fault for a function: whatever the action is, the thread goes on. */
  #answer(ids: RequestIds, bytes: number): void {
    this.#outstanding -= 1;
    this.#setup.waiting.bytes -= bytes;
    this.#reply("ack", ids);
    this.#endWhenAnswered();
    if (this.#socket.isPaused()) this.#adjustFlow();
  }

  #endWhenAnswered(): void {
    if (this.#exit === undefined || this.#outstanding > 0) return;
    this.#reply("end", this.#exit);
    this.#exit = undefined;
  }

  /** Replies of one turn of the loop go out in one write. */
  #reply(result: Result, ids: RequestIds): void {
    if (this.#socket.destroyed) return;
    this.#replies.push(replyFrame(result, ids));
    if (this.#replies.length === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    if (this.#replies.length === 0) return;
    const replies = this.#replies;
    this.#replies = [];
    if (this.#socket.writable)
      this.#socket.write(replies.length === 1 ? replies[0]! : Buffer.concat(replies));
  }

  #adjustFlow(): void {
    const { limits, waiting } = this.#setup;
    // An answer of its own will let it go on: one without any is never stopped for what others hold.
    const most = waiting.bytes >= limits.outstandingBytes ? 1 : limits.outstanding;
    const isFull = this.#outstanding >= most || this.#socket.writableNeedDrain;
    if (isFull && !this.#socket.isPaused()) this.#socket.pause();
    else if (!isFull && this.#socket.isPaused()) this.#socket.resume();
  }

  #warn(cause: string, what: string): void {
    if (this.#warned.has(cause)) return;
    this.#warned.add(cause);
    this.#setup.onWarning(`protobuf endpoint: from ${this.#peer}: ${what}`);
  }
}

class PendingReply implements ActionSink {
  readonly #ids: RequestIds;
  readonly #answer: (ids: RequestIds) => void;

  constructor({ msgId, gaMsgId }: RequestIds, answer: (ids: RequestIds) => void) {
    this.#ids = { msgId, gaMsgId };
    this.#answer = answer;
  }

  deliver(_event: Event): void {
    this.#answer(this.#ids);
  }
}
