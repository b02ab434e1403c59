import { type Event, FilesystemEvent, JavaFunctionEvent, PacketEvent } from "../signal/index.js";

// What src/inspector/ethernet/packet-hint.ts writes: ends without ephemeral ports, then what the packet holds.
const packetHint = /^(\w+:(?:output|input):.+?>.+?):(?:(?:syn|ack|fin|rst|data)(?::.*)?|[^:]*)$/;

/**
 * What an event is part of, under a name that is the same in every run: one direction of the connections to a port, a file,
 * a function. The threads of PCT, seen from outside.
 */
export function streamOf(event: Event): string {
  return `${event.entity}|${event.class}|${withinEntity(event)}`;
}

function withinEntity(event: Event): string {
  if (event instanceof PacketEvent) {
    const named = packetHint.exec(event.replayHint)?.[1];
    return named ?? `${event.source.srcEntity}>${event.source.dstEntity}`;
  }
  if (event instanceof FilesystemEvent) return event.path;
  if (event instanceof JavaFunctionEvent) return event.call.functionName;
  return "";
}
