import type { Pair } from "zeromq";
import { messageOf, NmzError } from "../../util/index.js";

export interface PairSocketOptions {
  readonly address: string;
  readonly onMessage: (parts: readonly Uint8Array[]) => void;
  /** How many peers are connected now. ZeroMQ talks to the first of them only. */
  readonly onPeers: (count: number) => void;
  /** Receiving has ended by itself. */
  readonly onError: (error: unknown) => void;
}

/** The inspector's end of HookSwitch: a bound ZeroMQ PAIR socket. */
export interface PairSocket {
  /** As a switch would name it. */
  readonly address: string;
  /** Sent at once or, when no peer is there to take it, never. */
  send(firstPart: string): void;
  /** Answers that no peer took. */
  readonly unsent: number;
  /** Reads what has come, gives ZeroMQ its time to send what was answered, and ends. Idempotent. */
  close(): Promise<void>;
}

// No frame of a switch is larger; ZeroMQ drops a peer that sends more.
const maxMessageBytes = 1024 * 1024;
const maxUnread = 65_536;
const lingerMs = 500;
const quietMs = 20;
const maxDrainMs = 300;

/** Binds. Rejects with NmzError (NMZ_HOOKSWITCH_ZEROMQ_ABSENT, NMZ_HOOKSWITCH_TAKEN, NMZ_HOOKSWITCH_BIND). */
export async function openPairSocket(options: PairSocketOptions): Promise<PairSocket> {
  const { Pair: PairOfPackage } = await loadZeromq();
  // Sending never waits: an answer that nobody takes is of no use later, and a switch that came anew would not know it.
  const socket = new PairOfPackage({
    linger: lingerMs,
    maxMessageSize: maxMessageBytes,
    sendTimeout: 0,
    sendHighWaterMark: maxUnread,
    receiveHighWaterMark: maxUnread,
  });
  watchPeers(socket, options.onPeers);
  try {
    await socket.bind(options.address);
  } catch (error) {
    socket.close();
    throw bindError(error, options.address);
  }
  return served(socket, options);
}

function served(socket: Pair, { address, onMessage, onError }: PairSocketOptions): PairSocket {
  let lastMessageMs = 0;
  let unsent = 0;
  const receiving = (async () => {
    for await (const parts of socket) {
      lastMessageMs = performance.now();
      onMessage(parts);
    }
  })().catch((error: unknown) => {
    if (!socket.closed) onError(error);
  });
  let closing: Promise<void> | undefined;
  return {
    address: socket.lastEndpoint ?? address,
    send: (firstPart) => {
      socket.send([firstPart, ""]).catch(() => {
        unsent += 1;
      });
    },
    get unsent() {
      return unsent;
    },
    close: () => {
      closing ??= (async () => {
        await quiet(() => lastMessageMs);
        socket.close();
        await receiving;
      })();
      return closing;
    },
  };
}

/** Until nothing has come for a moment: what waits in the socket would never be answered. */
async function quiet(lastMessageMs: () => number): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const nowMs = performance.now();
    if (nowMs - lastMessageMs() >= quietMs || nowMs - startMs >= maxDrainMs) return;
  }
}

function watchPeers(socket: Pair, onPeers: (count: number) => void): void {
  let peers = 0;
  socket.events.on("handshake", () => {
    peers += 1;
    onPeers(peers);
  });
  socket.events.on("disconnect", () => {
    peers = Math.max(0, peers - 1);
    onPeers(peers);
  });
}

async function loadZeromq(): Promise<typeof import("zeromq")> {
  try {
    return await import("zeromq");
  } catch (error) {
    throw new NmzError("NMZ_HOOKSWITCH_ZEROMQ_ABSENT", `package zeromq does not load: ${messageOf(error)}`, {
      hint: "npm install zeromq@6, beside nmzc",
      cause: error,
    });
  }
}

function bindError(error: unknown, address: string): NmzError {
  const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  if (isTaken) {
    return new NmzError("NMZ_HOOKSWITCH_TAKEN", `another program listens on ${address}`, {
      hint: "end it, or give another address",
      cause: error,
    });
  }
  return new NmzError("NMZ_HOOKSWITCH_BIND", `cannot listen on ${address}: ${messageOf(error)}`, {
    hint: "an address of ZeroMQ is meant: ipc:///tmp/a-name (at most 107 characters) or tcp://127.0.0.1:PORT",
    cause: error,
  });
}
