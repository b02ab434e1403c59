/**
 * Packets: NFQUEUE rules inside the workload's network namespace lead every packet to a queue served from here; each
 * becomes a PacketEvent, and its action says whether and when it goes on. TCP segments sent again while their first
 * copy is still held are dropped, so that a delay is not a doubling.
 *
 * Must not know who decides. Invariants: the queue is bound before the rules are written, so nothing is missed;
 * nothing outside the namespace changes; an inspector that stops lets everything go, one that is killed leaves
 * traffic flowing (--queue-bypass). A packet is read only when somebody asks what is in it.
 */
export * from "./attach.js";
export { entityName, unknownEntity } from "./endpoint-name.js";
export { EthernetInspector } from "./ethernet-inspector.js";
