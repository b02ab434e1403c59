import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../util/index.js";
import { HttpError } from "./http-error.js";
import type { Durations, HttpMetrics } from "./http-metrics.js";

/** One request and its one answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path's variable segments, decoded. */
  params: readonly string[] = [];
  /** What follows the path's `?`. */
  query = "";
  /** Where the time goes that this takes; undefined for what no route is for. */
  durations: Durations | undefined;
  readonly #metrics: HttpMetrics;
  readonly #onInternal: (error: unknown) => void;
  readonly #startMs = performance.now();

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    metrics: HttpMetrics,
    onInternal: (error: unknown) => void,
  ) {
    this.request = request;
    this.response = response;
    this.#metrics = metrics;
    this.#onInternal = onInternal;
  }

  json(status: number, body: string): void {
    this.#send(status, ["Content-Type", "application/json; charset=UTF-8"], body);
  }

  text(status: number, body: string, headers: readonly string[] = []): void {
    this.#send(status, ["Content-Type", "text/plain; charset=utf-8", ...headers], body);
  }

  typed(status: number, contentType: string, body: string): void {
    this.#send(status, ["Content-Type", contentType], body);
  }

  empty(status: number, headers: readonly string[] = []): void {
    this.#send(status, [...headers], "");
  }

  refuse(error: HttpError): void {
    if (this.response.headersSent) return;
    this.#metrics.countRefusal(error.code);
    const headers = ["Content-Type", "application/json; charset=UTF-8"];
    for (const [name, value] of Object.entries(error.headers)) headers.push(name, value);
    if (error.endsConnection) headers.push("Connection", "close");
    this.#send(error.status, headers, error.toJson());
  }

  /**
   * Called when the client has gone away, or the answer is out; perhaps twice. For a request whose body nobody reads: Node
   * tells an answer that waits behind another of the same connection nothing, but the request, which is not at its end.
   */
  whenGone(tell: () => void): void {
    this.response.once("close", tell);
    this.request.once("close", tell);
  }

  /** Work whose HttpError, or any other failure, becomes the answer. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.refuse(error instanceof HttpError ? error : this.#internal(error));
    }
  }

  #internal(error: unknown): HttpError {
    this.#onInternal(error);
    return new HttpError(500, "NMZ_REST_INTERNAL", `the request could not be served: ${messageOf(error)}`, {
      hint: "this should not happen: please report it",
    });
  }

  #send(status: number, headers: string[], body: string): void {
    if (this.response.headersSent || this.response.destroyed) return;
    // A 204 has no length, not even 0 (RFC 9110, 8.6).
    if (status !== 204) headers.push("Content-Length", String(Buffer.byteLength(body)));
    this.response.writeHead(status, headers);
    this.response.end(body);
    this.durations?.record(performance.now() - this.#startMs);
  }
}
