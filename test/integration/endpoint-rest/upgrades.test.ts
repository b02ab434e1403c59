import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { attachStream } from "../../../src/endpoint/index.js";
import { streamPath, streamProtocol } from "../../../src/signal/index.js";
import { eventJson, RestRig } from "./rest-rig.js";

const handshake = [
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** Asks for an upgrade, and keeps its own end of the connection open whatever the server does. */
function askAndStay(port: number, path: string, headers: readonly string[] = []) {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.write([`GET ${path} HTTP/1.1`, ...handshake, ...headers, "", ""].join("\r\n"));
  let text = "";
  const ended = new Promise<string>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on("end", () => resolve(text));
  });
  return { socket, ended };
}

describe("An upgrade that is refused", () => {
  it.each([
    ["by the rule of access", "/api/v4/stream", ["Origin: http://evil.example"], 403],
    ["because nothing is there", "/api/v4/other", [], 404],
    ["by the stream", "/api/v4/stream", ["Sec-WebSocket-Protocol: nmz-stream.v9"], 426],
  ])("%s leaves no connection behind, although its client stays", async (_, path, headers, status) => {
    const rig = await RestRig.start();
    await attachStream(rig.endpoint, { control: rig.orchestrator });
    const { socket, ended } = askAndStay(rig.endpoint.port, path, headers);
    try {
      expect(await ended).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*NMZ_(REST|STREAM)_`, "s"));
      const code = /NMZ_[A-Z_]+/.exec(await ended)![0];
      expect(await rig.metric(`nmz_http_refused_total{code="${code}"}`)).toBe(1);
      await allGone(rig);
      await rig[Symbol.asyncDispose]();
    } finally {
      socket.destroy();
    }
  });
});

describe("The stream", () => {
  it("is counted in the metrics, also when it comes after the first who asked for them", async () => {
    await using rig = await RestRig.start({ policy: "dumb", params: { interval: "1h" } });
    await rig.call("GET", "/metrics");
    await attachStream(rig.endpoint, { control: rig.orchestrator });
    const socket = new WebSocket(`ws://127.0.0.1:${rig.endpoint.port}${streamPath}`, [streamProtocol]);
    await once(socket, "message");
    socket.send(`[${eventJson("e", "held")},${eventJson("e", "log", { deferred: false })},{}]`);
    await rig.until("nmz_stream_refused_total", (count) => count === 1);
    expect(await rig.metric("nmz_stream_events_total")).toBe(2);
    expect(await rig.metric("nmz_stream_outstanding_events")).toBe(1);
    expect(await rig.metric("nmz_stream_connections")).toBe(1);
    socket.terminate();
    await rig.until("nmz_stream_connections", (count) => count === 0);
  });
});

/** Resolves when the server has no connection any more. */
async function allGone({ endpoint }: RestRig): Promise<void> {
  const count = () =>
    new Promise<number>((resolve, reject) =>
      endpoint.server.getConnections((error, number) => (error === null ? resolve(number) : reject(error))),
    );
  while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve));
}
