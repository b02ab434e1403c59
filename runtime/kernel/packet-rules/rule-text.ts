export type IpVersion = 4 | 6;

/** Which packets; each list is "any of", an empty list is "all". */
export interface PacketRuleMatch {
  readonly protocol: readonly ("tcp" | "udp" | "icmp" | "icmpv6" | "sctp")[];
  /** Source or destination port, inclusive. */
  readonly ports: readonly { readonly from: number; readonly to: number }[];
}

export interface PacketRules {
  readonly queueNumber: number;
  readonly directions: readonly ("output" | "input")[];
  /** Empty: every packet. */
  readonly match: readonly PacketRuleMatch[];
  /** TCP ports at 127.0.0.1 whose packets, both ways, are never queued, whatever `match` says. */
  readonly exemptPorts?: readonly number[];
}

export function chainName(queueNumber: number): string {
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

// A port can only be asked for together with a protocol, and one rule cannot say "source or destination".
function matchTexts(match: PacketRuleMatch, version: IpVersion): string[] {
  const withPorts = match.ports.length > 0;
  const protocols = match.protocol.length > 0 ? match.protocol : withPorts ? (["tcp", "udp"] as const) : [];
  if (protocols.length === 0) return [""];
  return protocols.flatMap((protocol) => {
    if (protocol === "icmp") return version === 4 ? [" -p icmp"] : [];
    if (protocol === "icmpv6") return version === 6 ? [" -p ipv6-icmp"] : [];
    if (!withPorts) return [` -p ${protocol}`];
    return match.ports.flatMap(({ from, to }) => [
      ` -p ${protocol} --sport ${from}:${to}`,
      ` -p ${protocol} --dport ${from}:${to}`,
    ]);
  });
}
