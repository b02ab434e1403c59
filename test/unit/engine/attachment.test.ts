import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { openEngine } from "../../../runtime/engine/open-engine.js";
import { type FakeEngineServer, startFakeEngineServer } from "../../helpers/fake-engine-server.js";

async function gather(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Not `for await`: that would destroy the socket, and with it the way back. */
function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => socket.once("end", () => resolve(Buffer.concat(chunks))));
}

const servers: FakeEngineServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function attach(onHijack: (socket: Socket) => void, tty = true) {
  const server = await startFakeEngineServer({ onHijack });
  servers.push(server);
  const engine = await openEngine(server.environment);
  const attachment = await engine.attachContainer("x", { stdin: true, tty, detachKeys: [24, 97, 127] });
  return { server, attachment };
}

describe("Attachment", () => {
  it("half-closes stdin and still reads what comes afterwards", async () => {
    const { attachment } = await attach((socket) => {
      void readAll(socket).then((input) => socket.end(`got ${input.length}`));
    });
    attachment.stdin?.end(Buffer.alloc(300_000));
    expect((await gather(attachment.stdout)).toString()).toBe("got 300000");
    await attachment.done;
  });

  it("reads a workload's last words although nobody took its stdin", async () => {
    for (let round = 0; round < 5; round++) {
      const words = Buffer.alloc(380_000, 33); // more than we hold: the rest is still in the kernel
      const { attachment } = await attach((socket) => {
        socket.pause();
        socket.write(words, () => socket.destroy());
      });
      const flood = setInterval(() => attachment.stdin?.write(Buffer.alloc(65_536)), 0);
      await new Promise((resolve) => setTimeout(resolve, 40));
      expect((await gather(attachment.stdout)).length).toBe(words.length);
      await attachment.done;
      clearInterval(flood);
    }
  });

  it("sends no byte of its own before the user's", async () => {
    const { attachment } = await attach((socket) => {
      void readAll(socket).then((input) => socket.end(input));
    });
    attachment.stdin?.end("first");
    expect((await gather(attachment.stdout)).toString()).toBe("first");
  });

  it("tells the engine the detach keys in its own spelling", async () => {
    const { server, attachment } = await attach((socket) => socket.end());
    await attachment.done;
    const query = new URL(server.requests.at(-1)?.split(" ")[1] ?? "", "http://engine").searchParams;
    expect(query.get("detachKeys")).toBe("ctrl-x,a,DEL");
    expect(query.get("stdin")).toBe("1");
  });

  it("is done after close, whatever was still unread", async () => {
    const { attachment } = await attach((socket) => void socket.write("unread"));
    await new Promise((resolve) => attachment.stdout.once("readable", resolve));
    attachment.close();
    await attachment.done;
  });
});

describe("startContainer", () => {
  it("waits until the engine has begun to wait, so that no exit is missed", async () => {
    const order: string[] = [];
    await using server = await startFakeEngineServer({
      routes: {
        "POST /containers/x/wait": (_, response) => {
          setTimeout(() => {
            order.push("waiting");
            response.flushHeaders();
          }, 50);
          setTimeout(() => response.end('{"StatusCode":3}'), 100);
        },
        "POST /containers/x/start": (_, response) => {
          order.push("started");
          response.statusCode = 204;
          response.end();
        },
      },
    });
    const engine = await openEngine(server.environment);
    const exit = engine.waitContainer("x", "next-exit");
    await engine.startContainer("x");
    expect(order).toEqual(["waiting", "started"]);
    expect(await exit).toBe(3);
  });
});
