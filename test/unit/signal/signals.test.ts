import { describe, expect, it } from "vitest";
import {
  EventAcceptanceAction,
  FilesystemEvent,
  NopAction,
  PacketEvent,
  ProcSetEvent,
  ProcSetSchedAction,
  ShellAction,
} from "../../../src/signal/index.js";
import { packet } from "../policy/policy-harness.js";

const uuid = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
) as string;

describe("events", () => {
  it("have Namazu's JSON form", () => {
    expect(new FilesystemEvent("_namazu_fs_inspector", "pre-mkdir", "a/b").toJSON()).toEqual({
      class: "FilesystemEvent",
      deferred: true,
      entity: "_namazu_fs_inspector",
      option: { op: "pre-mkdir", path: "a/b" },
      replay_hint: "pre-mkdir:a/b",
      type: "event",
      uuid,
    });
    expect(new ProcSetEvent("proc", [7, 8]).toJSON()).toMatchObject({
      class: "ProcSetEvent",
      deferred: false,
      option: { procs: ["7", "8"] },
    });
  });

  it("carry packets as Namazu's frames: a made-up Ethernet header before the IP packet", () => {
    const event = new PacketEvent("net", {
      srcEntity: "entity-10.0.0.1:1",
      dstEntity: "entity-10.0.0.2:2",
      bytes: new Uint8Array([0x45, 0x00]),
      replayHint: "",
      retain: () => {},
    });
    const frame = Buffer.from(event.option["bytes"] as string, "base64");
    expect(frame.toString("hex")).toBe("ffffffffffff00000000000008004500");
  });

  it("keep their UUID", () => {
    const event = packet();
    expect(event.uuid).toBe(event.uuid);
    expect(event.uuid).not.toBe(packet().uuid);
  });

  it("hold nothing of chance in their hints", () => {
    expect(new ProcSetEvent("proc", [7, 8]).replayHint).toBe(new ProcSetEvent("proc", [1234, 99]).replayHint);
  });

  it("know their own default and fault", () => {
    expect(packet().defaultAction()).toBeInstanceOf(EventAcceptanceAction);
    expect(packet().faultAction()!.class).toBe("PacketFaultAction");
    expect(new FilesystemEvent("fs", "post-read", "").faultAction()!.class).toBe("FilesystemFaultAction");
    expect(new ProcSetEvent("proc", []).defaultAction()).toBeInstanceOf(NopAction);
    expect(new ProcSetEvent("proc", []).faultAction()).toBeUndefined();
  });

  it("have their source copied out when they are kept", () => {
    let retained = 0;
    const event = new PacketEvent("net", {
      srcEntity: "a",
      dstEntity: "b",
      bytes: new Uint8Array(),
      replayHint: "",
      retain: () => {
        retained += 1;
      },
    });
    event.retain();
    expect(retained).toBe(1);
  });
});

describe("actions", () => {
  it("name the event that they answer", () => {
    const event = packet();
    expect(new EventAcceptanceAction(event).toJSON()).toEqual({
      class: "EventAcceptanceAction",
      entity: "net",
      event_uuid: event.uuid,
      option: {},
      type: "action",
      uuid,
    });
  });

  it("carry scheduling attributes by thread id", () => {
    const attributes = {
      7: { Policy: 2, Flags: 0, Nice: 0, Priority: 5, Runtime: 0, Deadline: 0, Period: 0 },
    };
    const action = new ProcSetSchedAction(new ProcSetEvent("proc", [7]), attributes);
    expect(action.toJSON().option).toEqual({ attrs: attributes });
  });

  it("stay with the orchestrator when no inspector is meant", () => {
    expect(new NopAction(packet()).isDelivered).toBe(false);
    const shell = new ShellAction("true");
    expect(shell.isDelivered).toBe(false);
    expect(shell.toJSON()).toEqual({
      class: "ShellAction",
      entity: "_namazu_shell_action_entity",
      option: { command: "true", comments: {} },
      type: "action",
      uuid,
    });
  });
});
