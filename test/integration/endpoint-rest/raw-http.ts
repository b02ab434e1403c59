import { connect, type Socket } from "node:net";

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP/1.1 client that sends what it is told, byte by byte, and reads answers one after the other. */
export class RawHttp {
  readonly socket: Socket;
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #isOver = false;
  #wake = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on("error", () => {}); // the server may end it while we write
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#isOver = true;
        this.#wake();
        resolve();
      });
    });
  }

  static async open(port: number): Promise<RawHttp> {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new RawHttp(socket);
  }

  /** Headers as lines, without their ends; Host and Content-Length are added where they are missing. */
  send(method: string, path: string, body = "", headers: readonly string[] = []): void {
    const has = (name: string) => headers.some((line) => line.toLowerCase().startsWith(`${name}:`));
    const lines = [
      `${method} ${path} HTTP/1.1`,
      ...(has("host") ? [] : ["Host: 127.0.0.1"]),
      ...(body === "" || has("content-length") ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ...headers,
    ];
    this.socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  /** The next answer; `toHead`: it answers a HEAD, whose length is that of what is not there. Throws when none comes any more. */
  async reply({ toHead = false } = {}): Promise<Reply> {
    for (;;) {
      const reply = this.#parse(toHead);
      if (reply !== undefined) return reply;
      if (this.#isOver) throw new Error(`the connection ended after: ${this.#received.toString()}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #parse(toHead: boolean): Reply | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [statusLine = "", ...lines] = this.#received.subarray(0, end).toString().split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const length = toHead ? 0 : Number(headers["content-length"] ?? 0);
    if (this.#received.length < end + 4 + length) return undefined;
    const body = this.#received.subarray(end + 4, end + 4 + length).toString();
    this.#received = this.#received.subarray(end + 4 + length);
    return { status: Number(statusLine.split(" ")[1]), headers, body };
  }
}
