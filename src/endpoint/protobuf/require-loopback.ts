import { NmzError } from "../../util/index.js";
import { isLoopback } from "../listen.js";

/** Throws NMZ_PROTOBUF_REMOTE for an address that other machines can reach. */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new NmzError(
    "NMZ_PROTOBUF_REMOTE",
    `the protobuf endpoint does not listen on ${host}: its wire has no token, so whoever reaches the port is heard`,
    { hint: "keep it on 127.0.0.1 (an ssh tunnel leads there), or say that the network may be trusted" },
  );
}
