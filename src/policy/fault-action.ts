import {
  type Action,
  type Event,
  FilesystemEvent,
  FilesystemFaultAction,
  filesystemFaultFrom,
  type JsonValue,
  PacketEvent,
  PacketFaultAction,
  ProcFaultAction,
  ProcSetEvent,
  packetFaultFrom,
  processFaultFrom,
  type SchedAttributes,
} from "../signal/index.js";
import { messageOf } from "../util/index.js";

/**
 * The action that does that fault to that event; `fault` may be anybody's, such as `{ kind: "errno", errno: "ENOSPC" }`.
 * `attributes`: what threads are given besides, by thread. Throws
 * TypeError where it is none, or none of an event of that class.
 */
export function faultActionOf(
  event: Event,
  fault: { readonly kind: string; readonly [key: string]: JsonValue },
  attributes: Readonly<Record<string, SchedAttributes>> = {},
): Action {
  const option = { fault: { ...fault } };
  try {
    if (event instanceof PacketEvent) return new PacketFaultAction(event, packetFaultFrom(option));
    if (event instanceof FilesystemEvent)
      return new FilesystemFaultAction(event, filesystemFaultFrom(option));
    if (event instanceof ProcSetEvent)
      return new ProcFaultAction(event, processFaultFrom(option)!, attributes);
  } catch (error) {
    throw new TypeError(`no fault of a ${event.class}: ${messageOf(error)}`, { cause: error });
  }
  throw new TypeError(`a ${event.class} has no fault "${fault.kind}"`);
}
