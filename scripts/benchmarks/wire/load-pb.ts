import { connect, type Socket } from "node:net";
import { replyType, requestType } from "../../../src/endpoint/protobuf/messages.js";
import { Deadline, Latencies, type LoadFigures, type LoadRequest } from "./messages.js";

/** Each entity has one connection and one thread: a function is called when the one before has been let go. */
export async function loadPb(request: LoadRequest): Promise<LoadFigures> {
  const deadline = new Deadline(request);
  const latencies = new Latencies();
  let begun = 0;
  const one = async (entity: string): Promise<void> => {
    const socket = connect({ port: request.port, host: "127.0.0.1", noDelay: true });
    for (let number = 1; !deadline.isOver(begun); number++) {
      begun += 1;
      const startMs = performance.now();
      socket.write(frameOf(entity, number));
      const { msgId } = replyType.decode(await nextFrame(socket)) as unknown as { msgId: number };
      if (msgId !== number) throw new Error(`${number} was answered with ${msgId}`);
      latencies.add(performance.now() - startMs);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: request.entities }, (_, index) => one(`load${index}`)));
  return latencies.figures(deadline.startMs);
}

function frameOf(entityId: string, msgId: number): Buffer {
  const call = { type: 1, funcCall: { name: "com.example.Account.withdraw" } };
  const body = requestType.encode({ entityId, type: 1, pid: 0, tid: 1, msgId, event: call }).finish();
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32LE(body.length);
  frame.set(body, 4);
  return frame;
}

/** A reply is a few bytes: it comes in one piece. */
function nextFrame(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (data) => {
      socket.off("error", reject);
      resolve((data as Buffer).subarray(4));
    });
  });
}
