import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareEthernetInspector } from "../../../src/inspector/ethernet/index.js";
import { UndoStack } from "../../../src/util/index.js";
import { requires } from "../../helpers/requires.js";
import { attach, delay } from "./attached-inspector.js";
import { packetFaultsSuite } from "./faults-suite.js";
import { descriptorCount, ethernetSuite, threadCount } from "./suite.js";
import { TestNetns } from "./test-netns.js";
import { traffic } from "./traffic.js";

requires("root", "nfqueue", "nfqueue-v6", "ip", "built");

ethernetSuite("netlink");
packetFaultsSuite("netlink");

describe("EthernetInspector over netlink alone", () => {
  let netns: TestNetns;
  beforeEach(() => {
    netns = new TestNetns();
  });
  afterEach(() => netns.remove());

  it("leaves no descriptor and no thread behind after 50 rounds", async () => {
    const round = async () => {
      const { inspector, errors } = await attach({ netnsPath: netns.path, driver: "netlink" });
      await inspector.stop();
      expect(errors).toEqual([]);
    };
    await round();
    const before = [descriptorCount(), threadCount()];
    for (let i = 0; i < 50; i++) await round();
    expect([descriptorCount(), threadCount()]).toEqual(before);
  });

  it("leaves traffic flowing when it is killed", async () => {
    const program = new URL("../../fixtures/packets/inspect-forever.mjs", import.meta.url).pathname;
    const child = spawn(process.execPath, [program, netns.path], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout!, "data");
    expect(netns.rules()).toContain("NFQUEUE");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await traffic(netns.name, "udp-burst", "127.0.0.1", 100, 3000)).toMatchObject({ received: 100 });

    // The next one comes to terms with the rules that are still there.
    const { inspector } = await attach({ netnsPath: netns.path, driver: "netlink" });
    await traffic(netns.name, "udp-burst", "127.0.0.1", 100, 3000);
    await inspector.stop();
    expect(inspector.report().events).toBe(100);
    expect(netns.rules()).not.toContain("NMZC");
  });

  it("takes everything back when the rules cannot be written", async () => {
    const refused = { protocol: ["tcp"], ports: [{ from: 9, to: 8 }] } as const;
    const before = [descriptorCount(), threadCount()];
    const attempt = attach({ netnsPath: netns.path, driver: "netlink", match: [refused] });
    await expect(attempt).rejects.toMatchObject({ code: "NMZ_ETHERNET_RULES" });
    expect(netns.run("cat", "/proc/net/netfilter/nfnetlink_queue")).toBe("");
    expect(netns.rules()).not.toContain("NMZC");
    expect([descriptorCount(), threadCount()]).toEqual(before);
  });

  it("ends its thread when it is never attached", async () => {
    const before = threadCount();
    const prepared = prepareEthernetInspector({
      queueNumber: 42,
      directions: ["output"],
      match: [],
      driver: "netlink",
      entity: "test",
      transceiver: { send: () => {} },
      undo: new UndoStack(),
      onError: (error) => {
        throw error;
      },
    });
    expect(threadCount()).toBeGreaterThan(before);
    await prepared.dispose();
    expect(threadCount()).toBe(before);
  });

  it("brings segments that the kernel has not cut yet through whole", async () => {
    const sizes: number[] = [];
    const { inspector } = await attach({
      netnsPath: netns.path,
      driver: "netlink",
      decide: (event) => {
        sizes.push(event.source.bytes.length);
        return delay(1)(event);
      },
    });
    // With this MTU a segment of 64 KiB exists only before it is cut.
    netns.run("ip", "link", "set", "lo", "mtu", "1500");
    const result = await traffic<{ isIntact: boolean }>(netns.name, "tcp-transfer", "127.0.0.1", 8 << 20);
    await inspector.stop();
    expect(result.isIntact).toBe(true);
    expect(Math.max(...sizes)).toBeGreaterThan(10_000);
  });
});
