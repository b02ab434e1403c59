/** Frames for the tests, around the packets of the ethernet inspector's. */
export function frame(payload: Buffer, type = 0x0800, tags: readonly number[] = []): Buffer {
  const header = Buffer.alloc(14 + 4 * tags.length, 0x11);
  for (const [index, tag] of tags.entries()) header.writeUInt16BE(tag, 12 + 4 * index);
  header.writeUInt16BE(type, header.length - 2);
  return Buffer.concat([header, payload]);
}

export function label(id: unknown, more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ id, op: "", ...more }));
}
