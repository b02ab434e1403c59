import type { Event } from "./event.js";
import { FilesystemEvent, filesystemHooks } from "./filesystem-event.js";
import { JavaFunctionEvent } from "./java-function-event.js";
import type { ReceivedEvent } from "./json.js";
import { LogEvent } from "./log-event.js";
import { PacketEvent, ReceivedPacket } from "./packet-event.js";
import { ProcSetEvent } from "./proc-set-event.js";
import { PlainReceivedEvent } from "./received-event.js";
import {
  asObject,
  checkNesting,
  optionalText,
  requiredChoice,
  requiredText,
  SignalError,
  textList,
  textTable,
} from "./signal-fields.js";

type Reader = (json: ReceivedEvent) => Event;

const readers: Readonly<Record<string, Reader>> = {
  PacketEvent: (json) => {
    requiredText(json.option, "option", "src_entity");
    requiredText(json.option, "option", "dst_entity");
    optionalText(json.option, "option", "bytes");
    return new PacketEvent(json.entity, new ReceivedPacket(json), json);
  },
  FilesystemEvent: (json) =>
    new FilesystemEvent(
      json.entity,
      requiredChoice(json.option, "option", "op", filesystemHooks),
      requiredText(json.option, "option", "path"),
      json,
    ),
  ProcSetEvent: (json) => new ProcSetEvent(json.entity, threadIds(json), json),
  LogEvent: (json) =>
    new LogEvent(
      json.entity,
      {
        srcEntity: requiredText(json.option, "option", "src_entity"),
        message: requiredText(json.option, "option", "message"),
        replayHint: json.replay_hint,
      },
      json,
    ),
  JavaFunctionEvent: (json) => {
    const threadName = optionalText(json.option, "option", "thread_name");
    const parameters = textTable(json.option, "option", "params");
    const call = {
      type: requiredChoice(json.option, "option", "function_event_type", ["call", "return"] as const),
      functionName: requiredText(json.option, "option", "function_name"),
      ...(threadName === undefined ? {} : { threadName }),
      ...(parameters === undefined ? {} : { parameters }),
    };
    return new JavaFunctionEvent(json.entity, call, json);
  },
  CFunctionEvent: (json) => new PlainReceivedEvent(json),
  NopEvent: (json) => new PlainReceivedEvent(json),
};

/** Every class of event that may come over a wire. */
export const eventClasses: readonly string[] = Object.keys(readers);

/**
 * The event that a JSON value is (design: "Signals (JSON)"). As lenient as Namazu where inspectors rely on it: keys
 * that nobody knows are kept, `deferred` that is no boolean reads as false, `replay_hint` may be missing, and `type` is not
 * looked at for an event's class. Throws SignalError, which names the key, what was expected and what came.
 */
export function eventFromJson(value: unknown): Event {
  const json = asObject(value, "event");
  const className = requiredText(json, "event", "class");
  const reader = Object.hasOwn(readers, className) ? readers[className] : undefined;
  if (reader === undefined) {
    throw new SignalError("class", `one of ${eventClasses.join(", ")}`, className);
  }
  checkNesting(json);
  return reader({
    ...json,
    class: className,
    uuid: requiredText(json, "event", "uuid"),
    entity: requiredText(json, "event", "entity"),
    type: "event",
    option: json["option"] === undefined ? {} : asObject(json["option"], "option"),
    deferred: json["deferred"] === true,
    replay_hint: optionalText(json, "event", "replay_hint") ?? "",
  });
}

function threadIds(json: ReceivedEvent): readonly number[] {
  return textList(json.option, "option", "procs").map((id, index) => {
    const number = Number(id);
    if (!/^\d+$/.test(id) || number < 1 || number > 2 ** 31 - 1) {
      throw new SignalError(`option.procs[${index}]`, "a thread id in decimal digits", id);
    }
    return number;
  });
}
