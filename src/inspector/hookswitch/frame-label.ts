/** What a switch says of a frame: its id, and whatever else it wants to have back with the answer. */
export type FrameLabel = Readonly<Record<string, unknown>> & { readonly id: number };

/** What the switch is told to do. HookSwitch knows `modify` too, which no inspector of ours says. */
export type FrameOp = "accept" | "drop";

/** The first part of a message from the switch (design: "HookSwitch"): `{"id":7,"op":""}`. Throws on anything else. */
export function readFrameLabel(part: Uint8Array): FrameLabel {
  const value: unknown = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.length).toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("it is no JSON object");
  }
  const { id } = value as { id?: unknown };
  // A larger number is not the one that was sent any more.
  if (!Number.isSafeInteger(id)) throw new Error('its key "id" is no whole number');
  return value as FrameLabel;
}

/** The first part of the answer: all keys that came, as pynmz does it, and the operation. */
export function answerOf(label: FrameLabel, op: FrameOp): string {
  try {
    return JSON.stringify({ ...label, op });
  } catch {
    // Nested deeper than the stack. The switch goes by the id, and its frame must not wait for ever.
    return JSON.stringify({ id: label.id, op });
  }
}
