import type { PacketRuleMatch, PortRange } from "../../../runtime/kernel/index.js";
import type { Autopilot } from "../../config/index.js";
import { NmzError } from "../../util/index.js";

export type Direction = "output" | "input";
export type Protocol = PacketRuleMatch["protocol"][number];

/** Which packets the rules of `--install-rule` catch. Each list is "any of"; all that is given must hold. */
export interface PacketFilter {
  /** A name, a number or a range of numbers, as iptables' owner match takes them. */
  readonly uidOwner: string | undefined;
  readonly protocols: readonly Protocol[];
  /** Source or destination. */
  readonly ports: readonly PortRange[];
  readonly sourcePorts: readonly PortRange[];
  readonly destinationPorts: readonly PortRange[];
  /** Empty: the config's, or "output" where an owner is asked for. */
  readonly directions: readonly Direction[];
}

/** What is asked of iptables. */
export interface PacketChoice {
  readonly directions: readonly Direction[];
  readonly match: readonly PacketRuleMatch[];
}

const portless: ReadonlySet<Protocol> = new Set(["icmp", "icmpv6"]);

/** The flags' choice, or the config's where they choose nothing. Throws NMZ_ETHERNET_FILTER. */
export function choosePackets(filter: PacketFilter, config: Autopilot["ethernet"]): PacketChoice {
  const { uidOwner, protocols, ports, sourcePorts, destinationPorts } = filter;
  const directions =
    filter.directions.length > 0
      ? filter.directions
      : uidOwner === undefined
        ? config.directions
        : (["output"] as const);
  if (uidOwner !== undefined && directions.includes("input")) {
    throw refused(
      "--uid-owner is for packets that are sent: one that comes in has no owner yet",
      "leave --chain input out",
    );
  }
  const hasPorts = ports.length + sourcePorts.length + destinationPorts.length > 0;
  const withoutPorts = protocols.find((protocol) => portless.has(protocol));
  if (hasPorts && withoutPorts !== undefined) {
    throw refused(`${withoutPorts} has no ports`, "leave the ports or the protocol out");
  }
  const isChosen = hasPorts || protocols.length > 0 || uidOwner !== undefined;
  if (!isChosen) return { directions, match: config.match };
  const chosen = { protocol: protocols, ports, sourcePorts, destinationPorts };
  return { directions, match: [uidOwner === undefined ? chosen : { ...chosen, uidOwner }] };
}

function refused(what: string, hint: string): NmzError {
  return new NmzError("NMZ_ETHERNET_FILTER", what, { exitCode: 1, hint });
}

/** For people: "tcp, port 80, of user 1000, output", "every packet, output". */
export function describePackets({ directions, match }: PacketChoice): string {
  const each = match.map((choice) => describeMatch(choice)).join(" or ");
  return `${each === "" ? "every packet" : `packets of ${each}`}, ${directions.join(" and ")}`;
}

function describeMatch(match: PacketRuleMatch): string {
  const words: string[] = [];
  if (match.protocol.length > 0) words.push(match.protocol.join("/"));
  const addPorts = (name: string, ranges: readonly PortRange[] = []): void => {
    if (ranges.length > 0) words.push(`${name} ${ranges.map(rangeText).join("/")}`);
  };
  addPorts("port", match.ports);
  addPorts("source port", match.sourcePorts);
  addPorts("destination port", match.destinationPorts);
  if (match.uidOwner !== undefined) words.push(`user ${match.uidOwner}`);
  return words.join(", ") || "any kind";
}

function rangeText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}
