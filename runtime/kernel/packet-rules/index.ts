/**
 * The iptables rules that lead a namespace's packets to a queue: a chain of our own, `NMZC-<queue>`, in the mangle
 * table, with a jump to it from OUTPUT (and INPUT). Written by one iptables-restore and one ip6tables-restore that
 * are started inside the namespace and run side by side.
 *
 * Must not know what the queue does. Invariants: the rules of the machine itself are never touched; what is removed
 * twice, or with a namespace that has gone, is removed. Revisit when kernels come with CONFIG_NFT_QUEUE everywhere:
 * then nf_tables can be spoken without iptables.
 */
export * from "./packet-rules.js";
export * from "./probe.js";
export * from "./queue-rules.js";
export type { PacketRuleMatch, PortRange, TcpPeer } from "./rule-text.js";
