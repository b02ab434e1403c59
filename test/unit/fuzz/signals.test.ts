import fc from "fast-check";
import { describe, expect } from "vitest";
import {
  actionFromJson,
  answeredEvent,
  deliveredActionClasses,
  type Event,
  eventClasses,
  eventFromJson,
  filesystemHooks,
  SignalError,
} from "../../../src/signal/index.js";
import { damagedText } from "./damage.js";
import { damagedJson, deeplyNested } from "./damaged-json.js";
import { fuzz, onlyThrows } from "./fuzz.js";

const common = { type: "event", uuid: "6732ea87-1c4e-4c0a-8e4e-3f0f3b1c2d11", entity: "e1", deferred: true };
const events: readonly Record<string, unknown>[] = [
  {
    ...common,
    class: "PacketEvent",
    option: { src_entity: "a", dst_entity: "b", bytes: "//////8AAAAAAAAIAEUAABQ=" },
  },
  {
    ...common,
    class: "PacketEvent",
    option: { src_entity: "a", dst_entity: "b", message: { k: 1 } },
    replay_hint: "h1",
  },
  { ...common, class: "FilesystemEvent", option: { op: "pre-fsync", path: "a/b" }, unknown: [1] },
  { ...common, class: "ProcSetEvent", deferred: false, option: { procs: ["1", "4242"] } },
  {
    ...common,
    class: "LogEvent",
    option: { src_entity: "entity-10.0.0.1:514", message: "line" },
    replay_hint: null,
  },
  {
    ...common,
    class: "JavaFunctionEvent",
    option: { function_event_type: "call", function_name: "f", thread_name: "main", params: { a: "1" } },
  },
  { ...common, class: "NopEvent", option: {} },
  { ...common, class: "CFunctionEvent", option: { any: { thing: true } } },
];
const attributes = { Policy: 3, Flags: 0, Nice: -16, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };
const actions: readonly Record<string, unknown>[] = [
  ...deliveredActionClasses.map((name) => ({
    class: name,
    entity: "e1",
    event_uuid: common.uuid,
    option:
      name === "ProcSetSchedAction" ? { attrs: { "42": attributes, "43": { nice: 1, POLICY: 1 } } } : {},
    type: "action",
    uuid: "b1a856e3-0000-4000-8000-000000000000",
  })),
];
const words = [
  ...eventClasses,
  ...deliveredActionClasses,
  ...filesystemHooks,
  "class",
  "uuid",
  "entity",
  "option",
  "deferred",
  "attrs",
  "procs",
  "params",
  "return",
];

/** An error that says which key, in one line that fits a log. */
function isSignalError(error: unknown): boolean {
  if (!(error instanceof SignalError)) return false;
  if (error.key === "" || !error.message.startsWith(`${error.key}: expected `)) throw error;
  if (error.message.length > 4000) throw new Error(`a message of ${error.message.length} characters`);
  return true;
}

function use(event: Event): void {
  for (const text of [event.entity, event.uuid, event.replayHint, event.class]) {
    if (typeof text !== "string") throw new Error(`${typeof text} where a string is promised`);
  }
  if (typeof event.deferred !== "boolean") throw new Error("deferred is no boolean");
  const answer = event.defaultAction();
  if (event.deferred !== answer.isDelivered)
    throw new Error(`${answer.class} to a deferred=${event.deferred}`);
  event.faultAction();
  event.retain();
  if ("source" in event) {
    const { srcEntity, dstEntity, bytes } = event.source as Record<string, unknown>;
    if (typeof srcEntity !== "string" || typeof dstEntity !== "string") throw new Error("no entities");
    if (!(bytes instanceof Uint8Array)) throw new Error("no bytes");
  }
}

/** What is read of an event and written again is the same event. */
function survives(event: Event): void {
  const written = JSON.stringify(event);
  const again = JSON.stringify(eventFromJson(JSON.parse(written)));
  expect(again).toBe(written);
}

const cause = eventFromJson(events[2]);

describe("JSON signals", () => {
  fuzz("events in JSON", 90_000, damagedJson(events, words), (value) => {
    const event = onlyThrows(() => eventFromJson(value), isSignalError);
    if (event === undefined) return;
    use(event);
    survives(event);
  });

  fuzz(
    "actions in JSON",
    60_000,
    damagedJson(actions, [...words, ...Object.keys(attributes), "42"]),
    (value) => {
      onlyThrows(() => answeredEvent(value), isSignalError);
      const action = onlyThrows(() => actionFromJson(value, cause), isSignalError);
      if (action === undefined) return;
      if (action.event !== cause || !deliveredActionClasses.includes(action.class))
        throw new Error(action.class);
      JSON.stringify(action);
    },
  );

  const texts = [...events, ...actions].map((value) => JSON.stringify(value));
  const marks = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ":",
    "\\u0000",
    "\\ud800",
    '"__proto__":',
    "null",
    "1e400",
    ...words,
  ];
  fuzz("signals in damaged text", 60_000, damagedText(texts, marks), (text) => {
    const value = onlyThrows(
      () => JSON.parse(text) as unknown,
      (error) => error instanceof SyntaxError,
    );
    const event = onlyThrows(() => eventFromJson(value), isSignalError);
    if (event !== undefined) use(event);
    onlyThrows(() => actionFromJson(value, cause), isSignalError);
  });

  const places = fc.constantFrom(
    "class",
    "uuid",
    "entity",
    "option",
    "deferred",
    "replay_hint",
    "type",
    "other",
  );
  const keys = fc.constantFrom(
    "src_entity",
    "op",
    "path",
    "procs",
    "params",
    "message",
    "function_name",
    "attrs",
  );
  fuzz(
    "signals nested deeper than the stack",
    300,
    fc.tuple(fc.constantFrom(...events, ...actions), places, keys, fc.nat(20_000)),
    ([signal, place, key, depth]) => {
      const deep = deeplyNested(depth);
      const option = { ...(signal["option"] as object), [key]: deep };
      for (const value of [deep, { ...signal, [place]: deep }, { ...signal, option }]) {
        onlyThrows(() => eventFromJson(value), isSignalError);
        onlyThrows(() => actionFromJson(value, cause), isSignalError);
      }
    },
  );
});
