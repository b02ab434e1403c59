import type { AddressInfo, Server } from "node:net";
import { isIPv6 } from "node:net";
import { messageOf, NmzError } from "../../util/index.js";

export interface ListenPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How the user chooses another port: "--rest-port". */
  readonly portFlag: string;
}

/** Resolves with the port. Throws NMZ_ENDPOINT_PORT and NMZ_ENDPOINT_LISTEN, which name the place. */
export async function listen(server: Server, { host, port, portFlag }: ListenPlace): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port, portFlag));
    server.once("error", failed);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", failed);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** `127.0.0.1:10000`, `[::1]:10000`. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number, portFlag: string): NmzError {
  const place = hostAndPort(host, port);
  if (error.code === "EADDRINUSE") {
    return new NmzError("NMZ_ENDPOINT_PORT", `cannot listen on ${place}: port ${port} is in use`, {
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
  return new NmzError("NMZ_ENDPOINT_LISTEN", `cannot listen on ${place}: ${messageOf(error)}`, {
    hint,
    cause: error,
    exitCode: 1,
  });
}
