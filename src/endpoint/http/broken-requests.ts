import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { HttpError } from "./http-error.js";
import type { HttpMetrics } from "./http-metrics.js";
import { refuseSocket } from "./refuse-socket.js";

/** What is no HTTP, comes too slowly or has too long a header ends the connection, with the reason in our form. */
export function answerBrokenRequests(server: Server, metrics: HttpMetrics): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const refusal = refusalFor(error);
    metrics.countRefusal(refusal.code);
    refuseSocket(socket, refusal);
  });
}

function refusalFor(error: NodeJS.ErrnoException): HttpError {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(431, "NMZ_REST_HEADER_SIZE", "the request's headers are longer than 16 KiB");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HttpError(413, "NMZ_REST_BODY_SIZE", "the body's chunk extensions are longer than 16 KiB");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(408, "NMZ_REST_TIMEOUT", "the request did not come whole in time");
    default:
      return new HttpError(400, "NMZ_REST_HTTP", `this is no HTTP/1.1: ${error.message}`);
  }
}
