import { createServer, type Socket } from "node:net";
import type { Control, Endpoint } from "../endpoint.js";
import { hostAndPort, listen } from "../listen.js";
import type { Connection } from "./connection.js";
import { defaultLimits, type ProtobufLimits } from "./limits.js";
import { requireLoopback } from "./require-loopback.js";

export interface ProtobufEndpointOptions {
  readonly control: Control;
  /** Default 127.0.0.1. Anything but loopback is refused unless `allowRemote`. */
  readonly host?: string;
  /** 0, the default: the kernel chooses. */
  readonly port?: number;
  /** Serves on a socket that listens already, which then belongs to the endpoint, instead of `host` and `port`. */
  readonly listener?: { readonly fd: number };
  /** Whoever can reach the port may send events: there is no token in this wire. */
  readonly allowRemote?: boolean;
  /** Lines for people: a client that sends what is no message. */
  readonly onWarning: (line: string) => void;
  /** An agent has introduced itself, as each does when it connects. Not those with NMZ_NO_INITIATION. */
  readonly onInitiation?: () => void;
  readonly limits?: Partial<ProtobufLimits>;
}

const closeWithinMs = 500;

/**
 * Listens for agents. Throws NMZ_PROTOBUF_REMOTE for an address that is not loopback, NMZ_ENDPOINT_PORT and
 * NMZ_ENDPOINT_LISTEN where the kernel refuses. Events that wait when it is closed are answered to nobody; their agents go on by themselves.
 */
export async function startProtobufEndpoint(options: ProtobufEndpointOptions): Promise<Endpoint> {
  const { control, host = "127.0.0.1", port = 0, listener, onWarning, onInitiation } = options;
  if (listener === undefined && options.allowRemote !== true) requireLoopback(host);
  // protobufjs is loaded by those who need it only.
  const { Connection } = await import("./connection.js");
  const limits = { ...defaultLimits, ...options.limits };
  const connections = new Map<Socket, Connection>();
  const waiting = { bytes: 0 };
  let warnings = 0;
  const onNonsense = (line: string): void => {
    warnings += 1;
    if (warnings > limits.warnings) return;
    onWarning(warnings === limits.warnings ? `${line} (further clients are not named)` : line);
  };
  const server = createServer((socket) => {
    const setup = { intake: control, limits, waiting, onWarning: onNonsense, onInitiation };
    connections.set(socket, new Connection(socket, setup));
    socket.once("close", () => connections.delete(socket));
  });
  server.maxConnections = limits.connections;
  const bound = await listen(server, listener ?? { host, port, portFlag: "--pb-port" }, onWarning);

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([...connections.values()].map((connection) => connection.close(closeWithinMs)));
    await closed;
  };
  return {
    address: hostAndPort(bound.address, bound.port),
    port: bound.port,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
