import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PacketFaultAction } from "../../../src/signal/index.js";
import { requires } from "../../helpers/requires.js";
import { attach } from "../ethernet/attached-inspector.js";
import { OpenVswitch } from "./open-vswitch.js";
import { fixture, pythonWithHookSwitch } from "./python-cache.js";
import { accept, type InspectedSwitch, patience, startInspector } from "./switch-rig.js";

requires("root", "nfqueue", "ip", "ethtool", "python3", "ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "built");

const port = 4242;
let openVswitch: OpenVswitch;
let inspected: InspectedSwitch;
let server: ChildProcess;

beforeAll(async () => {
  const python = pythonWithHookSwitch();
  openVswitch = new OpenVswitch();
  const address = `ipc://${join(openVswitch.folder, "hookswitch")}`;
  inspected = await startInspector(address);
  const env = { HOOKSWITCH_ZMQ_ADDR: address, HOOKSWITCH_TCP_PORTS: String(port), HOOKSWITCH_DEBUG: "1" };
  await openVswitch.start([python, fixture("of13-on-python3.py")], env, port);
  server = inHost(1, "serve");
  await once(server.stdout!, "data");
}, 300_000);

afterEach(() => {
  inspected.rule.decide = accept;
});

afterAll(async () => {
  server?.kill();
  await inspected?.undo.unwind();
  await openVswitch?.stop();
});

function words(host: 0 | 1, role: "serve" | "talk", count = 0): string[] {
  const [, { address }] = openVswitch.hosts;
  const program = [process.execPath, fixture("conversation.mjs"), role, address, String(port), String(count)];
  return ["netns", "exec", openVswitch.hosts[host].netns, ...program];
}

function inHost(host: 0 | 1, role: "serve"): ChildProcess {
  return spawn("ip", words(host, role), { stdio: ["ignore", "pipe", "inherit"] });
}

interface Talk {
  readonly replies: readonly string[];
  readonly connectMs: number;
  readonly totalMs: number;
}

/** A conversation between the hosts, through the switch. */
async function talk(count: number): Promise<Talk> {
  const { stdout } = await promisify(execFile)("ip", words(0, "talk", count), { timeout: 40_000 });
  return JSON.parse(stdout) as Talk;
}

const answers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}, heard`);

describe("HookSwitch of PyPI, under ryu, with Open vSwitch", () => {
  it("hands every packet of a conversation over, named and hinted as NFQUEUE's at its sender", async () => {
    const hints: string[] = [];
    const [{ netns, address }, { address: other }] = openVswitch.hosts;
    const queue = await attach({
      netnsPath: `/var/run/netns/${netns}`,
      driver: "netlink",
      match: [{ protocol: ["tcp"], ports: [] }],
      decide: (event) => {
        hints.push(event.replayHint);
        return accept(event);
      },
    });
    const sentThrough = () =>
      inspected.events.filter(({ source }) => source.srcEntity.startsWith(`entity-${address}:`));
    try {
      inspected.events.length = 0;
      expect((await talk(5)).replies).toEqual(answers(5));
      // The last acknowledgement may still be on its way.
      await vi.waitFor(() => {
        const switched = sentThrough().map((event) => event.replayHint);
        expect(switched.sort()).toEqual([...hints].sort());
      }, patience);
    } finally {
      await queue.inspector.stop();
    }
    const sent = sentThrough();
    expect(hints).toContain(`tcp:output:local>${other}:${port}:syn`);
    expect(hints.filter((hint) => hint.includes(":data:"))).toHaveLength(5);
    expect(sent.every(({ source }) => source.dstEntity === `entity-${other}:${port}`)).toBe(true);
    const frame = Buffer.from(String(sent[0]!.option["bytes"]), "base64");
    expect(frame.readUInt16BE(12)).toBe(0x0800);
    expect(inspected.errors).toEqual([]);
  });

  it("holds each packet as long as the policy says", async () => {
    inspected.rule.decide = (event) => ({ delayMs: 40, action: event.defaultAction() });
    const { replies, connectMs, totalMs } = await talk(3);
    expect(replies).toEqual(answers(3));
    // SYN and its answer, then three lines and three answers.
    expect(connectMs).toBeGreaterThanOrEqual(80);
    expect(totalMs).toBeGreaterThanOrEqual(8 * 40);
  });

  it("loses the packet that the policy drops, which TCP sends again", async () => {
    let dropped = 0;
    inspected.rule.decide = (event) => {
      if (dropped > 0 || !event.replayHint.includes(":data:")) return accept(event);
      dropped += 1;
      return { delayMs: 0, action: new PacketFaultAction(event) };
    };
    const before = inspected.inspector.report().faults["drop"] ?? 0;
    const { replies } = await talk(2);
    expect(replies).toEqual(answers(2));
    expect(dropped).toBe(1);
    expect((inspected.inspector.report().faults["drop"] ?? 0) - before).toBe(1);
  });

  it("lets go what is held when the inspector stops, and the next inspector goes on", async () => {
    inspected.rule.decide = (event) => ({ delayMs: 3_600_000, action: event.defaultAction() });
    const seen = inspected.events.length;
    const accepted = () => openVswitch.log("controller").split("op=accept").length;
    const acceptedBefore = accepted();
    // Longer than the inspector stays to answer what is on its way to it.
    const talking = talk(400);
    await vi.waitFor(() => expect(inspected.events.length).toBeGreaterThan(seen), patience);
    await inspected.undo.unwind();
    await vi.waitFor(() => expect(accepted()).toBeGreaterThan(acceptedBefore), patience);
    // The answer to that packet waits in the switch until somebody listens again.
    inspected = await startInspector(inspected.inspector.address);
    expect((await talking).replies).toEqual(answers(400));
    expect(inspected.events.length).toBeGreaterThan(0);
  });
});
