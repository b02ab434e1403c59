import { createServer, type Server, type Socket } from "node:net";
import { LineSplitter } from "./line-splitter.js";
import type { LineReceiver, ReceivedLine } from "./syslog-inspector.js";

export interface TcpReceiverOptions {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  readonly maxLineBytes: number;
  /** What comes beyond is closed at once. */
  readonly maxConnections: number;
  /** Without a byte between two messages. A sender notices only with the line after, so this is long. */
  readonly idleMs: number;
  /** Without a byte inside of a message. */
  readonly stalledMs: number;
  readonly onLine: (line: ReceivedLine) => void;
  /** A failure after which it goes on. */
  readonly onError: (error: Error) => void;
}

/** Receives syslog over TCP (RFC 6587). Rejects when the port cannot be had. */
export async function openTcpReceiver(options: TcpReceiverOptions): Promise<LineReceiver> {
  const connections = new Set<Socket>();
  const counts = { lines: 0, idle: 0, refused: 0 };
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    serve(socket, options, counts);
  });
  server.maxConnections = options.maxConnections;
  server.on("drop", () => {
    counts.refused += 1;
    if (counts.refused > 1) return;
    options.onError(new Error(`more than ${options.maxConnections} connections for log lines: refused`));
  });
  await listening(server, options);
  server.on("error", options.onError);
  let closing: Promise<void> | undefined;
  return {
    transport: "TCP",
    port: (server.address() as { port: number }).port,
    details: () => ({
      "lines over TCP": counts.lines,
      ...(counts.idle === 0 ? {} : { "idle connections closed": counts.idle }),
      ...(counts.refused === 0 ? {} : { "connections refused": counts.refused }),
    }),
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      });
      return closing;
    },
  };
}

function serve(socket: Socket, options: TcpReceiverOptions, counts: { lines: number; idle: number }): void {
  const { remoteAddress: address = "", remotePort: port = 0 } = socket;
  const splitter = new LineSplitter(options.maxLineBytes, ({ bytes, isCut }) => {
    counts.lines += 1;
    options.onLine({ bytes, isCut, address, port });
  });
  socket.setTimeout(options.idleMs);
  socket.on("timeout", () => {
    counts.idle += 1;
    socket.destroy();
  });
  socket.on("data", (chunk: Buffer) => {
    splitter.push(chunk);
    socket.setTimeout(splitter.isInside ? options.stalledMs : options.idleMs);
  });
  // A connection that breaks has said what it has said; "close" follows.
  socket.on("error", () => {});
  socket.once("close", () => splitter.end());
}

function listening(server: Server, { address, port }: TcpReceiverOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
