import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { requires } from "../../helpers/requires.js";
import { type LogRig, patience, startLogs } from "./log-rig.js";

requires("ipv6");

const opened: LogRig[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const { undo } of opened.splice(0)) await undo.unwind();
});

async function logs(options?: Parameters<typeof startLogs>[1]): Promise<LogRig> {
  const rig = await startLogs(undefined, options);
  opened.push(rig);
  return rig;
}

async function dial({ inspector }: LogRig): Promise<Socket> {
  const socket = connect(inspector.tcpPort!, inspector.address);
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const limits = { maxLineBytes: 1000, maxConnections: 2, idleMs: 60_000, stalledMs: 60_000 };

describe("syslog receivers", () => {
  it("receive over IPv6, and name the sender as the ethernet inspector does", async () => {
    const rig = await logs({ host: "::1" });
    const udp = createSocket("udp6");
    udp.send("<13>app: over six", rig.inspector.udpPort!, "::1");
    expect((await rig.line("over six"))["src_entity"]).toMatch(/^entity-\[::1\]:\d+$/);
    udp.close();
    (await dial(rig)).end("<13>app: tcp six");
    expect((await rig.line("tcp six"))["src_entity"]).toMatch(/^entity-\[::1\]:\d+$/);
  });

  it("say which port another program has, and leave none open", async () => {
    const rig = await logs();
    const { udpPort, tcpPort } = rig.inspector;
    await expect(startLogs(undefined, { udpPort })).rejects.toMatchObject({
      code: "NMZ_SYSLOG_PORT_TAKEN",
      message: `another program listens on UDP port ${udpPort} of 127.0.0.1`,
    });
    await expect(startLogs(undefined, { tcpPort })).rejects.toMatchObject({ code: "NMZ_SYSLOG_PORT_TAKEN" });
    await expect(startLogs(undefined, { host: "192.0.2.7" })).rejects.toMatchObject({
      code: "NMZ_SYSLOG_LISTEN",
    });
  });

  it("can be had one without the other", async () => {
    const { inspector } = await logs({ udpPort: undefined });
    expect(inspector).toMatchObject({ udpPort: undefined, tcpPort: expect.any(Number) });
  });

  it("keep the beginning of a line that is too long, and the lines after it", async () => {
    const rig = await logs({ limits });
    const socket = await dial(rig);
    socket.write(`<13>app: ${"x".repeat(100_000)}\n<13>app: after\n`);
    await rig.line("after");
    expect(rig.lines[0]).toMatchObject({ is_cut: true, message: "x".repeat(1000 - "<13>app: ".length) });
    expect(rig.lines).toHaveLength(2);
  });

  it("pass on what a sender that goes away had begun to say", async () => {
    const rig = await logs();
    const socket = await dial(rig);
    socket.write("<13>app: unfinished", () => socket.resetAndDestroy());
    await rig.line("unfinished");
  });

  it("refuse connections beyond their number, say so once, and take new ones when old ones have gone", async () => {
    const rig = await logs({ limits });
    const [first, second] = [await dial(rig), await dial(rig)];
    const third = await dial(rig);
    const fourth = await dial(rig);
    await Promise.all([once(third, "close"), once(fourth, "close")]);
    expect(rig.warnings).toEqual(["Error: more than 2 connections for log lines: refused"]);
    second!.write("<13>app: still heard\n");
    await rig.line("still heard");
    const gone = once(first!, "close");
    first!.end();
    await gone;
    await vi.waitFor(async () => {
      (await dial(rig)).write("<13>app: room again\n");
      expect(rig.lines.some(({ message }) => message === "room again")).toBe(true);
    }, patience);
  });

  it("close a connection that stalls inside of a message, and keep what came of it", async () => {
    const rig = await logs({ limits: { ...limits, stalledMs: 100 } });
    const idle = await dial(rig);
    const stalled = await dial(rig);
    stalled.write("50 <13>app: half");
    await once(stalled, "close");
    await rig.line("half");
    expect(idle.readyState).toBe("open");
    expect(rig.inspector.report().details).toMatchObject({ "idle connections closed": 1 });
  });

  it("close a connection that says nothing", async () => {
    const rig = await logs({ limits: { ...limits, idleMs: 100 } });
    await once(await dial(rig), "close");
  });

  it("let go of every connection when they stop", async () => {
    const rig = await logs();
    const socket = await dial(rig);
    socket.write("<13>app: here\n");
    await rig.line("here");
    await Promise.all([once(socket, "close"), rig.inspector.stop()]);
    await rig.inspector.stop();
  });
});
