import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { WebSocketServer } from "ws";
import { streamPath, streamProtocol } from "../../../src/signal/index.js";
import { serveRequests } from "./child-process.js";
import type { ServerPorts } from "./messages.js";

// The limit that ours is measured against: the same wires, served by Node's own means, by a server that checks nothing,
// knows no event and answers at once.

const json = { "Content-Type": "application/json; charset=UTF-8" };

function actionText(uuid: string): string {
  return `{"class":"EventAcceptanceAction","entity":"e","event_uuid":"${uuid}","option":{},"type":"action","uuid":"a-${uuid}"}`;
}

const lastUuid = new Map<string, string>();

function serveHttp(request: IncomingMessage, response: ServerResponse): void {
  const [, , , , entity = "", uuid = ""] = (request.url ?? "").split("/");
  const end = (body: string): void => {
    response.writeHead(200, { ...json, "Content-Length": body.length });
    response.end(body);
  };
  if (request.method === "POST") {
    lastUuid.set(entity, uuid);
    request.on("data", () => {});
    request.on("end", () => end("{}\n"));
  } else if (request.method === "GET") end(`${actionText(lastUuid.get(entity) ?? "")}\n`);
  else end("{}\n");
}

const http = createHttpServer(serveHttp);
const streams = new WebSocketServer({ server: http, path: streamPath, perMessageDeflate: false });
streams.on("connection", (socket) => {
  socket.send(
    JSON.stringify([{ type: "hello", protocol: streamProtocol, limits: { message_bytes: 1 << 24 } }]),
  );
  socket.on("message", (data) => {
    const events = JSON.parse(String(data)) as { uuid: string }[];
    socket.send(`[${events.map(({ uuid }) => actionText(uuid)).join(",")}]`);
  });
});

/** Takes each piece for one frame, and finds the number that is to be echoed behind its tag. */
const pb = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (frame: Buffer) => {
    const reply = [0x08, 0x01, 0x10, ...numberBehind(frame, 0x28)];
    socket.write(Buffer.from([reply.length, 0, 0, 0, ...reply]));
  });
  socket.on("error", () => {});
});

/** The bytes of the varint of field 5, which follows entity_id, type, pid and tid. */
function numberBehind(frame: Buffer, tag: number): Buffer {
  const start = frame.indexOf(tag, 6 + frame[5]!) + 1;
  let end = start;
  while (frame[end]! >= 0x80) end += 1;
  return frame.subarray(start, end + 1);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

const ports: Promise<ServerPorts> = Promise.all([listen(http), listen(pb)]).then(([onHttp, onPb]) => ({
  http: onHttp,
  pb: onPb,
}));
serveRequests(() => ports);
