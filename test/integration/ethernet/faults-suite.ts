import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PacketEvent, type PacketFault, PacketFaultAction } from "../../../src/signal/index.js";
import { type AttachedInspector, accept, attach } from "./attached-inspector.js";
import { TestNetns } from "./test-netns.js";
import { traffic } from "./traffic.js";

interface Probe {
  readonly read: string[];
  readonly errors: { readonly client: string[]; readonly server: string[] };
}

const hosts = { 4: "127.0.0.1", 6: "::1" } as const;
const ways = ([4, 6] as const).flatMap((version) =>
  (["output", "input"] as const).map((direction) => ({ version, direction })),
);

/** What a program sees of each fault, with either driver. */
export function packetFaultsSuite(driver: "netlink" | "nfqueue"): void {
  describe.each(ways)(`Packet faults over ${driver}, IPv$version, $direction`, ({ version, direction }) => {
    const host = hosts[version];
    let netns: TestNetns;
    let attached: AttachedInspector | undefined;

    /** Does the fault to the first packet on its way to the server that carries `text`. */
    const start = async (fault: PacketFault, isMeant: (event: PacketEvent) => boolean) => {
      let isDone = false;
      attached = await attach({
        netnsPath: netns.path,
        driver,
        directions: [direction],
        decide: (event) => {
          if (isDone || !isMeant(event)) return accept(event);
          isDone = true;
          return { delayMs: 0, action: new PacketFaultAction(event, fault) };
        },
      });
      return attached;
    };
    const carries = (text: string) => (event: PacketEvent) =>
      Buffer.from(event.source.bytes).includes(text, 0, "latin1");
    const probe = (protocol: "tcp" | `udp:${number}`, ...texts: string[]) =>
      traffic<Probe>(netns.name, "fault-probe", protocol, host, ...texts);
    const check = (faults: Record<string, number>) => {
      expect(attached?.inspector.report()).toMatchObject({ faults, refusals: {} });
      expect(attached?.errors).toEqual([]);
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

    it("lets a program read a duplicated datagram as often as it was sent", async () => {
      await start({ kind: "duplicate", copies: 2 }, carries("two"));
      // What was in the queue already when the copies were made may come before them.
      const { read } = await probe("udp:5", "one", "two", "three");
      expect(read.sort()).toEqual(["one", "three", "two", "two", "two"]);
      check({ duplicate: 1 });
    });

    it("duplicates a TCP segment, and its reader reads it once", async () => {
      await start({ kind: "duplicate", copies: 2 }, carries("two"));
      expect((await probe("tcp", "one", "two", "three")).read.join("")).toBe("onetwothree");
      check({ duplicate: 1 });
    });

    it("lets a program read flipped bits where the checksum is right", async () => {
      const fault = { kind: "corrupt", place: 0, bits: 2, checksum: "right" } as const;
      await start(fault, carries("two"));
      const { read } = await probe("udp:3", "one", "two", "three");
      expect(read.sort()).toEqual(["one", "three", "\xb4wo"]);
      await attached?.inspector.stop();
      await start(fault, carries("two"));
      expect((await probe("tcp", "one", "two")).read.join("")).toBe("one\xb4wo");
      check({ corrupt: 1 });
    });

    it("keeps a packet with a wrong checksum from the program, and TCP repairs it", async () => {
      const fault = { kind: "corrupt", place: 0.5, bits: 1, checksum: "wrong" } as const;
      await start(fault, carries("two"));
      expect((await probe("udp:2", "one", "two", "three")).read).toEqual(["one", "three"]);
      await attached?.inspector.stop();
      await start(fault, carries("two"));
      expect((await probe("tcp", "one", "two", "three")).read.join("")).toBe("onetwothree");
      check({ corrupt: 1 });
    });

    it("flips one bit of a segment that no packet could carry", async () => {
      netns.run("ip", "link", "set", "lo", "mtu", "1500");
      const text = "abcdefgh".repeat(2500);
      // After a slow handshake TCP sends no more than two packets' worth at once.
      const isLong = (event: PacketEvent) => event.source.bytes.length > 2000;
      await start({ kind: "corrupt", place: 0.5, bits: 1, checksum: "right" }, isLong);
      const read = (await probe("tcp", text)).read.join("");
      check({ corrupt: 1 });
      expect(read).toHaveLength(text.length);
      const wrong = [...read].filter((letter, i) => letter !== text[i]);
      expect(wrong).toHaveLength(1);
    });

    it("lets later datagrams pass one that is reordered", async () => {
      await start({ kind: "reorder", packets: 2, withinMs: 5000 }, carries("one"));
      expect((await probe("udp:4", "one", "two", "three", "four")).read).toEqual([
        "two",
        "three",
        "one",
        "four",
      ]);
      check({ reorder: 1 });
    });

    it("lets a reordered datagram go when its time is up", async () => {
      await start({ kind: "reorder", packets: 2, withinMs: 100 }, carries("one"));
      expect((await probe("udp:1", "one")).read).toEqual(["one"]);
      expect(attached?.inspector.report()).toMatchObject({ faults: {} });
      expect(Object.keys(attached?.inspector.report().refusals ?? {})).toEqual([
        "reorder is not possible where no later packet comes in time: accepted",
      ]);
    });

    it("brings a reordered TCP segment to its reader in order", async () => {
      await start({ kind: "reorder", packets: 1, withinMs: 5000 }, carries("one"));
      expect((await probe("tcp", "one", "two", "three")).read.join("")).toBe("onetwothree");
      check({ reorder: 1 });
    });

    it("refuses a connection", async () => {
      const isSyn = (event: PacketEvent) => event.replayHint.includes("5001:syn");
      await start({ kind: "reject" }, isSyn);
      const { read, errors } = await probe("tcp", "one");
      expect({ read, errors }).toEqual({ read: [], errors: { client: ["ECONNREFUSED"], server: [] } });
      check({ reject: 1 });
    });

    it("resets a connection", async () => {
      await start({ kind: "reject" }, carries("two"));
      const { read, errors } = await probe("tcp", "one", "two");
      expect(read.join("")).toBe("one");
      expect(errors.client).toEqual(["ECONNRESET"]);
      check({ reject: 1 });
    });

    it("refuses a datagram", async () => {
      await start({ kind: "reject" }, carries("one"));
      // The error waits in the socket until its next call, which fails with it.
      const { read, errors } = await probe("udp:3", "one", "two", "three");
      expect(read).not.toContain("one");
      expect(errors.client).toEqual(["ECONNREFUSED"]);
      check({ reject: 1 });
    });
  });
}
