import { lookup } from "node:dns/promises";
import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import type { Inspector } from "../inspector.js";
import { syslogError } from "./syslog-error.js";
import { type LineReceiver, SyslogInspector } from "./syslog-inspector.js";
import { openTcpReceiver } from "./tcp-receiver.js";
import { openUdpReceiver } from "./udp-receiver.js";

export interface SyslogOptions {
  /** An address of this machine, or a name of one. */
  readonly host: string;
  /** 0: a free one; undefined: no UDP. */
  readonly udpPort?: number | undefined;
  /** 0: a free one; undefined: no TCP. */
  readonly tcpPort?: number | undefined;
  readonly entity: string;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  /** Told what the inspector went on after. */
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<SyslogLimits>;
}

export interface SyslogLimits {
  /** Of a line, which is cut there; default 64 KiB, which is what a datagram can have. */
  readonly maxLineBytes: number;
  /** Of TCP connections at a time; default 1024. */
  readonly maxConnections: number;
  /** How long a connection may say nothing: between two messages (default an hour), and inside of one (a minute). */
  readonly idleMs: number;
  readonly stalledMs: number;
}

const defaultLimits: SyslogLimits = {
  maxLineBytes: 65_536,
  maxConnections: 1024,
  idleMs: 3_600_000,
  stalledMs: 60_000,
};

export interface StartedSyslogInspector extends Inspector {
  /** What it listens on. */
  readonly address: string;
  readonly udpPort: number | undefined;
  readonly tcpPort: number | undefined;
}

/**
 * Listens for log lines. Rejects with NmzError (NMZ_SYSLOG_PORT_TAKEN, NMZ_SYSLOG_PERMISSION, NMZ_SYSLOG_LISTEN), and then
 * nothing listens.
 */
export async function startSyslogInspector(options: SyslogOptions): Promise<StartedSyslogInspector> {
  const { host, udpPort, tcpPort, onError } = options;
  const inspector = new SyslogInspector(options.entity, options.transceiver, onError);
  const undoNow = options.undo.push(`syslog on ${host}`, () => inspector.stop());
  const receiving = { ...defaultLimits, ...options.limits, onLine: inspector.onLine, onError };
  const open = async (
    transport: string,
    port: number | undefined,
    opener: (address: string, port: number) => Promise<LineReceiver>,
  ): Promise<number | undefined> => {
    if (port === undefined) return undefined;
    try {
      const receiver = await opener(address, port);
      inspector.add(receiver);
      return receiver.port;
    } catch (error) {
      throw syslogError(error, { transport, host, port });
    }
  };
  let address = host;
  try {
    address = await addressOf(host, udpPort ?? tcpPort ?? 0);
    const ports = {
      udpPort: await open("UDP", udpPort, (at, port) => openUdpReceiver({ ...receiving, address: at, port })),
      tcpPort: await open("TCP", tcpPort, (at, port) => openTcpReceiver({ ...receiving, address: at, port })),
    };
    return Object.assign(inspector, { address, ...ports });
  } catch (error) {
    await undoNow();
    throw error;
  }
}

/** Looked up once, so that UDP and TCP listen on the same address. */
async function addressOf(host: string, port: number): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw syslogError(error, { transport: "a", host, port });
  }
}
