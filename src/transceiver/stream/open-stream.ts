import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { type StreamHello, streamPath, streamProtocol } from "../../signal/index.js";
import { NmzError } from "../../util/index.js";
import type { LinkListener } from "../link.js";
import type { OrchestratorUrl } from "../orchestrator-url.js";
import { StreamLink } from "./stream-link.js";
import type { StreamSocket } from "./stream-socket.js";

const handshakeTimeoutMs = 5_000;
const closeTimeoutMs = 1_000;
const maxMessageBytes = 64 * 1024 * 1024;

/** The server answers, and has no stream (of this version): 404, 426, a proxy that does not upgrade. */
export class NoStream extends Error {}

/**
 * Rejects with NoStream, with NMZ_TRANSCEIVER_TOKEN, or with why there is no connection. A stream that is lost after that
 * is told to the listener.
 */
export async function openStream(
  url: OrchestratorUrl,
  token: string | undefined,
  listener: LinkListener,
): Promise<StreamLink> {
  const { WebSocket } = await import("ws");
  const host = url.hostname.includes(":") ? `[${url.hostname}]` : url.hostname;
  const scheme = url.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(
    `${scheme}://${host}:${url.port}${url.prefix}${streamPath}`,
    [streamProtocol],
    {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
    },
  );
  return await new Promise<StreamLink>((resolve, reject) => {
    let link: StreamLink | undefined;
    let failure = "closed before it said hello";
    const timer = setTimeout(() => {
      failure = `no hello within ${handshakeTimeoutMs} ms`;
      socket.terminate();
    }, handshakeTimeoutMs);
    socket.on("unexpected-response", (request, response) => {
      request.destroy();
      clearTimeout(timer);
      reject(refusal(url, response));
    });
    socket.on("message", (data, isBinary) => {
      const text = isBinary ? undefined : String(data);
      if (link !== undefined) {
        link.onMessage(text);
        return;
      }
      const hello = helloIn(text);
      if (hello === undefined) {
        failure = "its first message is no hello";
        socket.terminate();
        return;
      }
      clearTimeout(timer);
      link = new StreamLink(wrap(socket), hello, listener);
      resolve(link);
    });
    socket.on("ping", () => link?.onSign());
    socket.on("pong", () => link?.onSign());
    socket.on("error", (error) => {
      failure = error.message;
    });
    socket.on("close", (code, reason) => {
      clearTimeout(timer);
      const said = reason.toString();
      if (link === undefined) reject(new Error(failure));
      else link.onClose(code === 1006 ? "the connection broke" : `closed: ${said === "" ? code : said}`);
    });
  });
}

function refusal(url: OrchestratorUrl, { statusCode }: IncomingMessage): Error {
  if (statusCode !== 401 && statusCode !== 403)
    return new NoStream(`the upgrade was answered with ${statusCode}`);
  return new NmzError("NMZ_TRANSCEIVER_TOKEN", `orchestrator ${url.name} refuses us (${statusCode})`, {
    hint: "give the token that the orchestrator was started with (--token)",
  });
}

function helloIn(text: string | undefined): StreamHello | undefined {
  try {
    const [first] = JSON.parse(text ?? "") as [Partial<StreamHello> | undefined];
    const isHello = first?.type === "hello" && typeof first.limits?.message_bytes === "number";
    return isHello ? (first as StreamHello) : undefined;
  } catch {
    return undefined;
  }
}

function wrap(socket: WebSocket): StreamSocket {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    // Without a callback `ws` would throw where the connection is closing; its loss is told by "close".
    send: (text) => socket.send(text, () => {}),
    ping: () => socket.ping(undefined, undefined, () => {}),
    close: (code, reason) =>
      new Promise((resolve) => {
        if (socket.readyState === socket.CLOSED) {
          resolve();
          return;
        }
        const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
        socket.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        socket.close(code, reason);
      }),
  };
}
