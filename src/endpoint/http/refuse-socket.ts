import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpError } from "./http-error.js";

/**
 * A refusal written by hand, where there is no response to write it to: the request is no HTTP, or its socket is no longer the
 * HTTP server's. Node takes such a socket for half-open, so a client that keeps its end would keep ours, too.
 */
export function refuseSocket(socket: Duplex, error: HttpError): void {
  const body = error.toJson();
  const headers = Object.entries({
    "Content-Type": "application/json; charset=UTF-8",
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...error.headers,
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const statusLine = `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? "Refused"}`;
  socket.end(`${statusLine}\r\n${lines}\r\n${body}`, () => socket.destroy());
}
