import { lookup } from "node:dns/promises";
import type { TcpPeer } from "../../../runtime/kernel/index.js";

/** The TCP endpoints behind a URL. A name that leads nowhere today may do so tomorrow: then the port alone is known. */
export async function peersOf(url: URL): Promise<readonly TcpPeer[]> {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  try {
    const found = await lookup(url.hostname.replace(/^\[(.*)\]$/, "$1"), { all: true });
    return found.map(({ address }) => ({ address, port }));
  } catch {
    return [{ address: undefined, port }];
  }
}
