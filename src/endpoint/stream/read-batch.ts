import { jsonFaultOffset } from "../../util/index.js";

/** A message that is no batch: the connection ends with it. */
export class BatchError extends Error {
  /** RFC 6455, 7.4.1. */
  readonly closeCode: number;

  constructor(message: string, closeCode: number) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** The items of a message. Throws BatchError, which names the byte. */
export function readBatch(data: Buffer, isBinary: boolean): readonly unknown[] {
  if (isBinary) throw new BatchError("a message is text: a JSON array of events", 1003);
  const text = data.toString();
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    throw new BatchError(`no JSON from byte ${faultByte(text)} of ${data.length}`, 1007);
  }
  if (!Array.isArray(items))
    throw new BatchError("a message is a JSON array of events; byte 0 opens none", 1007);
  return items;
}

function faultByte(text: string): number {
  return Buffer.byteLength(text.slice(0, jsonFaultOffset(text)));
}
