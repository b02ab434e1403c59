import { describe, expect, it } from "vitest";
import { leadsTo } from "../../../../runtime/kernel/packet-rules/queue-rules.js";

describe("leadsTo", () => {
  it.each([
    ["-A OUTPUT -p tcp -j NFQUEUE --queue-num 42 --queue-bypass", [42], [4, 2, 420]],
    ["-A OUTPUT -j NFQUEUE --queue-balance 40:43 --queue-bypass", [40, 42, 43], [39, 44]],
    ["\t\ttcp dport 80 queue num 42 bypass", [42], [80]],
    ["\t\tqueue flags bypass to 40-43", [40, 43], [44]],
    ["-A OUTPUT -p tcp --dport 42 -j ACCEPT", [], [42]],
  ])("reads what iptables and nft list: %s", (listing, queues, others) => {
    for (const queue of queues) expect(leadsTo(listing, queue)).toBe(true);
    for (const queue of others) expect(leadsTo(listing, queue)).toBe(false);
  });
});
