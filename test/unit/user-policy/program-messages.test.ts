import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/policy/index.js";
import { type Event, FilesystemEvent, ProcSetEvent } from "../../../src/signal/index.js";
import { readDescription } from "../../../src/user-policy/program/describe-program.js";
import { parseCommand } from "../../../src/user-policy/program/program-command.js";
import { readAnswer } from "../../../src/user-policy/program/read-answer.js";
import { packet } from "../policy/policy-harness.js";

describe("parseCommand", () => {
  it("looks for a program with a slash beside the config, and for any other on the PATH", () => {
    expect(parseCommand("./policy.py  --fast 1 ", "/etc/nmz")).toEqual({
      program: "/etc/nmz/policy.py",
      args: ["--fast", "1"],
      folder: "/etc/nmz",
    });
    expect(parseCommand("python3 policy.py", "/etc/nmz")).toMatchObject({ program: "python3" });
  });
});

describe("readDescription", () => {
  it("takes every type of parameter", () => {
    const params = {
      a: { type: "duration", default: "80ms", meaning: "how late" },
      b: { type: "probability", default: 0.5 },
      c: { type: "integer", default: 3, min: 1, max: 9 },
      d: { type: "boolean", default: true },
      e: { type: "string", default: "x", choices: ["x", "y"] },
      f: { type: "list", default: ["p"] },
      g: { type: "string" },
    };
    const read = readDescription(JSON.stringify({ nmzPolicy: 1, name: "p", params, events: ["LogEvent"] }));
    const defaults = Object.fromEntries(
      Object.entries(read.params).map(([key, spec]) => [key, spec.default]),
    );
    expect(defaults).toEqual({ a: 80, b: 0.5, c: 3, d: true, e: "x", f: ["p"], g: "" });
    expect([read.name, read.summary, [...read.events!]]).toEqual(["p", "", ["LogEvent"]]);
  });

  it("takes what docs/policy-protocol.md shows", () => {
    const page = readFileSync("docs/policy-protocol.md", "utf8");
    const [, , description] =
      /```json\n(\{"nmzPolicy":1,"name")?/.exec(page) === null ? [] : page.split("```json\n");
    expect(readDescription(description!.split("\n")[0]!)).toMatchObject({ name: "late-packets" });
    const answer = page
      .split("```json\n")
      .map((part) => part.split("\n")[0]!)
      .find((line) => line.startsWith('{"id":1'));
    expect(readAnswer(JSON.parse(answer!), packet())).toMatchObject({ delayMs: 80 });
  });

  it.each<[string, unknown, string]>([
    ["no JSON", undefined, 'expected a JSON object in one line, got "hello"'],
    ["a list", [], "expected a JSON object"],
    ["another version", { nmzPolicy: 2, name: "p" }, "it speaks version 2 of the protocol, not 1"],
    ["no name", { nmzPolicy: 1 }, "name: expected a word"],
    [
      "an unknown type",
      { nmzPolicy: 1, name: "p", params: { a: { type: "int" } } },
      "params.a.type: expected one of duration",
    ],
    [
      "a default of another type",
      { nmzPolicy: 1, name: "p", params: { a: { type: "integer", default: "3" } } },
      "params.a.default: expected a whole number",
    ],
    [
      "a default out of range",
      { nmzPolicy: 1, name: "p", params: { a: { type: "probability", default: 3 } } },
      "params.a.default: expected a number from 0 to 1",
    ],
    ["a history in words", { nmzPolicy: 1, name: "p", history: "all" }, "history: expected true or false"],
    ["events that are no list", { nmzPolicy: 1, name: "p", events: "LogEvent" }, "events: expected a list"],
  ])("refuses %s", (_, value, message) => {
    expect(() => readDescription(value === undefined ? "hello" : JSON.stringify(value))).toThrow(message);
  });

  it("throws words, and nothing else, whatever a program says", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .record({
              nmzPolicy: fc.constant(1),
              name: fc.constant("p"),
              params: fc.dictionary(
                fc.string(),
                fc.record({
                  type: fc.constantFrom("duration", "integer", "list", "string"),
                  default: fc.jsonValue(),
                  min: fc.jsonValue(),
                  choices: fc.jsonValue(),
                }),
              ),
            })
            .map((value) => JSON.stringify(value)),
        ),
        (line) => {
          try {
            expect(readDescription(line).name).not.toBe("");
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            expect(error).not.toBeInstanceOf(TypeError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("readAnswer", () => {
  it("reads acceptance, faults and actions in their wire form", () => {
    const file = new FilesystemEvent("fs", "pre-mkdir", "x");
    const threads = new ProcSetEvent("proc", [7]);
    expect(readAnswer({ id: 1 }, file)).toMatchObject({
      delayMs: 0,
      action: { class: "EventAcceptanceAction" },
    });
    expect(readAnswer({ id: 1, action: "fault", delayMs: 5 }, file)).toMatchObject({
      delayMs: 5,
      action: { class: "FilesystemFaultAction", event: file },
    });
    const action = { class: "ProcSetSchedAction", option: { attrs: { 7: { Policy: 3 } } } };
    expect(readAnswer({ id: 1, action }, threads)).toMatchObject({
      action: { attributes: { 7: { Policy: 3 } } },
    });
  });

  it("reads faults as a trace has them, and by name", () => {
    const file = new FilesystemEvent("fs", "pre-write", "x");
    const optionOf = (fault: unknown, event: Event) =>
      (readAnswer({ id: 1, fault }, event) as Decision).action.toJSON();
    expect(optionOf("ENOSPC", file)).toMatchObject({
      class: "FilesystemFaultAction",
      option: { fault: { kind: "errno", errno: "ENOSPC" } },
    });
    expect(optionOf({ kind: "short", share: 0.5 }, file)).toMatchObject({
      option: { fault: { kind: "short", share: 0.5 } },
    });
    expect(optionOf("reject", packet())).toMatchObject({
      class: "PacketFaultAction",
      option: { fault: { kind: "reject" } },
    });
    const kill = { kill: 1, kind: "kill", signal: "SIGTERM", process: "java*", place: 0.5 };
    expect(optionOf(kill, new ProcSetEvent("proc", [7]))).toMatchObject({ class: "ProcFaultAction" });
  });

  it("takes every kind of fault that docs/policy-protocol.md lists, with what it says that each takes", () => {
    const page = readFileSync("docs/policy-protocol.md", "utf8");
    const values: Record<string, unknown> = {
      ...{
        copies: 1,
        place: 0.5,
        bits: 1,
        checksum: "right",
        packets: 1,
        withinMs: 5,
        errno: "EIO",
        share: 0.5,
      },
      ...{ order: "stale", seed: 1, forMs: 5, signal: "SIGKILL", downMs: 5, cpus: 1, cpuPlace: 0.5 },
    };
    const events: Record<string, Event> = {
      PacketEvent: packet(),
      FilesystemEvent: new FilesystemEvent("fs", "pre-write", "x"),
      ProcSetEvent: new ProcSetEvent("proc", [7]),
    };
    let kinds = 0;
    for (const [, of, row] of page.matchAll(/^\| `(\w+Event)` \| (.*) \|$/gm)) {
      const common = of === "ProcSetEvent" ? { process: "java", place: 0.5 } : {};
      const listed = row!
        .replace(/, each with.*/, "")
        .replace("`short`, `torn` (`share`)", "`short` (`share`); `torn` (`share`)");
      for (const [, kind, taken = ""] of listed.matchAll(/`([a-z-]+)`(?: \(([^)]*)\))?/g)) {
        const fields = [...taken.matchAll(/`(\w+)`/g)].map(([, field]) => [field, values[field!]]);
        const fault = { kind, ...common, ...Object.fromEntries(fields) };
        expect(readAnswer({ id: 1, fault }, events[of!]!)).toMatchObject({ delayMs: 0 });
        kinds += 1;
      }
    }
    expect(kinds).toBe(14);
  });

  it.each<[string, object, string]>([
    ["a fault of another class", { fault: "ENOSPC" }, "no fault of a PacketEvent"],
    ["a fault without what it takes", { fault: "duplicate" }, "copies: expected a whole number from 1 to 16"],
    ["no fault", { fault: 5 }, "fault: expected a name, or an object with a kind, got 5"],
    ["a fault and an action", { fault: "drop", action: "accept" }, "there is a fault already"],
    ["a delay in words", { delayMs: "5" }, 'delayMs: expected a number, got "5"'],
    ["an unknown word", { action: "drop" }, 'expected "accept", "fault" or an action, got "drop"'],
    ["an unknown class", { action: { class: "Nothing" } }, "class: expected one of"],
  ])("refuses %s", (_, message, text) => {
    expect(() => readAnswer(message as Record<string, unknown>, packet())).toThrow(text);
  });
});
