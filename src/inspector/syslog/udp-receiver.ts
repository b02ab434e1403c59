import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { LineReceiver, ReceivedLine } from "./syslog-inspector.js";

export interface UdpReceiverOptions {
  /** An IP address. */
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  readonly maxLineBytes: number;
  readonly onLine: (line: ReceivedLine) => void;
  /** A failure after which it goes on. */
  readonly onError: (error: Error) => void;
}

// Enough for a burst of 10,000 lines; the kernel gives as much of it as net.core.rmem_max lets it.
const bufferBytes = 4 * 1024 * 1024;

/** Receives syslog over UDP: one datagram, one message (RFC 5426). Rejects when the port cannot be had. */
export async function openUdpReceiver(options: UdpReceiverOptions): Promise<LineReceiver> {
  const socket = createSocket({ type: isIPv6(options.address) ? "udp6" : "udp4", reuseAddr: false });
  await bound(socket, options);
  socket.on("error", options.onError);
  let lines = 0;
  socket.on("message", (bytes, { address, port }) => {
    lines += 1;
    const isCut = bytes.length > options.maxLineBytes;
    options.onLine({ bytes: bytes.subarray(0, options.maxLineBytes), isCut, address, port });
  });
  try {
    socket.setRecvBufferSize(bufferBytes);
  } catch (error) {
    options.onError(error as Error);
  }
  let closing: Promise<void> | undefined;
  return {
    transport: "UDP",
    port: socket.address().port,
    details: () => ({ "lines over UDP": lines }),
    close: () => {
      closing ??= new Promise((resolve) => socket.close(() => resolve()));
      return closing;
    },
  };
}

function bound(socket: Socket, { address, port }: UdpReceiverOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      resolve();
    });
  });
}
