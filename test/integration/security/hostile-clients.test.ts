import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { streamPath, streamProtocol } from "../../../src/signal/index.js";
import { requires } from "../../helpers/requires.js";

requires("built");

let place: string;
let child: ChildProcess;
let restPort: number;
let pbPort: number;
let said = "";

/** The real one, with a folder for its records. */
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "nmzt-hostile-clients-"));
  const ports = ["--rest-port", "0", "--pb-port", "0"];
  const words = ["dist/bin/nmz.js", "orchestrator", ...ports, "--nmz-out", join(place, "out")];
  child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`nmz orchestrator ended with ${code}: ${said}`)));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        restPort = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
        pbPort = Number(/protobuf[^\n]*127\.0\.0\.1:(\d+)/i.exec(said)?.[1]);
        if (restPort > 0 && pbPort > 0) resolve();
      });
    }
  });
});
afterAll(async () => {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  rmSync(place, { recursive: true });
});

const url = (path: string): string => `http://127.0.0.1:${restPort}${path}`;

/** A client that means well still gets its answer, at once. */
async function isServed(): Promise<boolean> {
  const answer = await fetch(url("/healthz"), { signal: AbortSignal.timeout(5_000) });
  return answer.ok;
}

/** What comes back first; nothing where the other end closes without a word. */
function rawExchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(bytes));
    socket.on("error", () => {}); // a reset is an end, too
    socket.on("close", () => resolve(""));
    socket.on("data", (chunk: Buffer) => {
      resolve(chunk.toString("latin1"));
      socket.destroy();
    });
  });
}

const event = (entity: string, option: object = {}) => ({
  ...{ type: "event", class: "PacketEvent", entity, uuid: "1f0e", deferred: false, replay_hint: "" },
  option: { src_entity: "a", dst_entity: "b", ...option },
});

const names = [
  ["a path", "../../../../tmp/nmzt-escaped"],
  ["a path in percent signs", "..%2f..%2fescaped"],
  ["a prototype", "__proto__"],
  ["an escape sequence", "\u001b]0;owned\u0007\n\rnmz: all is well"],
  ["a long name", "e".repeat(100_000)],
] as const;

describe("A hostile client of the orchestrator", () => {
  it("is not a web page: neither by a simple POST, nor by a name that was given our address", async () => {
    const simple = { "Content-Type": "text/plain", Origin: "https://evil.example" };
    const disable = url("/api/v3/control?op=disableOrchestration");
    expect((await fetch(disable, { method: "POST", headers: simple })).status).toBe(403);
    const rebound = Buffer.from(
      "POST /api/v3/control?op=disableOrchestration HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    expect(await rawExchange(restPort, rebound)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await (await fetch(url("/healthz"))).json()).toMatchObject({ orchestration: "enabled" });
  });

  it.each(names)("may name its entity by %s: it is a word and nothing more", async (_what, entity) => {
    const body = JSON.stringify(event(entity));
    const path = `/api/v3/events/${encodeURIComponent("honest")}/1f0e`;
    expect((await fetch(url(path), { method: "POST", body })).status).toBe(200);
    const polled = await fetch(url(`/api/v3/actions/${encodeURIComponent(entity.slice(0, 2000))}/none`), {
      method: "DELETE",
    });
    expect([200, 404]).toContain(polled.status);
    expect(readdirSync(place)).toEqual(["out"]);
    expect(readdirSync(join(place, "out")).filter((name) => name !== "latest")).toHaveLength(1);
    expect(existsSync("/tmp/nmzt-escaped")).toBe(false);
    expect([...said].filter((character) => /\p{Cc}/u.test(character) && character !== "\n")).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(await isServed()).toBe(true);
  });

  it("has no command run by an event or an action of its own", async () => {
    const marker = join(place, "ran");
    const body = JSON.stringify({ ...event("honest", { command: `touch ${marker}` }), class: "ShellAction" });
    await fetch(url("/api/v3/events/honest/1f0e"), { method: "POST", body });
    await fetch(url("/api/v3/actions/honest/1f0e"), { method: "POST", body });
    expect(existsSync(marker)).toBe(false);
  });

  it("has a body that is too large refused", async () => {
    const large = await fetch(url("/api/v3/events/e/1"), { method: "POST", body: "x".repeat((4 << 20) + 1) });
    expect(large.status).toBe(413);
    expect(await isServed()).toBe(true);
  });

  it("keeps nobody waiting with requests that do not end", async () => {
    const head = "POST /api/v3/events/e/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nx";
    const sockets = Array.from({ length: 200 }, () => connect({ host: "127.0.0.1", port: restPort }));
    try {
      await Promise.all(sockets.map((socket) => once(socket, "connect")));
      for (const socket of sockets) socket.on("error", () => {}).write(head);
      expect(await isServed()).toBe(true);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it("has a message of the stream that is too large refused, and its connection with it", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${restPort}${streamPath}`, streamProtocol);
    await once(socket, "open");
    const closed = once(socket, "close");
    socket.on("error", () => {});
    socket.send("x".repeat((16 << 20) + 1));
    const [code] = await closed;
    expect([1006, 1009]).toContain(code);
    expect(await isServed()).toBe(true);
  });

  it.each([
    ["HTTP, as a web page would send it", Buffer.from("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nhello")],
    ["a frame of four gigabytes", Buffer.from("ffffffff", "hex")],
    ["noise", Buffer.from("04000000ffffffff", "hex")],
  ])("has %s refused by the protobuf port", async (_what, bytes) => {
    await rawExchange(pbPort, bytes);
    expect(await isServed()).toBe(true);
  });

  it("finds its names in the record, letter by letter, and nothing else of its own", async () => {
    const [run] = readdirSync(join(place, "out")).filter((name) => name !== "latest");
    const recorded = () =>
      readFileSync(join(place, "out", run!, "trace.jsonl"), "utf8")
        .split("\n")
        .slice(1, -1) // behind the header, what is whole
        .map((line) => (JSON.parse(line) as { entity?: unknown }).entity);
    const expected = names.map(([, name]) => name).sort();
    await expect.poll(() => recorded().sort(), { timeout: 10_000 }).toEqual(expected);
  });
});
