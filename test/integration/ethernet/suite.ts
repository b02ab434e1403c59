import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PacketEvent } from "../../../src/signal/index.js";
import { type AttachedInspector, accept, attach, delay } from "./attached-inspector.js";
import { hostRules, TestNetns } from "./test-netns.js";
import { traffic } from "./traffic.js";

interface Burst {
  readonly received: number;
  readonly twice: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What must hold with either driver. */
export function ethernetSuite(driver: "netlink" | "nfqueue"): void {
  describe(`EthernetInspector over ${driver}`, () => {
    let netns: TestNetns;
    let attached: AttachedInspector | undefined;
    const start = async (options: Omit<Parameters<typeof attach>[0], "netnsPath" | "driver"> = {}) => {
      attached = await attach({ netnsPath: netns.path, driver, ...options });
      return attached;
    };

    beforeEach(() => {
      netns = new TestNetns();
    });
    afterEach(async () => {
      attached?.orchestrator.stop();
      await attached?.inspector.stop();
      attached = undefined;
      netns.remove();
    });

    it("lets 8 MiB over TCP through intact, each packet delayed", async () => {
      let turn = 0;
      const { inspector, errors } = await start({ decide: (event) => delay(turn++ % 3)(event) });
      const result = await traffic<{ isIntact: boolean }>(netns.name, "tcp-transfer", "127.0.0.1", 8 << 20);
      expect(result.isIntact).toBe(true);
      expect(inspector.report().events).toBeGreaterThan(50);
      expect(errors).toEqual([]);
    });

    it("lets IPv6 through, and sees it", async () => {
      const { inspector } = await start({ decide: delay(1) });
      const result = await traffic<{ isIntact: boolean }>(netns.name, "tcp-transfer", "::1", 1 << 20);
      expect(result.isIntact).toBe(true);
      const { IPv4, IPv6 } = inspector.report().details;
      expect(IPv6).toBeGreaterThan(10);
      expect(IPv4).toBe(0);
    });

    it("holds each datagram as long as it was told, in parallel", async () => {
      const { inspector } = await start({ decide: delay(200) });
      const result = await traffic<Burst>(netns.name, "udp-burst", "127.0.0.1", 1000, 5000);
      expect(result).toMatchObject({ received: 1000, twice: 0 });
      expect(result.firstMs).toBeGreaterThanOrEqual(199);
      expect(inspector.report().events).toBe(1000);
    });

    it("drops what is faulted, and nothing else", async () => {
      const isOdd = (event: PacketEvent) => (event.source.bytes[28]! & 1) === 1;
      const { inspector } = await start({
        decide: (event) => (isOdd(event) ? { delayMs: 0, action: event.faultAction() } : accept(event)),
      });
      const result = await traffic<Burst>(netns.name, "udp-burst", "127.0.0.1", 200, 700);
      expect(result.received).toBe(100);
      expect(inspector.report()).toMatchObject({ events: 200, faults: { drop: 100 } });
    });

    it("does not double a segment that it delays for longer than TCP waits", async () => {
      // TCP sends again after 200 ms at the earliest. Only one way is delayed: an answer that is late by our doing
      // makes TCP send again what has arrived long ago, and that is a new packet.
      let held = 0;
      const { inspector } = await start({
        decide: (event) => {
          if (!event.replayHint.includes(":5001:data:")) return accept(event);
          held += 1;
          return delay(700)(event);
        },
      });
      const result = await traffic<{ answered: number; sentAgain: number; cameTwice: number }>(
        netns.name,
        "tcp-messages",
        "127.0.0.1",
        2,
      );
      expect(result.answered).toBe(2);
      expect(result.sentAgain).toBeGreaterThan(0);
      expect(held).toBe(2);
      expect(result.cameTwice).toBe(0);
      expect(inspector.report().details["retransmissions dropped"]).toBe(result.sentAgain);
    });

    it("takes the way in when asked to", async () => {
      const { inspector } = await start({ directions: ["input"] });
      await traffic(netns.name, "udp-burst", "127.0.0.1", 50, 2000);
      expect(inspector.report().details).toMatchObject({ input: 50, output: 0 });
    });

    it("takes only what matches", async () => {
      const { inspector } = await start({
        match: [{ protocol: ["tcp"], ports: [{ from: 5001, to: 5001 }] }],
      });
      await traffic(netns.name, "udp-burst", "127.0.0.1", 50, 2000);
      expect(inspector.report().events).toBe(0);
      await traffic(netns.name, "tcp-messages", "127.0.0.1", 5);
      expect(inspector.report().events).toBeGreaterThan(10);
    });

    it("lets 1,000 held packets go when it stops", async () => {
      const { inspector, orchestrator, errors } = await start({ decide: delay(60_000) });
      const result = traffic<Burst>(netns.name, "udp-burst", "127.0.0.1", 1000, 8000);
      while (orchestrator.counts.held < 1000) await new Promise((resolve) => setTimeout(resolve, 20));
      await inspector.stop();
      expect(await result).toMatchObject({ received: 1000, twice: 0 });
      orchestrator.stop();
      expect(errors).toEqual([]);
    });

    it("changes nothing on the machine, and leaves nothing in the namespace", async () => {
      const host = hostRules();
      const inside = netns.rules();
      const { inspector } = await start();
      expect(hostRules()).toBe(host);
      expect(netns.rules()).toContain("NFQUEUE");
      await inspector.stop();
      expect(hostRules()).toBe(host);
      expect(netns.rules().replace(/\*mangle\n(:\w+ ACCEPT ?\n)*COMMIT\n/g, "")).toBe(
        inside.replace(/\*mangle\n(:\w+ ACCEPT ?\n)*COMMIT\n/g, ""),
      );
      expect(netns.run("cat", "/proc/net/netfilter/nfnetlink_queue")).toBe("");
    });

    it("takes the next number where its own is taken", async () => {
      const first = await start();
      const second = await attach({ netnsPath: netns.path, driver });
      expect(first.inspector.report().details["queue number"]).toBe(42);
      expect(second.inspector.report().details["queue number"]).toBe(43);
      await second.inspector.stop();
      await traffic(netns.name, "udp-burst", "127.0.0.1", 10, 2000);
      expect(first.inspector.report().events).toBe(10);
    });

    it("stops when its namespace has gone", async () => {
      const gone = new TestNetns();
      const { inspector, errors } = await attach({ netnsPath: gone.path, driver });
      gone.remove();
      await inspector.stop();
      expect(errors).toEqual([]);
    });

    it("is undone by the undo stack too", async () => {
      const { undo, inspector } = await start();
      expect(await undo.unwind()).toEqual([]);
      expect(netns.rules()).not.toContain("NMZC");
      await inspector.stop();
    });
  });
}

/** Open descriptors of this process. */
export function descriptorCount(): number {
  return readdirSync("/proc/self/fd").length;
}

/** Threads of this process. */
export function threadCount(): number {
  return readdirSync("/proc/self/task").length;
}
