import type { IncomingMessage } from "node:http";
import { streamProtocol } from "../../signal/index.js";
import { HttpError } from "../http/index.js";

export function fromBrowser(): HttpError {
  return new HttpError(403, "NMZ_STREAM_ORIGIN", "the request comes from a web page", {
    hint: "web pages may not speak to the orchestrator; a client of your own must not send Origin",
  });
}

export function unknownVersion(request: IncomingMessage): HttpError {
  const offered = request.headers["sec-websocket-protocol"] ?? "none";
  return new HttpError(426, "NMZ_STREAM_VERSION", `no common protocol: ${offered} was offered`, {
    hint: `offer it in Sec-WebSocket-Protocol: ${streamProtocol}`,
    headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": streamProtocol },
  });
}

export function tooManyConnections(limit: number): HttpError {
  return new HttpError(503, "NMZ_STREAM_CONNECTIONS", `${limit} clients are connected already`, {
    headers: { "Retry-After": "1" },
  });
}

/** The subprotocols that a client offers. */
export function offeredProtocols({ headers }: IncomingMessage): readonly string[] {
  return (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
}
