import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { streamHeader, streamPath, streamProtocol } from "../../signal/index.js";
import type { Control } from "../endpoint.js";
import { closing, type HttpError, type UpgradeRoute } from "../http/index.js";
import { fromBrowser, offeredProtocols, tooManyConnections, unknownVersion } from "./refusals.js";
import { type ConnectionTotals, StreamConnection } from "./stream-connection.js";
import { defaultStreamLimits, type StreamLimits } from "./stream-limits.js";
import { type StreamCounts, streamMetrics } from "./stream-metrics.js";

/** The server on whose port the stream is served. It lets in whom it trusts. */
export interface StreamHost {
  attach(route: UpgradeRoute): void;
}

export interface AttachStreamOptions {
  readonly control: Control;
  readonly limits?: Partial<StreamLimits>;
}

/**
 * Serves the stream (docs/stream.md) on an HTTP server's port and is closed with it: takes no more clients, sends what has
 * been answered, lets go of each within a second. Whoever answers events does so for all that it holds before that.
 */
export async function attachStream(
  host: StreamHost,
  options: AttachStreamOptions,
): Promise<{ readonly counts: StreamCounts }> {
  const { WebSocketServer } = await import("ws");
  const limits = { ...defaultStreamLimits, ...options.limits };
  const connections = new Set<StreamConnection>();
  const totals: ConnectionTotals = { events: 0, refused: 0, heldBytes: 0 };
  let isClosed = false;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => streamProtocol,
  });
  const refusalOf = (request: IncomingMessage): HttpError | undefined => {
    if (request.headers.origin !== undefined) return fromBrowser();
    if (!offeredProtocols(request).includes(streamProtocol)) return unknownVersion(request);
    if (isClosed) return closing();
    return connections.size >= limits.maxConnections ? tooManyConnections(connections.size) : undefined;
  };
  const counts = (): StreamCounts => {
    let held = 0;
    for (const connection of connections) held += connection.held;
    return { connections: connections.size, events: totals.events, refused: totals.refused, held };
  };
  host.attach({
    path: streamPath,
    announcement: streamHeader,
    metrics: streamMetrics(counts),
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const refusal = refusalOf(request);
      if (refusal !== undefined) throw refusal;
      sockets.handleUpgrade(request, socket, head, (client) => {
        const connection = new StreamConnection(client, options.control, limits, totals);
        connections.add(connection);
        client.once("close", () => connections.delete(connection));
      });
    },
    async close() {
      isClosed = true;
      await Promise.all([...connections].map((connection) => connection.close()));
    },
  });
  return {
    get counts() {
      return counts();
    },
  };
}
