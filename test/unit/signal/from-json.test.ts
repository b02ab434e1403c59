import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  actionFromJson,
  answeredEvent,
  EventAcceptanceAction,
  eventClasses,
  eventFromJson,
  type FilesystemEvent,
  type JavaFunctionEvent,
  type LogEvent,
  type PacketEvent,
  type ProcSetEvent,
  type ProcSetSchedAction,
  SignalError,
} from "../../../src/signal/index.js";

const common = { uuid: "u-1", entity: "e1", type: "event", deferred: true, replay_hint: "h" };
const samples: Record<string, object> = {
  PacketEvent: { src_entity: "a", dst_entity: "b", message: { k: 1 } },
  FilesystemEvent: { op: "pre-mkdir", path: "a/b" },
  ProcSetEvent: { procs: ["1", "22"] },
  LogEvent: { src_entity: "entity-10.0.0.1:514", message: "hello" },
  JavaFunctionEvent: {
    function_event_type: "call",
    function_name: "f",
    thread_name: "t",
    params: { a: "1" },
  },
  CFunctionEvent: {},
  NopEvent: {},
};
const sample = (name: string) => ({ ...common, class: name, option: samples[name] });

describe("eventFromJson", () => {
  it("knows every class of Namazu's", () => {
    expect([...eventClasses].sort()).toEqual(Object.keys(samples).sort());
  });

  it.each(Object.keys(samples))("keeps a %s whole, unknown keys too", (name) => {
    const json = { ...sample(name), left_over: { by: "someone" } };
    const event = eventFromJson(json);
    expect(event.class).toBe(name);
    expect(event.uuid).toBe("u-1");
    expect(event.replayHint).toBe("h");
    expect(event.deferred).toBe(true);
    expect(event.option).toEqual(samples[name]);
    expect(JSON.parse(JSON.stringify(event))).toEqual(json);
  });

  it("reads what policies look at", () => {
    const packet = eventFromJson({
      ...sample("PacketEvent"),
      option: { src_entity: "a", dst_entity: "b", bytes: Buffer.alloc(20, 7).toString("base64") },
    }) as PacketEvent;
    expect([packet.source.srcEntity, packet.source.bytes.length]).toEqual(["a", 6]);
    expect((eventFromJson(sample("FilesystemEvent")) as FilesystemEvent).path).toBe("a/b");
    expect((eventFromJson(sample("ProcSetEvent")) as ProcSetEvent).threadIds).toEqual([1, 22]);
    expect((eventFromJson(sample("LogEvent")) as LogEvent).message).toBe("hello");
    expect((eventFromJson(sample("JavaFunctionEvent")) as JavaFunctionEvent).call.functionName).toBe("f");
  });

  it("reads a missing or odd deferred as false, and a missing replay_hint as empty", () => {
    const { deferred, replay_hint, ...rest } = sample("PacketEvent");
    expect(eventFromJson(rest)).toMatchObject({ deferred: false, replayHint: "" });
    expect(eventFromJson({ ...rest, deferred: "true" }).deferred).toBe(false);
  });

  it.each([
    [null, /^event: expected a JSON object, got null/],
    [[], /^event: /],
    [{ ...sample("NopEvent"), class: undefined }, /^class: /],
    [{ ...sample("NopEvent"), class: "EventAcceptanceAction" }, /^class: .*got "EventAcceptanceAction"/],
    [{ ...sample("NopEvent"), class: "__proto__" }, /^class: /],
    [{ ...sample("NopEvent"), uuid: "" }, /^uuid: .*not empty/],
    [{ ...sample("NopEvent"), entity: 3 }, /^entity: .*got 3/],
    [{ ...sample("NopEvent"), option: "x" }, /^option: /],
    [{ ...sample("FilesystemEvent"), option: { op: "pre-fly", path: "" } }, /^option\.op: .*got "pre-fly"/],
    [{ ...sample("ProcSetEvent"), option: { procs: ["1", "x"] } }, /^option\.procs\[1\]: .*got "x"/],
    [
      { ...sample("JavaFunctionEvent"), option: { ...samples["JavaFunctionEvent"], params: { a: 1 } } },
      /^option\.params\.a: /,
    ],
  ])("names the key of what is wrong (%#)", (json, message) => {
    expect(() => eventFromJson(json)).toThrow(message);
  });

  it("throws nothing but SignalError, whatever comes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...eventClasses), (option, name) => {
        try {
          eventFromJson({ ...common, class: name, option });
        } catch (error) {
          expect(error).toBeInstanceOf(SignalError);
        }
      }),
    );
  });
});

describe("actionFromJson", () => {
  const event = eventFromJson(sample("ProcSetEvent"));

  it("makes the answer to the event that it is given", () => {
    const action = actionFromJson({ class: "EventAcceptanceAction", event_uuid: "u-1" }, event);
    expect(action).toBeInstanceOf(EventAcceptanceAction);
    expect(action.event).toBe(event);
    expect(answeredEvent(JSON.parse(JSON.stringify(action)))).toBe("u-1");
    expect(answeredEvent({ event_uuid: null })).toBeUndefined();
  });

  it("reads scheduling attributes with keys in any case", () => {
    const attrs = { "12": { policy: 3, NICE: -16 } };
    const action = actionFromJson({ class: "ProcSetSchedAction", option: { attrs } }, event);
    expect((action as ProcSetSchedAction).attributes).toEqual({
      "12": { Policy: 3, Flags: 0, Nice: -16, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 },
    });
  });

  it("names the key of what is wrong", () => {
    expect(() => actionFromJson({ class: "ShellAction" }, event)).toThrow(/^class: .*got "ShellAction"/);
    const wrong = { class: "ProcSetSchedAction", option: { attrs: { x: {} } } };
    expect(() => actionFromJson(wrong, event)).toThrow(/^option\.attrs\.x: /);
    const odd = { class: "ProcSetSchedAction", option: { attrs: { 1: { Nice: 0.5 } } } };
    expect(() => actionFromJson(odd, event)).toThrow(
      /^option\.attrs\.1\.Nice: expected an integer, got 0\.5/,
    );
  });
});
