import { probePacketQueue } from "../../runtime/kernel/index.js";
import { type Ability, absent, present } from "./ability.js";

const neededFor = "ethernet inspector";
const remedy = "modprobe nfnetlink_queue xt_NFQUEUE, or use a kernel with CONFIG_NETFILTER_XT_TARGET_NFQUEUE";

/** The rules' program and the queue, tried in a network namespace made for it. */
export async function packetAbilities(): Promise<Ability[]> {
  const { v4, v6, iptables } = await probePacketQueue();
  return [
    iptables === undefined
      ? absent(
          "iptables",
          v4 ?? "no rule could be made",
          process.geteuid?.() === 0 ? "apt-get install iptables" : "run with sudo",
          neededFor,
          true,
        )
      : present("iptables", iptables, neededFor, true),
    v4 === undefined
      ? present("NFQUEUE, IPv4", "a rule was made", neededFor, true)
      : absent("NFQUEUE, IPv4", v4, remedyFor(iptables), neededFor, true),
    v6 === undefined
      ? present("NFQUEUE, IPv6", "a rule was made", `${neededFor}, IPv6`)
      : absent("NFQUEUE, IPv6", v6, remedyFor(iptables), `${neededFor}, IPv6`),
  ];
}

function remedyFor(iptables: string | undefined): string {
  if (process.geteuid?.() !== 0) return "run with sudo";
  return iptables === undefined ? `apt-get install iptables; ${remedy}` : remedy;
}
