import { existsSync } from "node:fs";
import { netnsIdentity } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";

export interface Netns {
  readonly path: string;
  /** For people: "this network", "network namespace h1". */
  readonly name: string;
  /** What stands before a command that is to run there. */
  readonly prefix: string;
  /** It is the one that this process lives in. */
  readonly isOwn: boolean;
}

const ownPath = "/proc/self/ns/net";
// Where ip-netns(8) keeps its names.
const namesFolder = "/run/netns";

/** A pid, a path, or a name of ip-netns(8); undefined: our own. Throws NMZ_ETHERNET_NETNS. */
export function findNetns(asked: string | undefined): Netns {
  if (asked === undefined) return { path: ownPath, name: "this network namespace", prefix: "", isOwn: true };
  const path = /^\d+$/.test(asked)
    ? `/proc/${asked}/ns/net`
    : asked.includes("/")
      ? asked
      : `${namesFolder}/${asked}`;
  if (!existsSync(path)) {
    throw new NmzError(
      "NMZ_ETHERNET_NETNS",
      `there is no network namespace "${asked}": ${path} is not there`,
      {
        exitCode: 1,
        hint: "give a pid, a path, or a name that ip netns lists",
      },
    );
  }
  try {
    const isOwn = netnsIdentity(path) === netnsIdentity(ownPath);
    return { path, name: `network namespace ${asked}`, prefix: `nsenter --net=${path} `, isOwn };
  } catch (error) {
    throw new NmzError("NMZ_ETHERNET_NETNS", `network namespace "${asked}": ${messageOf(error)}`, {
      exitCode: 1,
      hint: "run as root",
      cause: error,
    });
  }
}
