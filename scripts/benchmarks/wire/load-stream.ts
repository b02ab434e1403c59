import { WebSocket } from "ws";
import { streamPath, streamProtocol } from "../../../src/signal/index.js";
import { Deadline, eventText, Latencies, type LoadFigures, type LoadRequest } from "./messages.js";

// What a busy inspector has on the way: as many packets as come in some milliseconds.
const eventsOnTheWay = 1024;

/** One connection; whenever answers come, as many events go, in one message. */
export function loadStream(request: LoadRequest): Promise<LoadFigures> {
  const latencies = new Latencies();
  const sentAtMs = new Map<string, number>();
  const socket = new WebSocket(`ws://127.0.0.1:${request.port}${streamPath}`, [streamProtocol], {
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    let deadline: Deadline | undefined;
    let number = 0;
    const send = (count: number): void => {
      const nowMs = performance.now();
      const texts: string[] = [];
      for (let index = 0; index < count; index++) {
        const uuid = `event-${number++}`;
        sentAtMs.set(uuid, nowMs);
        texts.push(eventText(`load${number % request.entities}`, uuid));
      }
      socket.send(`[${texts.join(",")}]`);
    };
    socket.on("message", (data) => {
      if (deadline === undefined) {
        deadline = new Deadline(request);
        send(eventsOnTheWay);
        return;
      }
      const nowMs = performance.now();
      const answers = JSON.parse(String(data)) as { type: string; event_uuid: string }[];
      for (const { type, event_uuid: uuid } of answers) {
        const startMs = sentAtMs.get(uuid);
        sentAtMs.delete(uuid);
        if (type !== "action" || startMs === undefined) reject(new Error(`${uuid}: ${type}`));
        else latencies.add(nowMs - startMs);
      }
      if (!deadline.isOver(number)) send(answers.length);
      else if (sentAtMs.size === 0) {
        resolve(latencies.figures(deadline.startMs));
        socket.terminate();
      }
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the stream")));
  });
}
