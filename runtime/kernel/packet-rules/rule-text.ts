import { isIP } from "node:net";

export type IpVersion = 4 | 6;

/** Which packets; each list is "any of", an empty list is "all". */
export interface PacketRuleMatch {
  readonly protocol: readonly ("tcp" | "udp" | "icmp" | "icmpv6" | "sctp")[];
  /** Source or destination port, inclusive. */
  readonly ports: readonly PortRange[];
  /** Both must be fulfilled where both are given. */
  readonly sourcePorts?: readonly PortRange[];
  readonly destinationPorts?: readonly PortRange[];
  /** Sent by a process of this user: a name, a number, or a range of numbers. In the direction "output" only. */
  readonly uidOwner?: string;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A TCP endpoint. */
export interface TcpPeer {
  /** Undefined: any. */
  readonly address: string | undefined;
  readonly port: number;
}

export interface PacketRules {
  readonly queueNumber: number;
  readonly directions: readonly ("output" | "input")[];
  /** Empty: every packet. */
  readonly match: readonly PacketRuleMatch[];
  /** TCP ports at 127.0.0.1 whose packets, both ways, are never queued, whatever `match` says. */
  readonly exemptPorts?: readonly number[];
  /** TCP endpoints anywhere whose packets, both ways, are never queued. */
  readonly exemptPeers?: readonly TcpPeer[];
}

function chainName(queueNumber: number): string {
  return `NMZC-${queueNumber}`;
}

/**
 * Input of iptables-restore --noflush. The mangle table, because it comes before nat: a packet still has the
 * address and port that the program named, not the random one behind Docker's own name server.
 */
export function installText(rules: PacketRules, version: IpVersion): string {
  const chain = chainName(rules.queueNumber);
  const target = `-j NFQUEUE --queue-num ${rules.queueNumber} --queue-bypass`;
  const matches =
    rules.match.length === 0 ? [""] : rules.match.flatMap((match) => matchTexts(match, version));
  return [
    "*mangle",
    `:${chain} - [0:0]`,
    ...(version === 4 ? exemptionTexts(rules.exemptPorts ?? []) : []).map((match) => `-A ${chain}${match}`),
    ...peerTexts(rules.exemptPeers ?? [], version).map((match) => `-A ${chain}${match}`),
    ...matches.map((match) => `-A ${chain}${match} ${target}`),
    ...rules.directions.map((direction) => `-A ${direction.toUpperCase()} -j ${chain}`),
    "COMMIT\n",
  ].join("\n");
}

/** The same, backwards, for rules that are known to be all there. */
export function undoText(queueNumber: number, directions: readonly ("output" | "input")[]): string {
  const chain = chainName(queueNumber);
  const jumps = directions.map((direction) => `-D ${direction.toUpperCase()} -j ${chain}`);
  return ["*mangle", ...jumps, `-F ${chain}`, `-X ${chain}`, "COMMIT\n"].join("\n");
}

/** The same, backwards, for those of its lines that are in `saved` (the output of iptables-save); "" for none. */
export function removeText(queueNumber: number, saved: string): string {
  const chain = chainName(queueNumber);
  const lines = saved.split("\n").map((line) => line.trimEnd());
  const jumps = lines.filter((line) => line.startsWith("-A ") && line.endsWith(` -j ${chain}`));
  const hasChain = lines.some((line) => line.startsWith(`:${chain} `));
  if (jumps.length === 0 && !hasChain) return "";
  return [
    "*mangle",
    ...jumps.map((line) => `-D ${line.slice(3)}`),
    ...(hasChain ? [`-F ${chain}`, `-X ${chain}`] : []),
    "COMMIT\n",
  ].join("\n");
}

// ACCEPT and not RETURN: nor shall the queue of another run in the same namespace, whose chain comes later, have them.
function exemptionTexts(ports: readonly number[]): string[] {
  return ports.flatMap((port) =>
    [" --dport", " --sport"].map(
      (side) => ` -s 127.0.0.1/32 -d 127.0.0.1/32 -p tcp${side} ${port} -j ACCEPT`,
    ),
  );
}

function peerTexts(peers: readonly TcpPeer[], version: IpVersion): string[] {
  return peers
    .filter(({ address }) => address === undefined || isIP(address) === version)
    .flatMap(({ address, port }) => {
      const [to, from] = address === undefined ? ["", ""] : [` -d ${address}`, ` -s ${address}`];
      return [`${to} -p tcp --dport ${port} -j ACCEPT`, `${from} -p tcp --sport ${port} -j ACCEPT`];
    });
}

// A port can only be asked for together with a protocol, and one rule cannot say "source or destination".
function matchTexts(match: PacketRuleMatch, version: IpVersion): string[] {
  const owner = match.uidOwner === undefined ? "" : ` -m owner --uid-owner ${match.uidOwner}`;
  const sides = portTexts(match);
  const hasPorts = sides.length > 0;
  const protocols = match.protocol.length > 0 ? match.protocol : hasPorts ? (["tcp", "udp"] as const) : [];
  if (protocols.length === 0) return [owner];
  return protocols.flatMap((protocol) => {
    if (protocol === "icmp") return version === 4 ? [` -p icmp${owner}`] : [];
    if (protocol === "icmpv6") return version === 6 ? [` -p ipv6-icmp${owner}`] : [];
    return (hasPorts ? sides : [""]).map((side) => ` -p ${protocol}${side}${owner}`);
  });
}

/** Every way to fulfil what is asked of the ports; none when nothing is. */
function portTexts({ ports, sourcePorts = [], destinationPorts = [] }: PacketRuleMatch): string[] {
  const at = (side: "sport" | "dport") => (range: PortRange) => ` --${side} ${range.from}:${range.to}`;
  const either = ports.flatMap((range) => [at("sport")(range), at("dport")(range)]);
  const demands = [either, sourcePorts.map(at("sport")), destinationPorts.map(at("dport"))];
  return demands
    .filter((demand) => demand.length > 0)
    .reduce<string[]>((ways, demand) => ways.flatMap((way) => demand.map((each) => way + each)), [""])
    .filter((way) => way !== "");
}
