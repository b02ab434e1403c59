import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Where a registry is reached, and the way to it: what passes can be slowed down, and goes on when the registry is another process. */
export class Door implements AsyncDisposable {
  /** How many bytes the registry has sent, in all. */
  passedBytes = 0;
  /** From here on it takes time: a blob that is slow shows on a terminal, and can be interrupted. */
  slowFromBytes = Number.POSITIVE_INFINITY;

  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: () => number;

  private constructor(server: Server, port: () => number) {
    this.#server = server;
    this.#port = port;
    server.on("connection", (client) => this.#pass(client));
  }

  /** `port` is asked for at each connection: where at 127.0.0.1 the registry listens by now. */
  static async open(address: string, port: () => number): Promise<Door> {
    const server = createServer();
    server.listen(0, address);
    await once(server, "listening");
    return new Door(server, port);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** All goes through at once again. */
  hurry(): void {
    this.slowFromBytes = Number.POSITIVE_INFINITY;
    for (const socket of this.#sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(client: Socket): void {
    const registry = connect(this.#port(), "127.0.0.1");
    for (const [from, to] of [
      [client, registry],
      [registry, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => {}); // "close" follows
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroySoon(); // what is on its way arrives
      });
    }
    client.pipe(registry);
    registry.on("data", (bytes: Buffer) => {
      this.passedBytes += bytes.length;
      client.write(bytes);
      if (this.passedBytes < this.slowFromBytes) return;
      registry.pause();
      setTimeout(() => registry.resume(), 200);
    });
  }
}
