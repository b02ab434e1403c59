import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PacketFaultAction } from "../../../src/signal/index.js";
import { requires } from "../../helpers/requires.js";
import { tcp4 } from "../../unit/inspector/ethernet/packet-builder.js";
import { frame, label } from "../../unit/inspector/hookswitch/frames.js";
import { fixture, pythonWithHookSwitch } from "./python-cache.js";
import { type InspectedSwitch, patience, startInspector } from "./switch-rig.js";

requires("root", "python3", "package:zeromq", "built");

const folder = mkdtempSync(join(tmpdir(), "nmzt-hookswitch-"));
const path = join(folder, "socket");
const address = `ipc://${path}`;
const children: ChildProcess[] = [];
const started: InspectedSwitch[] = [];
let python = "";

beforeAll(() => {
  python = pythonWithHookSwitch();
}, 300_000);
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  for (const { undo } of started.splice(0)) await undo.unwind();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function listen(at = address): Promise<InspectedSwitch> {
  const inspected = await startInspector(at);
  started.push(inspected);
  return inspected;
}

/** A switch that does what it is told, and what the inspector said to it. */
function peer(at = address) {
  const child = spawn(python, [fixture("switch-peer.py"), at], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    child,
    async tell(command: { send?: readonly Buffer[][]; recv?: number; waitMs?: number }) {
      const send = command.send?.map((parts) => parts.map((part) => part.toString("hex")));
      child.stdin!.write(`${JSON.stringify({ ...command, send: send ?? [] })}\n`);
      const { value } = await lines.next();
      const received = JSON.parse(value as string) as string[][];
      return received.map(([head = "", ...rest]) => ({
        label: JSON.parse(Buffer.from(head, "hex").toString()) as unknown,
        rest,
      }));
    },
  };
}

const data = (payload: string, sequence: number) => frame(tcp4({ payload, sequence }));

describe("HookSwitch with a peer of pyzmq", () => {
  it("answers two-part messages with the same id, an operation and an empty frame", async () => {
    const { rule } = await listen();
    rule.decide = (event) => ({
      delayMs: 0,
      action: Buffer.from(event.source.bytes).includes("bad")
        ? new PacketFaultAction(event)
        : event.defaultAction(),
    });
    const send = [
      [label(1), data("good", 100)],
      [Buffer.from('{"id": 2}'), data("bad", 200)],
      [label(3, { dpid: "x" }), data("good", 300)],
    ];
    expect(await peer().tell({ send, recv: 3 })).toEqual([
      { label: { id: 1, op: "accept" }, rest: [""] },
      { label: { id: 2, op: "drop" }, rest: [""] },
      { label: { id: 3, op: "accept", dpid: "x" }, rest: [""] },
    ]);
  });

  it("skips messages of any other kind, warns of each once, and goes on", async () => {
    const { errors } = await listen();
    const odd = [
      [label(1)],
      [label(1), data("x", 1), Buffer.alloc(0)],
      [Buffer.from("not JSON"), data("x", 1)],
    ];
    const send = [...odd, ...odd, [label(9), data("x", 1)]];
    expect(await peer().tell({ send, recv: 1 })).toEqual([{ label: { id: 9, op: "accept" }, rest: [""] }]);
    expect(errors).toHaveLength(3);
  });

  it("answers ten thousand frames once each", async () => {
    const { inspector } = await listen();
    const send = Array.from({ length: 10_000 }, (_, id) => [label(id), data("x", id * 10)]);
    const answers = await peer().tell({ send, recv: send.length });
    expect(answers.map((answer) => (answer.label as { id: number }).id)).toEqual(send.map((_, id) => id));
    expect(inspector.report().events).toBe(10_000);
  });

  it("accepts what it holds, and what is on its way to it, when it stops; its file is gone then", async () => {
    const { rule, inspector, events } = await listen();
    rule.decide = (event) => ({ delayMs: 3_600_000, action: event.defaultAction() });
    const { tell } = peer();
    await tell({ send: [0, 1, 2].map((id) => [label(id), data("x", id * 10)]) });
    await vi.waitFor(() => expect(events).toHaveLength(3), patience);
    expect(existsSync(path)).toBe(true);
    await inspector.stop();
    expect(existsSync(path)).toBe(false);
    const answers = await tell({ recv: 3 });
    expect(answers.map((answer) => answer.label)).toEqual([0, 1, 2].map((id) => ({ id, op: "accept" })));
  });

  it("does not tell a switch that was started anew what its predecessor waited for", async () => {
    const { rule, inspector, events, orchestrator } = await listen();
    rule.decide = (event) => ({ delayMs: 3_600_000, action: event.defaultAction() });
    const first = peer();
    await first.tell({ send: [[label(0), data("old", 1)]] });
    await vi.waitFor(() => expect(events).toHaveLength(1), patience);
    await end(first.child);
    const second = peer();
    await second.tell({ send: [[label(7), data("new", 900)]] });
    await vi.waitFor(() => expect(events).toHaveLength(2), patience);
    orchestrator.stop();
    expect(await second.tell({ recv: 1 })).toEqual([{ label: { id: 7, op: "accept" }, rest: [""] }]);
    expect(await second.tell({ recv: 1, waitMs: 100 })).toEqual([]);
    expect(inspector.report().details).toMatchObject({ "verdicts too late": 1 });
  });

  it("says that it hears one switch at a time", async () => {
    const { errors } = await listen();
    const first = peer();
    await first.tell({ send: [[label(0), data("x", 1)]], recv: 1 });
    peer();
    await vi.waitFor(
      () => expect(errors.map(String)).toEqual([expect.stringContaining("second switch")]),
      patience,
    );
    expect(await first.tell({ send: [[label(1), data("x", 100)]], recv: 1 })).toHaveLength(1);
  });

  it("takes the place of a killed inspector, and never that of a live one or of a file", async () => {
    const holder = fork("", [], {
      execArgv: ["-e", holderCode(path)],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    children.push(holder);
    await once(holder.stdout!, "data");
    await expect(startInspector(address)).rejects.toMatchObject({ code: "NMZ_HOOKSWITCH_TAKEN" });
    await end(holder);
    expect(existsSync(path)).toBe(true);
    await listen();
    expect(await peer().tell({ send: [[label(1), data("x", 1)]], recv: 1 })).toHaveLength(1);
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    await expect(startInspector(`ipc://${file}`)).rejects.toMatchObject({ code: "NMZ_HOOKSWITCH_PATH" });
    expect(existsSync(file)).toBe(true);
  });

  it("listens on TCP too, and says when that port is another program's", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const at = `tcp://127.0.0.1:${port}`;
    await expect(startInspector(at)).rejects.toMatchObject({ code: "NMZ_HOOKSWITCH_TAKEN" });
    server.close();
    const { inspector } = await listen("tcp://127.0.0.1:0");
    expect(inspector.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    const answers = await peer(inspector.address).tell({ send: [[label(1), data("x", 1)]], recv: 1 });
    expect(answers).toHaveLength(1);
  });

  it.each(["ipc:///nonexistent/socket", `ipc:///tmp/${"x".repeat(120)}`, "smoke://signals", "nothing"])(
    "says what is wrong with the address %s",
    async (wrong) => {
      await expect(startInspector(wrong)).rejects.toMatchObject({ code: "NMZ_HOOKSWITCH_BIND" });
    },
  );
});

/** Another inspector: what matters is that it listens and can be killed. */
function holderCode(at: string): string {
  return `require("node:net").createServer().listen(${JSON.stringify(at)}, () => console.log("listens"))`;
}
