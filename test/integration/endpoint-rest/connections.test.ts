import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actionsPath, eventJson, eventPath, RestRig } from "./rest-rig.js";

let rig: RestRig;
beforeEach(async () => {
  rig = await RestRig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("A long poll", () => {
  it("gives way to a newer one of its entity, which gets the action", async () => {
    const older = await rig.poll("e");
    const newer = await rig.open();
    newer.send("GET", actionsPath("e"));
    const displaced = await older.reply();
    expect(displaced.status).toBe(409);
    expect(JSON.parse(displaced.body).error.code).toBe("NMZ_REST_POLLER");
    await rig.post("e", "u");
    expect(JSON.parse((await newer.reply()).body)).toMatchObject({ event_uuid: "u" });
  });

  it("ends when its client goes away, and the action is there for the next", async () => {
    const gone = await rig.poll("e");
    gone.close();
    await rig.until("nmz_rest_pollers", (pollers) => pollers === 0);
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
    await rig.post("e", "u");
    expect(JSON.parse((await rig.call("GET", actionsPath("e"))).body)).toMatchObject({ event_uuid: "u" });
  });

  it("loses nothing when its client goes away with the action on the way", async () => {
    const gone = await rig.poll("e");
    await rig.post("e", "u");
    gone.close();
    expect(JSON.parse((await rig.call("GET", actionsPath("e"))).body)).toMatchObject({ event_uuid: "u" });
  });

  it("ends when it waits behind another of the same connection, and that is lost", async () => {
    const client = await rig.open();
    client.send("GET", actionsPath("first"));
    client.send("GET", actionsPath("second"));
    await rig.until("nmz_rest_pollers", (pollers) => pollers === 2);
    client.close();
    await rig.until("nmz_rest_pollers", (pollers) => pollers === 0);
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
  });

  it("does not keep what comes behind it on the connection from being done", async () => {
    const client = await rig.open();
    client.send("GET", actionsPath("e"));
    client.send("POST", eventPath("e", "u"), eventJson("e", "u"));
    client.send("GET", "/healthz");
    expect(JSON.parse((await client.reply()).body)).toMatchObject({ event_uuid: "u" });
    expect((await client.reply()).body).toBe("{}\n");
    expect(JSON.parse((await client.reply()).body)).toMatchObject({ status: "ok" });
  });
});

describe("A connection", () => {
  it("takes many requests at once, and answers them in their order", async () => {
    const client = await rig.open();
    for (let number = 0; number < 50; number++) {
      client.send("POST", eventPath(`e${number}`, "u"), eventJson(`e${number}`, "u"));
      client.send("GET", actionsPath(`e${number}`));
    }
    for (let number = 0; number < 50; number++) {
      expect((await client.reply()).body).toBe("{}\n");
      expect(JSON.parse((await client.reply()).body)).toMatchObject({ entity: `e${number}` });
    }
  });

  it("takes a request that comes byte by byte", async () => {
    const client = await rig.open();
    const body = eventJson("e", "u");
    const text = `POST ${eventPath("e", "u")} HTTP/1.1\r\nHost: a.localhost:1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    for (const byte of text) await new Promise((resolve) => client.socket.write(byte, resolve));
    expect((await client.reply()).body).toBe("{}\n");
  });

  it("takes a body in chunks, and an address as the request's target", async () => {
    const client = await rig.open();
    client.send("POST", `http://127.0.0.1:80${eventPath("e", "u")}`, "", ["Transfer-Encoding: chunked"]);
    for (const part of eventJson("e", "u").match(/.{1,20}/g)!) {
      client.socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    }
    client.socket.write("0\r\n\r\n");
    expect((await client.reply()).body).toBe("{}\n");
  });

  it("is served when it offers HTTP/2 first, as Java's HttpClient does, with and without a stream on the port", async () => {
    const offer = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB"];
    const twice = async (entity: string): Promise<void> => {
      const client = await rig.open();
      client.send("POST", eventPath(entity, "u"), eventJson(entity, "u"), offer);
      expect((await client.reply()).body).toBe("{}\n");
      client.send("GET", actionsPath(entity));
      expect(JSON.parse((await client.reply()).body)).toMatchObject({ entity });
    };
    await twice("before");
    rig.endpoint.attach({
      path: "/x",
      announcement: "nmz-x",
      upgrade: (_, socket) => socket.destroy(),
      close: async () => {},
    });
    await twice("after");
  });

  it("gets the headers of GET for a HEAD, and nothing else", async () => {
    const client = await rig.open();
    client.send("HEAD", "/");
    const reply = await client.reply({ toHead: true });
    expect(reply).toMatchObject({ status: 200, body: "" });
    expect(Number(reply.headers["content-length"])).toBeGreaterThan(40);
    client.send("GET", "/healthz");
    expect(JSON.parse((await client.reply()).body)).toEqual({ orchestration: "enabled", status: "ok" });
  });

  it("is told by OPTIONS what there is, and no web page is let in", async () => {
    const { status, headers } = await rig.call("OPTIONS", eventPath("e", "u"));
    expect({ status, allow: headers["allow"] }).toEqual({ status: 204, allow: "POST, OPTIONS" });
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n", 400],
    ["headers without end", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}`, 431],
    ["a path that is not percent-encoded", "GET /api/v3/actions/\u00fc HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
  ])("ends, with the reason, after %s", async (_, text, status) => {
    const client = await rig.open();
    client.socket.write(text);
    expect((await client.reply()).status).toBe(status);
    await client.closed;
  });

  it("ends when its headers, or its body, come too slowly", async () => {
    await using hasty = await RestRig.start({ limits: { headersTimeoutMs: 1000, requestTimeoutMs: 1000 } });
    const slowHead = await hasty.open();
    slowHead.socket.write("GET / HTTP/1.1\r\nHost: 127");
    const slowBody = await hasty.open();
    slowBody.socket.write(
      `POST ${eventPath("e", "u")} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{`,
    );
    for (const client of [slowHead, slowBody]) {
      const { status, body } = await client.reply();
      expect({ status, code: JSON.parse(body).error.code }).toEqual({
        status: 408,
        code: "NMZ_REST_TIMEOUT",
      });
      await client.closed;
    }
  });

  it("may wait for an action longer than requests may take", async () => {
    await using hasty = await RestRig.start({ limits: { headersTimeoutMs: 1000, requestTimeoutMs: 1000 } });
    const poller = await hasty.poll("e");
    const slow = await hasty.open();
    slow.socket.write("GET / HT");
    await slow.closed; // the server has looked for those that are late
    await hasty.post("e", "u");
    expect((await poller.reply()).status).toBe(200);
  });
});

describe("Many entities", () => {
  it("leave nothing behind", async () => {
    const client = await rig.open();
    const count = 2000;
    for (let number = 0; number < count; number++) {
      client.send("DELETE", `${actionsPath(`once-${number}`)}/x`);
      expect((await client.reply()).status).toBe(200);
    }
    for (let number = 0; number < count; number++) {
      const entity = `log-${number}`;
      client.send("POST", eventPath(entity, "u"), eventJson(entity, "u", { deferred: false }));
      expect((await client.reply()).status).toBe(200);
    }
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
    expect(await rig.metric("nmz_rest_outstanding_bytes")).toBe(0);
  });
});

describe("Closing", () => {
  it("accepts what is held, hands it over, then lets go of everybody", async () => {
    const holding = await RestRig.start({
      policy: "dumb",
      params: { interval: "1h" },
      limits: { drainMs: 60_000, drainIdleMs: 60_000 },
    });
    const poller = await holding.poll("e");
    const idle = await holding.poll("idle");
    for (const uuid of ["1", "2", "3"]) await holding.post("e", uuid);
    expect(holding.orchestrator.counts.held).toBe(3);
    holding.orchestrator.stop();
    const closed = holding.endpoint.close();
    const causes: string[] = [];
    for (let reply = await poller.reply(); ; ) {
      const action = JSON.parse(reply.body);
      causes.push(action.event_uuid);
      poller.send("DELETE", `${actionsPath("e")}/${action.uuid}`);
      await poller.reply();
      if (causes.length === 3) break;
      poller.send("GET", actionsPath("e"));
      reply = await poller.reply();
    }
    expect(causes).toEqual(["1", "2", "3"]);
    expect((await idle.reply()).status).toBe(503);
    await Promise.all([closed, idle.closed, poller.closed]);
    await holding[Symbol.asyncDispose]();
  });

  it("refuses new events and new polls while answers are fetched, and says so in its health", async () => {
    const closing = await RestRig.start({ limits: { drainMs: 60_000, drainIdleMs: 60_000 } });
    await closing.post("e", "u");
    const client = await closing.open();
    const closed = closing.endpoint.close();
    const status = async (...request: Parameters<RestRig["call"]>) => (await closing.call(...request)).status;
    expect(await status("POST", eventPath("e", "v"), eventJson("e", "v"))).toBe(503);
    expect(await status("GET", actionsPath("other"))).toBe(503);
    expect(await status("GET", "/healthz")).toBe(503);
    expect(await status("GET", "/")).toBe(503);
    client.send("GET", actionsPath("e"));
    const { uuid } = JSON.parse((await client.reply()).body);
    client.send("DELETE", `${actionsPath("e")}/${uuid}`);
    expect((await client.reply()).status).toBe(200);
    await closed;
  });

  it("does not wait for answers that nobody fetches", async () => {
    const lonely = await RestRig.start({ limits: { drainMs: 600_000, drainIdleMs: 20 } });
    await lonely.post("e", "u");
    await lonely.endpoint.close();
    await expect(lonely.open()).rejects.toThrow("ECONNREFUSED");
  });
});
