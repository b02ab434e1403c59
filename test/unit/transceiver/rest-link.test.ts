import { afterEach, describe, expect, it } from "vitest";
import { openTransceiver, type RemoteTransceiver } from "../../../src/transceiver/index.js";
import { OriginalServer } from "./original-server.js";
import { answer, mkdir, RecordingSink, threads, until } from "./wire-events.js";

const servers: OriginalServer[] = [];
const transceivers: RemoteTransceiver[] = [];
afterEach(async () => {
  for (const transceiver of transceivers.splice(0)) await transceiver.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function startServer(port?: number): Promise<OriginalServer> {
  const server = await OriginalServer.start(port);
  servers.push(server);
  return server;
}

async function open(url: string, warnings: string[] = []): Promise<RemoteTransceiver> {
  const transceiver = await openTransceiver(url, { onWarning: (line) => warnings.push(line) });
  transceivers.push(transceiver);
  return transceiver;
}

describe("a transceiver over REST v3", () => {
  it("posts events, fetches their answers and takes them out of the server's queue", async () => {
    const server = await startServer();
    const transceiver = await open(server.url);
    expect(transceiver.wire).toBe("rest");
    const sink = new RecordingSink();
    const events = ["a", "b", "c"].map((path) => mkdir(path, "my disk/1"));
    for (const event of events) transceiver.send(event, sink);
    await sink.answered(3);
    await until(() => server.requests.filter((line) => line.startsWith("DELETE")).length === 3);
    expect(server.events.map(({ uuid }) => uuid)).toEqual(events.map(({ uuid }) => uuid));
    expect(server.requests[1]).toBe("GET /api/v3/actions/my%20disk%2F1");
    expect(server.requests).toContain(`POST /api/v3/events/my%20disk%2F1/${events[0]!.uuid}`);
    expect(server.requests).toContain(`DELETE /api/v3/actions/my%20disk%2F1/a-${events[0]!.uuid}`);
    for (const event of events) expect(sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
  });

  it.each(["", "/", "/api/v3", "/api/v3/"])("takes http://host:port%s for its URL", async (path) => {
    const server = await startServer();
    const transceiver = await open(`http://127.0.0.1:${server.port}${path}`);
    expect(transceiver.state).toBe("connected");
  });

  it.each(["local://", "tcp://127.0.0.1:1", "127.0.0.1:10080", "http://u:p@h:1", "http://h/?a=b", ""])(
    "refuses %j, and names the forms that it knows",
    async (url) => {
      const error = await openTransceiver(url, { onWarning: () => {} }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "NMZ_TRANSCEIVER_URL", hint: expect.stringContaining("/api/v3") });
      expect(String(error)).not.toContain("u:p");
    },
  );

  it.each([404, 426, 501])("is used where the stream's upgrade is answered with %i", async (status) => {
    const server = await startServer();
    server.intercept = (request, response) => {
      if (request.url === "/") response.setHeader("nmz-stream", "/api/v4/stream");
      if (request.url !== "/api/v4/stream") return false;
      response.writeHead(status).end();
      return true;
    };
    const transceiver = await open(server.url);
    expect(transceiver.wire).toBe("rest");
    expect(server.requests).toContain("GET /api/v4/stream");
    const sink = new RecordingSink();
    transceiver.send(mkdir("a"), sink);
    await sink.answered(1);
    expect(transceiver.counts.answered).toBe(1);
  });

  it.each([401, 403])("does not go on without a token that the server asks for (%i)", async (status) => {
    const server = await startServer();
    server.intercept = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    await expect(open(server.url)).rejects.toMatchObject({ code: "NMZ_TRANSCEIVER_TOKEN" });
  });

  it("has one GET per entity at a time", async () => {
    const server = await startServer();
    const transceiver = await open(server.url);
    const sink = new RecordingSink();
    for (let number = 0; number < 60; number++)
      transceiver.send(mkdir(String(number), `e${number % 3}`), sink);
    await sink.answered(60);
    expect(server.mostPollers).toBe(0);
  });

  it("ignores answers to events that do not wait, and says so once", async () => {
    const server = await startServer();
    const warnings: string[] = [];
    const transceiver = await open(server.url, warnings);
    const sink = new RecordingSink();
    server.answer = () => undefined;
    const event = mkdir("a");
    transceiver.send(event, sink);
    await until(() => server.events.length === 1);
    for (const stranger of [mkdir("x"), mkdir("y")]) server.push("disk", answer(stranger));
    server.push("disk", { class: "NopAction", entity: "disk", option: {}, type: "action", uuid: "free" });
    server.push("disk", answer(event, "FilesystemFaultAction"));
    await sink.answered(1);
    expect(sink.classesOf(event)).toEqual(["FilesystemFaultAction"]);
    expect(transceiver.counts.ignored).toBe(3);
    expect(warnings).toHaveLength(1);
  });

  it("hands over what an event that nobody holds is answered with", async () => {
    const server = await startServer();
    const transceiver = await open(server.url);
    const sink = new RecordingSink();
    server.answer = (event) => ({
      ...answer(set, "ProcSetSchedAction", { attrs: { 7: { Policy: 3 } } }),
      event_uuid: event.uuid,
    });
    const set = threads(7);
    transceiver.send(set, sink);
    await sink.answered(1);
    expect(sink.classesOf(set)).toEqual(["ProcSetSchedAction"]);
  });

  it("accepts an event that the server refuses, and goes on", async () => {
    const server = await startServer();
    const warnings: string[] = [];
    const transceiver = await open(server.url, warnings);
    const sink = new RecordingSink();
    let refusals = 2;
    server.intercept = (request, response) => {
      if (request.method !== "POST" || refusals === 0) return false;
      refusals -= 1;
      request.resume();
      response.writeHead(500).end('Unknown class "X"\n');
      return true;
    };
    const events = ["a", "b", "c"].map((path) => mkdir(path));
    for (const event of events) transceiver.send(event, sink);
    await sink.answered(3);
    expect(transceiver.counts).toMatchObject({ acceptedUnseen: 2, answered: 1 });
    expect(warnings).toEqual([
      expect.stringContaining(`a FilesystemEvent was answered with 500 "Unknown class`),
    ]);
  });

  it("waits for the answer to an event that the server has taken already, as when a POST had to be repeated", async () => {
    const server = await startServer();
    const transceiver = await open(server.url);
    const sink = new RecordingSink();
    const event = mkdir("a");
    server.intercept = (request, response) => {
      if (request.method !== "POST") return false;
      request.resume();
      response.writeHead(409).end('{"error":{"code":"NMZ_REST_UUID_TWICE","message":"…"}}\n');
      response.once("finish", () => server.push("disk", answer(event, "FilesystemFaultAction")));
      return true;
    };
    transceiver.send(event, sink);
    await sink.answered(1);
    expect(sink.classesOf(event)).toEqual(["FilesystemFaultAction"]);
    expect(transceiver.counts).toMatchObject({ answered: 1, acceptedUnseen: 0 });
  });

  it("accepts what waits for an entity whose poll fails, and polls again after a pause", async () => {
    const server = await startServer();
    const transceiver = await open(server.url);
    const sink = new RecordingSink();
    server.answer = () => undefined;
    const [lost, other] = [mkdir("lost", "one"), mkdir("other", "two")];
    transceiver.send(lost, sink);
    transceiver.send(other, sink);
    await until(() => server.events.length === 2);
    // Another client polls for the entity: ours is ended.
    const stranger = new AbortController();
    const strangersPoll = fetch(`${server.url}/actions/one`, { signal: stranger.signal }).catch(() => {});
    await sink.answered(1);
    expect(sink.classesOf(lost)).toEqual(["EventAcceptanceAction"]);
    expect(sink.classesOf(other)).toEqual([]);
    const meanwhile = mkdir("meanwhile", "one");
    transceiver.send(meanwhile, sink);
    expect(sink.classesOf(meanwhile)).toEqual(["EventAcceptanceAction"]);
    stranger.abort();
    await strangersPoll;
    const polls = () => server.requests.filter((line) => line === "GET /api/v3/actions/one").length;
    await until(() => polls() === 3);
    server.answer = (event) => answer({ ...event, entity: event.entity } as never, "FilesystemFaultAction");
    const again = mkdir("again", "one");
    transceiver.send(again, sink);
    await sink.answered(3);
    expect(sink.classesOf(again)).toEqual(["FilesystemFaultAction"]);
  });

  it("survives a server that closes connections between requests", async () => {
    const server = await startServer();
    server.server.keepAliveTimeout = 1;
    const transceiver = await open(server.url);
    const sink = new RecordingSink();
    for (let round = 1; round <= 20; round++) {
      transceiver.send(mkdir(String(round)), sink);
      await sink.answered(round);
      server.server.closeIdleConnections();
    }
    expect(transceiver.counts).toMatchObject({ answered: 20, outages: 0 });
  });

  it("accepts everything while its server is gone, and uses the one that comes back", async () => {
    const server = await startServer();
    const warnings: string[] = [];
    const transceiver = await open(server.url, warnings);
    const sink = new RecordingSink();
    server.answer = () => undefined;
    const waiting = mkdir("waiting");
    transceiver.send(waiting, sink);
    await until(() => server.events.length === 1);
    const { port } = server;
    await server.stop();
    await sink.answered(1);
    expect(transceiver.state).toBe("away");
    const second = await startServer(port);
    await until(() => transceiver.state === "connected");
    const event = mkdir("after");
    transceiver.send(event, sink);
    await sink.answered(2);
    expect(second.events.map(({ uuid }) => uuid)).toEqual([event.uuid]);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(
      /^orchestrator http:\/\/127\.0\.0\.1:\d+ is gone \(.+\): events are accepted/,
    );
  });
});
