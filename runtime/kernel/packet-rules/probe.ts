import { existsSync } from "node:fs";
import { inTemporaryNetns } from "../netns/index.js";
import { type Flavour, flavours, reasonOf, restoreCommand, startRestore } from "./restore-command.js";
import { type IpVersion, installText } from "./rule-text.js";

export interface PacketQueueAbility {
  /** Why it cannot be used, or undefined when it can. */
  readonly v4: string | undefined;
  readonly v6: string | undefined;
  /** The command that worked, "iptables-nft-restore"; undefined when none did. */
  readonly iptables: string | undefined;
}

/** Tries rules in a namespace made for it. Never rejects. */
export async function probePacketQueue(): Promise<PacketQueueAbility> {
  let v6: string | undefined;
  const failures: string[] = [];
  for (const flavour of flavours) {
    try {
      const tried = inTemporaryNetns(() => ({ v4: tryRule(flavour, 4), v6: tryRule(flavour, 6) }));
      const v4 = await tried.v4;
      v6 = existsSync("/proc/net/if_inet6") ? await tried.v6 : "IPv6 is not in this kernel, or switched off";
      if (v4 === undefined) return { v4, v6, iptables: restoreCommand(flavour, 4) };
      failures.push(v4);
    } catch (error) {
      return { v4: String(error), v6: String(error), iptables: undefined };
    }
  }
  return { v4: failures.join("; "), v6: v6 ?? failures.join("; "), iptables: undefined };
}

async function tryRule(flavour: Flavour, version: IpVersion): Promise<string | undefined> {
  const rules = { queueNumber: 0, directions: ["output"], match: [] } as const;
  const result = await startRestore(flavour, version, installText(rules, version));
  return result.exitCode === 0 ? undefined : reasonOf(result, flavour, version);
}
