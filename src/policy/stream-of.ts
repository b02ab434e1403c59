import { type Event, FilesystemEvent, JavaFunctionEvent, PacketEvent, stablePath } from "../signal/index.js";

// What src/inspector/ethernet/packet-hint.ts writes: ends without ephemeral ports, then what the packet holds.
const packetHint = /^(\w+:(?:output|input):.+?>.+?):(?:(?:syn|ack|fin|rst|data)(?::.*)?|[^:]*)$/;

/**
 * What an event is part of, under a name that is the same in every run: one direction of the connections to a port, a file,
 * a function. The threads of PCT, seen from outside.
 */
export function streamOf(event: Event): string {
  return `${event.entity}|${event.class}|${withinEntity(event)}`;
}

/** One direction of the connections to a port, of a packet's replay hint; undefined for a hint that is somebody else's. */
export function packetStream(replayHint: string): string | undefined {
  return packetHint.exec(replayHint)?.[1];
}

function withinEntity(event: Event): string {
  if (event instanceof PacketEvent) {
    return packetStream(event.replayHint) ?? `${event.source.srcEntity}>${event.source.dstEntity}`;
  }
  if (event instanceof FilesystemEvent) return stablePath(event.path);
  if (event instanceof JavaFunctionEvent) return event.call.functionName;
  return "";
}
