import type { JavaCall } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import { eventKinds, idsType, type RequestMessage, requestKinds, requestType } from "./messages.js";

/** What a reply repeats; undefined where the request could not be read so far. */
export interface RequestIds {
  readonly msgId: number | undefined;
  /** Set by Namazu's guest agents, between an inspector and an orchestrator. */
  readonly gaMsgId: number | undefined;
}

/** A frame, read. `invalid` says what is wrong with it; its sender is told so, and may go on. */
export type Request = RequestIds &
  (
    | { readonly kind: "call"; readonly entity: string; readonly call: JavaCall }
    | { readonly kind: "initiation" }
    | { readonly kind: "exit" }
    | { readonly kind: "invalid"; readonly reason: string }
  );

/** Reads a frame (without its length). Throws nothing. */
export function readRequest(frame: Uint8Array): Request {
  let message: RequestMessage;
  try {
    message = requestType.decode(frame) as unknown as RequestMessage;
  } catch (error) {
    return { kind: "invalid", reason: messageOf(error), ...idsWithin(frame) };
  }
  const ids = idsOf(message);
  const { type, event } = message;
  if (message.entityId === "") return { kind: "invalid", reason: "entity_id is empty", ...ids };
  if (type === requestKinds.initiation) return { kind: "initiation", ...ids };
  if (type !== requestKinds.event) {
    return { kind: "invalid", reason: `type ${type} is neither EVENT (1) nor INITIATION (2)`, ...ids };
  }
  if (!own(message, "event") || event === undefined) {
    return { kind: "invalid", reason: "an EVENT without its Event", ...ids };
  }
  if (event.type === eventKinds.exit) return { kind: "exit", ...ids };
  const isCall = event.type === eventKinds.call;
  if (!isCall && event.type !== eventKinds.return) {
    return { kind: "invalid", reason: `Event.type ${event.type} is none of 1, 2, 3`, ...ids };
  }
  const named = isCall ? event.funcCall : event.funcReturn;
  if (named === undefined || named === null) {
    return { kind: "invalid", reason: `Event.${isCall ? "FuncCall" : "FuncReturn"} is missing`, ...ids };
  }
  const call: JavaCall = {
    type: isCall ? "call" : "return",
    functionName: named.name,
    ...javaFields(message.javaSpecificFields),
  };
  return { kind: "call", entity: message.entityId, call, ...ids };
}

function javaFields(
  fields: RequestMessage["javaSpecificFields"] | null,
): Pick<JavaCall, "threadName" | "parameters"> {
  if (fields === undefined || fields === null) return {};
  const parameters = Object.fromEntries((fields.params ?? []).map(({ name, value }) => [name, value]));
  return { threadName: fields.threadName, parameters };
}

function idsWithin(frame: Uint8Array): RequestIds {
  try {
    return idsOf(idsType.decode(frame) as Partial<RequestMessage>);
  } catch {
    return { msgId: undefined, gaMsgId: undefined };
  }
}

function idsOf(message: Partial<RequestMessage>): RequestIds {
  return {
    msgId: own(message, "msgId") ? message.msgId : undefined,
    gaMsgId: own(message, "gaMsgId") ? message.gaMsgId : undefined,
  };
}

// A field that was not on the wire has its default on the prototype.
function own(message: object, key: keyof RequestMessage): boolean {
  return Object.hasOwn(message, key);
}
