import { describe, expect, it } from "vitest";
import {
  actionFromJson,
  type Fault,
  FilesystemEvent,
  FilesystemFaultAction,
  faultName,
  PacketFaultAction,
  ProcFaultAction,
  SignalError,
} from "../../../src/signal/index.js";

const event = new FilesystemEvent("entity", "pre-write", "a");

const faults: readonly (readonly [string, Fault])[] = [
  ["PacketFaultAction", { kind: "drop" }],
  ["PacketFaultAction", { kind: "duplicate", copies: 2 }],
  ["PacketFaultAction", { kind: "corrupt", place: 0.5, bits: 3, checksum: "right" }],
  ["PacketFaultAction", { kind: "reorder", packets: 4, withinMs: 250 }],
  ["PacketFaultAction", { kind: "reject" }],
  ["FilesystemFaultAction", { kind: "errno", errno: "EIO" }],
  ["FilesystemFaultAction", { kind: "errno", errno: "ENOSPC" }],
  ["FilesystemFaultAction", { kind: "short", share: 0.25 }],
  ["FilesystemFaultAction", { kind: "torn", share: 0.999 }],
  ["FilesystemFaultAction", { kind: "bit-flip", place: 0 }],
  ["FilesystemFaultAction", { kind: "listing", order: "stale", seed: 4294967295 }],
  ["ProcFaultAction", { kind: "pause", process: "redis*", place: 0, forMs: 100 }],
  ["ProcFaultAction", { kind: "kill", process: "*", place: 0.9, signal: "SIGKILL" }],
  ["ProcFaultAction", { kind: "restart", process: "java", place: 0, downMs: 0 }],
  ["ProcFaultAction", { kind: "affinity", process: "java", place: 0, cpus: 1, cpuPlace: 0.5 }],
];

describe("faults", () => {
  it.each(faults)("of %s survive JSON: %j", (className, fault) => {
    const made =
      className === "PacketFaultAction"
        ? new PacketFaultAction(event, fault as never)
        : className === "FilesystemFaultAction"
          ? new FilesystemFaultAction(event, fault as never)
          : new ProcFaultAction(event, fault as never);
    const read = actionFromJson(JSON.parse(JSON.stringify(made)), event);
    expect(read).toMatchObject({ class: className, fault });
  });

  it("that Namazu has keep its form: an option that is empty", () => {
    expect(new PacketFaultAction(event).toJSON().option).toEqual({});
    expect(new FilesystemFaultAction(event).toJSON().option).toEqual({});
  });

  it("are named by their kind, errors by their name", () => {
    expect(faults.slice(5, 9).map(([, fault]) => faultName(fault))).toEqual([
      "EIO",
      "ENOSPC",
      "short",
      "torn",
    ]);
  });

  it.each([
    [{ kind: "shred" }, "option.fault.kind: expected one of errno, short, torn, bit-flip, listing"],
    [{ kind: "short", share: 1 }, "option.fault.share: expected a number from 0 up to 1, got 1"],
    [{ kind: "errno", errno: "no space" }, "option.fault.errno"],
    [
      { kind: "listing", order: "sorted", seed: 1 },
      "option.fault.order: expected reversed or shuffled or stale",
    ],
    ["short", "option.fault: expected a JSON object"],
  ])("that are none are refused by their key: %j", (fault, message) => {
    const json = { class: "FilesystemFaultAction", option: { fault } };
    expect(() => actionFromJson(json, event)).toThrow(SignalError);
    expect(() => actionFromJson(json, event)).toThrow(message);
  });
});
