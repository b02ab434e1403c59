import { connect } from "node:net";
import { Deadline, eventText, Latencies, type LoadFigures, type LoadRequest } from "./messages.js";

/**
 * Each entity has one connection and does one event after the other: POST, GET, DELETE. Bare sockets, because Node's HTTP
 * client costs more than the server that it would measure.
 */
export async function loadRest(request: LoadRequest): Promise<LoadFigures> {
  const deadline = new Deadline(request);
  const latencies = new Latencies();
  let begun = 0;
  const one = async (entity: string): Promise<void> => {
    const wire = await HttpWire.open(request.port);
    for (let number = 0; !deadline.isOver(begun); number++) {
      begun += 1;
      const uuid = `${entity}-${number}`;
      const startMs = performance.now();
      await wire.ask("POST", `/api/v3/events/${entity}/${uuid}`, eventText(entity, uuid));
      const action = JSON.parse(await wire.ask("GET", `/api/v3/actions/${entity}`)) as Record<string, string>;
      if (action["event_uuid"] !== uuid) throw new Error(`${uuid} was answered with ${action["event_uuid"]}`);
      await wire.ask("DELETE", `/api/v3/actions/${entity}/${action["uuid"]}`);
      latencies.add(performance.now() - startMs);
    }
    wire.end();
  };
  await Promise.all(Array.from({ length: request.entities }, (_, index) => one(`load${index}`)));
  return latencies.figures(deadline.startMs);
}

class HttpWire {
  readonly #socket;
  #received = "";
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  private constructor(port: number, onOpen: () => void) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true }, onOpen);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (piece: string) => this.#onData(piece));
    this.#socket.on("error", (error) => this.#waiting?.reject(error));
    this.#socket.on("close", () => this.#waiting?.reject(new Error("the server closed the connection")));
  }

  static open(port: number): Promise<HttpWire> {
    return new Promise((resolve) => {
      const wire: HttpWire = new HttpWire(port, () => resolve(wire));
    });
  }

  ask(method: string, path: string, body = ""): Promise<string> {
    const length =
      method === "POST" ? `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` : "";
    this.#socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n${body}`);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  end(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #onData(piece: string): void {
    this.#received = this.#received === "" ? piece : this.#received + piece;
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#received)?.[1]);
    const end = headEnd + 4 + length;
    if (this.#received.length < end) return;
    const waiting = this.#waiting;
    const body = this.#received.slice(headEnd + 4, end);
    const isFine = this.#received.startsWith("HTTP/1.1 200 ") && this.#received.length === end;
    this.#received = "";
    this.#waiting = undefined;
    if (isFine) waiting?.resolve(body);
    else waiting?.reject(new Error(`an answer that is none: ${body}`));
  }
}
