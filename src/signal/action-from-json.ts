import {
  type Action,
  EventAcceptanceAction,
  FilesystemFaultAction,
  NopAction,
  PacketFaultAction,
  ProcFaultAction,
  ProcSetSchedAction,
  type SchedAttributes,
} from "./action.js";
import type { Event } from "./event.js";
import { filesystemFaultFrom, packetFaultFrom, processFaultFrom } from "./fault-from-json.js";
import type { Option } from "./json.js";
import { asObject, requiredText, SignalError } from "./signal-fields.js";

const readers: Readonly<Record<string, (event: Event, option: Option) => Action>> = {
  EventAcceptanceAction: (event) => new EventAcceptanceAction(event),
  NopAction: (event) => new NopAction(event),
  PacketFaultAction: (event, option) => new PacketFaultAction(event, packetFaultFrom(option)),
  FilesystemFaultAction: (event, option) => new FilesystemFaultAction(event, filesystemFaultFrom(option)),
  ProcSetSchedAction: (event, option) => new ProcSetSchedAction(event, schedAttributes(option)),
  ProcFaultAction: (event, option) => {
    const fault = processFaultFrom(option);
    if (fault === undefined) throw new SignalError("option.fault", "a JSON object", undefined);
    return new ProcFaultAction(event, fault, option["attrs"] === undefined ? {} : schedAttributes(option));
  },
};

/** Every class of action that an inspector may be sent. */
export const deliveredActionClasses: readonly string[] = Object.keys(readers);

/** The uuid of the event that an action's JSON answers; undefined for a free-standing one. Throws SignalError. */
export function answeredEvent(value: unknown): string | undefined {
  const uuid = asObject(value, "action")["event_uuid"];
  if (uuid === undefined || uuid === null) return undefined;
  if (typeof uuid === "string") return uuid;
  throw new SignalError("event_uuid", "a string", uuid);
}

/** The action that a JSON value is, as the answer to `event`. Throws SignalError. */
export function actionFromJson(value: unknown, event: Event): Action {
  const json = asObject(value, "action");
  const className = requiredText(json, "action", "class");
  const reader = Object.hasOwn(readers, className) ? readers[className] : undefined;
  if (reader === undefined) {
    throw new SignalError("class", `one of ${deliveredActionClasses.join(", ")}`, className);
  }
  return reader(event, json["option"] === undefined ? {} : asObject(json["option"], "option"));
}

const attributeNames = ["Policy", "Flags", "Nice", "Priority", "Runtime", "Deadline", "Period"] as const;

/** Keys in any case, as the original's inspector matched them; what is missing is 0. */
function schedAttributes(option: Option): Readonly<Record<string, SchedAttributes>> {
  const threads: Record<string, SchedAttributes> = {};
  for (const [thread, value] of Object.entries(asObject(option["attrs"], "option.attrs"))) {
    const key = `option.attrs.${thread}`;
    if (!/^\d+$/.test(thread)) throw new SignalError(key, "a thread id as the key", thread);
    const given = Object.fromEntries(
      Object.entries(asObject(value, key)).map(([name, number]) => [name.toLowerCase(), number]),
    );
    threads[thread] = Object.fromEntries(
      attributeNames.map((name) => {
        const number = given[name.toLowerCase()] ?? 0;
        if (!Number.isSafeInteger(number)) throw new SignalError(`${key}.${name}`, "an integer", number);
        return [name, number];
      }),
    ) as unknown as SchedAttributes;
  }
  return threads;
}
