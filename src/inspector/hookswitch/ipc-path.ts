import { lstatSync, type Stats, statSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { NmzError } from "../../util/index.js";

const probeMs = 2000;

/** The file of an `ipc://` address; undefined for other transports, and for the two forms that have none or choose their own. */
export function ipcPath(address: string): string | undefined {
  if (!address.startsWith("ipc://")) return undefined;
  const path = address.slice("ipc://".length);
  return path === "*" || path.startsWith("@") ? undefined : path;
}

/**
 * ZeroMQ removes whatever stands at the path before it binds there, even a socket that is served. Here a file that is no
 * socket, and a socket that answers, are refused; one that a killed inspector left behind is nobody's.
 */
export async function requireFreeIpcPath(path: string): Promise<void> {
  const found = fileAt(path);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new NmzError("NMZ_HOOKSWITCH_PATH", `${path} is there, and it is no socket`, {
      hint: "give another path: ZeroMQ would remove that file",
    });
  }
  if (await isServed(path)) {
    throw new NmzError("NMZ_HOOKSWITCH_TAKEN", `another program listens on ipc://${path}`, {
      hint: "end it, or give another address: --hookswitch ipc:///tmp/another-name",
    });
  }
}

/** Takes the socket's file away, which ZeroMQ leaves, unless another program has put its own there meanwhile. */
export function removeIpcPath(path: string, bound: Stats): void {
  const found = fileAt(path);
  if (found !== undefined && found.ino === bound.ino && found.dev === bound.dev) unlinkSync(path);
}

export function statOfIpcPath(path: string): Stats {
  return statSync(path);
}

function fileAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: probeMs });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    // Somebody has it open, although he is too busy to answer.
    socket.once("timeout", () => settle(true));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code !== "ECONNREFUSED"));
  });
}
