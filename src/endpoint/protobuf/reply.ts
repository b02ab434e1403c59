import { replyType, results } from "./messages.js";
import type { RequestIds } from "./request.js";

export type Result = keyof typeof results;

/** One reply with its length before it. */
export function replyFrame(result: Result, { msgId, gaMsgId }: RequestIds): Buffer {
  const message = replyType
    .encode({
      res: results[result],
      ...(msgId === undefined ? {} : { msgId }),
      ...(gaMsgId === undefined ? {} : { gaMsgId }),
    })
    .finish();
  const frame = Buffer.allocUnsafe(4 + message.length);
  frame.writeUInt32LE(message.length, 0);
  frame.set(message, 4);
  return frame;
}
