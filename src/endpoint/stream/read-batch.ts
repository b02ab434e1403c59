import { findJsonMistake } from "../rest/index.js";

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
    const mistake = findJsonMistake(text);
    const place = mistake === undefined ? "" : `: at byte ${mistake.byte}, expected ${mistake.expected}`;
    throw new BatchError(`the message is no JSON${place}`, 1007);
  }
  if (!Array.isArray(items))
    throw new BatchError("the message is no JSON array: at byte 0, expected [", 1007);
  return items;
}
