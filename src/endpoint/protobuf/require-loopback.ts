import { isIPv4 } from "node:net";
import { NmzError } from "../../util/index.js";

/** Throws NMZ_PROTOBUF_REMOTE for an address that other machines can reach. A name, except localhost, may be any. */
export function requireLoopback(host: string): void {
  if (host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."))) return;
  throw new NmzError(
    "NMZ_PROTOBUF_REMOTE",
    `the protobuf endpoint does not listen on ${host}: its wire has no token, so whoever reaches the port is heard`,
    { hint: "Keep it on 127.0.0.1 (an ssh tunnel leads there), or say that the network may be trusted." },
  );
}
