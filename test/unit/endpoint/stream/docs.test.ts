import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CrashSites } from "../../../../src/orchestrator/crash-sites.js";
import {
  connect,
  HandControl,
  type Item,
  type StreamClient,
  type StreamServer,
  serveStream,
} from "./stream-server.js";

const page = readFileSync(new URL("../../../../docs/stream.md", import.meta.url), "utf8");
const [hello = [], events = [], answers = [], offers = [], commands = [], results = []] = [
  ...page.matchAll(/```json\n([\s\S]*?)```/g),
].map((match) => JSON.parse(match[1]!) as Item[]);

const crashes = new CrashSites(() => {});
let server: StreamServer;
let client: StreamClient;
beforeAll(async () => {
  server = await serveStream(Object.assign(new HandControl(), { crashes }));
  client = await connect(server.url);
});
afterAll(async () => {
  client.socket.terminate();
  await server.close();
});

describe("docs/stream.md", () => {
  it("shows the hello that the server says", () => {
    expect(client.items).toEqual(hello);
  });

  it("shows what the server answers", async () => {
    client.send(...events);
    await client.received(answers.length, "action", "error");
    const expected = answers.map((item) =>
      item["type"] === "action" ? { ...item, uuid: expect.any(String) } : item,
    );
    expect(client.items.slice(1)).toEqual(expected);
  });

  it("shows how a client offers a crash, and is made to crash", async () => {
    client.send(...offers);
    await expect.poll(() => crashes.crash("nobody").catch(({ code }) => code)).toBe("NMZ_CRASH_ENTITY");
    const crashing = crashes.crash("disk");
    await client.received(commands.length, "command");
    expect(client.items.slice(-commands.length)).toEqual(commands);
    client.send(...results);
    const [{ lost, failed } = {}] = results;
    expect(await crashing).toEqual([{ entities: ["disk"], lost, failed }]);
  });
});
