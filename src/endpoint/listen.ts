import { type AddressInfo, isIP, isIPv6, type Server } from "node:net";
import { messageOf, NmzError } from "../util/index.js";

/** Where to listen, or the descriptor of a socket that listens already. */
export type ListenPlace =
  | {
      readonly host: string;
      /** 0: any free one. */
      readonly port: number;
      /** How the user chooses another port: "--rest-port". */
      readonly portFlag: string;
    }
  | { readonly fd: number };

/**
 * Resolves with where that is. What fails later is told by `onWarning`, each cause once: an accept without a descriptor to
 * spare costs a client its connection, and would end the process if nobody listened for it. Throws NMZ_ENDPOINT_PORT and
 * NMZ_ENDPOINT_LISTEN, which name the place.
 */
export async function listen(
  server: Server,
  place: ListenPlace,
  onWarning: (line: string) => void,
): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, place));
    server.once("error", failed);
    server.listen({ ...("fd" in place ? { fd: place.fd } : place), backlog: 1024 }, () => {
      server.off("error", failed);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const told = new Set<string>();
  server.on("error", (error) => {
    const line = `endpoint ${hostAndPort(address.address, address.port)}: ${messageOf(error)}`;
    if (told.has(line)) return;
    told.add(line);
    onWarning(line);
  });
  return address;
}

/** `127.0.0.1:10000`, `[::1]:10000`. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for what only this machine can reach. A name, except localhost, may be any. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:/, "");
  return address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

function listenError(error: NodeJS.ErrnoException, place: ListenPlace): NmzError {
  if ("fd" in place) {
    return new NmzError("NMZ_ENDPOINT_LISTEN", `cannot serve descriptor ${place.fd}: ${messageOf(error)}`, {
      hint: "hand over a TCP socket that listens",
      cause: error,
    });
  }
  const { host, port, portFlag } = place;
  const where = hostAndPort(host, port);
  if (error.code === "EADDRINUSE") {
    return new NmzError("NMZ_ENDPOINT_PORT", `cannot listen on ${where}: port ${port} is in use`, {
      hint: `choose another with ${portFlag} (0: any free one); "ss -ltnp sport = :${port}" says who has it`,
      cause: error,
      exitCode: 1,
    });
  }
  const hint =
    error.code === "EACCES"
      ? `ports below 1024 are for root: choose another with ${portFlag}`
      : error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND"
        ? `"${host}" is no address of this machine: "ip address" lists them`
        : `choose another address with --listen, or another port with ${portFlag}`;
  return new NmzError("NMZ_ENDPOINT_LISTEN", `cannot listen on ${where}: ${messageOf(error)}`, {
    hint,
    cause: error,
    exitCode: 1,
  });
}
