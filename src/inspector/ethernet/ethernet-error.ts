import { NfqueueAbsentError, PacketRulesError, SyscallError } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";

/** What the user is told when packets cannot be intercepted. */
export function ethernetError(error: unknown, netnsPath: string): NmzError {
  if (error instanceof NmzError) return error;
  if (error instanceof PacketRulesError) {
    return new NmzError("NMZ_ETHERNET_RULES", error.message, { hint: error.hint, cause: error });
  }
  if (error instanceof NfqueueAbsentError) {
    return new NmzError("NMZ_ETHERNET_DRIVER_ABSENT", error.message, {
      hint: 'npm install nfqueue (it needs libnetfilter-queue-dev and a compiler), or set ethernet.driver = "netlink"',
      cause: error,
    });
  }
  if (error instanceof SyscallError && error.code === "EPERM") {
    return new NmzError(
      "NMZ_ETHERNET_PERMISSION",
      `no packets can be taken in ${netnsPath}: ${error.message}`,
      {
        hint: "run as root (CAP_NET_ADMIN and CAP_SYS_ADMIN), or leave the ethernet inspector out (nmzc run --nmz-disable ethernet)",
        cause: error,
      },
    );
  }
  return new NmzError("NMZ_ETHERNET_QUEUE", `no packets can be taken in ${netnsPath}: ${messageOf(error)}`, {
    hint: 'look at what "nmz doctor" says about NFQUEUE, or leave it out (nmzc run --nmz-disable ethernet)',
    cause: error,
  });
}
